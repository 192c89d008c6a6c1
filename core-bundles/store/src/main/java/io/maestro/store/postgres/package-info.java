/**
 * How the store does what it offers: the pool, the transactions, the migrations and the components.
 *
 * <p>The pool's connections work as the role {@code maestro_app}; migrations use a connection of their own as the owner.
 * Threads: the pool's housekeeping, and one virtual thread per running readiness probe.
 */
@NullMarked
package io.maestro.store.postgres;

import org.jspecify.annotations.NullMarked;
