/** What an adapter is given when no host is there. */
@NullMarked
package io.maestro.testing.context;

import org.jspecify.annotations.NullMarked;
