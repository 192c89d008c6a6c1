/**
 * Keeps adapter bundles apart, from one another and from the server: what they may be wired to, which services and which
 * bundles they see. Guard rails for code that plays by the rules of OSGi, not a wall against code that does not.
 *
 * <p>The hooks are called on any thread, within the framework's own work; they take no lock and do no I/O.
 */
@NullMarked
package io.maestro.adapters.isolation;

import org.jspecify.annotations.NullMarked;
