/**
 * Callers: who presents a token, what they may do, and the record of attempts to overstep.
 *
 * <p>A token is random and kept only as its hash. The way to yes touches no database: tokens are cached for at most five
 * seconds and renewed ahead of that. Everything a stranger can cause is bounded: look-ups at once, cached failures, events
 * per second, rows. Threads: one virtual thread that writes down token use now and then, and one per renewal.
 */
@NullMarked
package io.maestro.identity;

import org.jspecify.annotations.NullMarked;
