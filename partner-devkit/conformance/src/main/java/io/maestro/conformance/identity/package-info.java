/**
 * The conformance kit of the type {@code identity}: {@link io.maestro.conformance.identity.IdentityKit} and the {@link
 * io.maestro.conformance.identity.IdentityFixture} that its user implements.
 */
@NullMarked
package io.maestro.conformance.identity;

import org.jspecify.annotations.NullMarked;
