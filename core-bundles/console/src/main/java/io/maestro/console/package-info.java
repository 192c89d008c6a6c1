/** Offers the built web console, whose source is in the folder {@code web}, to the HTTP server. */
@NullMarked
package io.maestro.console;

import org.jspecify.annotations.NullMarked;
