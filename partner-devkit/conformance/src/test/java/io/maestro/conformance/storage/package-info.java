/** The kit is tried on a sound sample, and on broken ones that it has to catch. */
@NullMarked
package io.maestro.conformance.storage;

import org.jspecify.annotations.NullMarked;
