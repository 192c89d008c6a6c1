package io.maestro.policy;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Rego;
import io.maestro.rego.value.ObjectValue;

final class RegoEngineTest extends PolicyEngineContract {
    @Override
    PolicyEngine engine() {
        return new RegoEngine(Rego.compile(MODULES, Capabilities.standard()), ObjectValue.EMPTY, RegoEngine.BUDGET);
    }
}
