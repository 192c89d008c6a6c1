package io.maestro.conformance.provisioning;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit as an author runs it, over a fixture that {@link BrokenProvisioningTest} passes on. Not a test of its own. */
@ExtendWith(BrokenProvisioningRun.Given.class)
final class BrokenProvisioningRun extends ProvisioningKit {
    /** Names the broken adapter in the configuration of the run; without it, the sound sample is tried. */
    static final String BROKEN = "maestro.broken";

    private final ProvisioningFixture fixture;

    BrokenProvisioningRun(ProvisioningFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected ProvisioningFixture fixture() {
        return fixture;
    }

    /** Gives the fixture of the broken adapter; a system of its own ends with the run. */
    static final class Given implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(ProvisioningFixture.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            SampleSystem system = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(SampleSystem.class, key -> system(), SampleSystem.class);
            BrokenDirectory broken = context.getConfigurationParameter(BROKEN)
                    .map(BrokenDirectory::valueOf)
                    .orElse(null);
            return new SampleFixture(system, broken);
        }

        private static SampleSystem system() {
            try {
                return new SampleSystem();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
