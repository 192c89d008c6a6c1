/**
 * Promises kept inside the framework. A test class is built into a bundle and runs there, beside the distribution's own
 * bundles; {@link io.maestro.container.Distribution} is the part that runs outside and sets the framework up.
 */
@NullMarked
package io.maestro.container;

import org.jspecify.annotations.NullMarked;
