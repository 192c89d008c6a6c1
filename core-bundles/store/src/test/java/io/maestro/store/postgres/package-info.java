/** The store against a real PostgreSQL. */
@NullMarked
package io.maestro.store.postgres;

import org.jspecify.annotations.NullMarked;
