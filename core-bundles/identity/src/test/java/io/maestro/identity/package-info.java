/** Identity against a real PostgreSQL. */
@NullMarked
package io.maestro.identity;

import org.jspecify.annotations.NullMarked;
