package io.maestro.conformance.run;

import io.maestro.conformance.identity.IdentityFixture;
import io.maestro.conformance.identity.IdentityKit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The kit of identity over a packed adapter, which the parameters of the run name. */
@ExtendWith(IdentityRun.Given.class)
final class IdentityRun extends IdentityKit {
    private final IdentityFixture fixture;

    IdentityRun(IdentityFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected IdentityFixture fixture() {
        return fixture;
    }

    /** Gives the fixture. */
    static final class Given extends GivenFixture<IdentityFixture> {
        Given() {
            super(IdentityFixture.class);
        }

        @Override
        IdentityFixture fixture(ExtensionContext context) {
            return new DescribedIdentity(adapter(context), peer(context, IdentityPeer.class));
        }
    }
}
