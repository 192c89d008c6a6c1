/**
 * Runs a kit on a packed adapter, as {@code maestro adapter test} does: in a process of its own, with the adapter loaded
 * from its jar alone.
 */
@NullMarked
package io.maestro.conformance.run;

import org.jspecify.annotations.NullMarked;
