package io.maestro.conformance.identity;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit as an author runs it, over a fixture that {@link BrokenIdentityTest} passes on. Not a test of its own. */
@ExtendWith(BrokenIdentityRun.Given.class)
final class BrokenIdentityRun extends IdentityKit {
    /** Names the broken adapter in the configuration of the run; without it, the sound sample is tried. */
    static final String BROKEN = "maestro.broken";

    private final IdentityFixture fixture;

    BrokenIdentityRun(IdentityFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected IdentityFixture fixture() {
        return fixture;
    }

    /** Gives the fixture of the broken adapter. */
    static final class Given implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(IdentityFixture.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return new SampleFixture(context.getConfigurationParameter(BROKEN)
                    .map(BrokenIdentity::valueOf)
                    .orElse(null));
        }
    }
}
