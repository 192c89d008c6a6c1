package io.maestro.adapter.identity.oidc;

import io.maestro.conformance.identity.IdentityFixture;
import io.maestro.conformance.identity.IdentityKit;

/** The kit, against its own provider. */
final class OidcConformanceTest extends IdentityKit {
    @Override
    protected IdentityFixture fixture() {
        return new OidcFixture();
    }
}
