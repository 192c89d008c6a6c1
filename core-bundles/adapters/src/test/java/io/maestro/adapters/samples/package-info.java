/** What goes into the adapter bundles of the tests. Loaded by those bundles, not by the tests. */
@NullMarked
package io.maestro.adapters.samples;

import org.jspecify.annotations.NullMarked;
