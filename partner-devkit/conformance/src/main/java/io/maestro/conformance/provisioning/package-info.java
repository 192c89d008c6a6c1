/**
 * The conformance kit of the type {@code provisioning}: {@link io.maestro.conformance.provisioning.ProvisioningKit} and the
 * {@link io.maestro.conformance.provisioning.ProvisioningFixture} that its user implements.
 */
@NullMarked
package io.maestro.conformance.provisioning;

import org.jspecify.annotations.NullMarked;
