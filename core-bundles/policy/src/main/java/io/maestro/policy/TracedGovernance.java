package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.telemetry.Traces.Kind;
import io.maestro.api.telemetry.Traces.Span;
import java.util.Locale;
import java.util.function.Supplier;

/** Has each question to the policy be a step of the request that asks. */
record TracedGovernance(Governance governance, Traces traces) implements Governance {
    /** Governance itself where traces are off, so that nobody pays for them. */
    static Governance of(Governance governance, Traces traces) {
        return traces.isOn() ? new TracedGovernance(governance, traces) : governance;
    }

    @Override
    public Decision decide(PolicyInput input) {
        return step(input, () -> governance.decide(input));
    }

    @Override
    public Decision require(PolicyInput input) {
        return step(input, () -> governance.require(input));
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        governance.use(input, decision);
    }

    private Decision step(PolicyInput input, Supplier<Decision> question) {
        return traces.step(Kind.INTERNAL, "policy " + input.action(), span -> {
            tell(span, input);
            Decision decision = question.get();
            span.tag("maestro.decision", decision.id().toString());
            span.tag("maestro.outcome", decision.outcome().name().toLowerCase(Locale.ROOT));
            return decision;
        });
    }

    private static void tell(Span span, PolicyInput input) {
        span.tag("maestro.action", input.action());
        span.tag(
                "maestro.tenant", input.tenant() == null ? null : input.tenant().value());
        span.tag(
                "maestro.environment",
                input.environment() == null ? null : input.environment().value());
        // not the subject: that may be the key of an object, a secret's name or a person, and is the caller's word
    }
}
