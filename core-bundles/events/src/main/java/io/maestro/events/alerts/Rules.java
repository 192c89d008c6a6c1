package io.maestro.events.alerts;

import io.maestro.api.events.Alerts.Severity;
import io.maestro.model.TypeName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of this release. Types without a rule of their own have the general one of its name. */
record Rules(List<Rule> all) {
    private static final TypeName IDENTITY = new TypeName("identity");
    private static final TypeName STORAGE = new TypeName("storage");
    private static final TypeName PAYMENTS = new TypeName("payments");
    private static final TypeName EVENT_BUS = new TypeName("event-bus");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** People cannot get in without identity, so it is told sooner; money likewise. */
    static final Rules USUAL = new Rules(List.of(
            rule("error-rate", null, Severity.WARNING, new Rule.ErrorRate(20, 0.10, 0.05), 1, 2),
            rule("error-rate", IDENTITY, Severity.CRITICAL, new Rule.ErrorRate(10, 0.05, 0.02), 1, 2),
            rule("error-rate", PAYMENTS, Severity.CRITICAL, new Rule.ErrorRate(10, 0.05, 0.02), 1, 2),
            rule("error-rate", EVENT_BUS, Severity.CRITICAL, new Rule.ErrorRate(20, 0.10, 0.05), 1, 2),
            rule("latency", null, Severity.WARNING, new Rule.Latency(20, 5_000, 4_000), 2, 2),
            rule("latency", IDENTITY, Severity.WARNING, new Rule.Latency(20, 2_000, 1_500), 2, 2),
            rule("latency", STORAGE, Severity.WARNING, new Rule.Latency(20, 10_000, 8_000), 2, 2),
            rule("probe-failing", null, Severity.CRITICAL, new Rule.ProbeFailing(), 1, 1),
            rule("breaker-open", null, Severity.CRITICAL, new Rule.BreakerOpen(), 1, 1),
            rule("not-running", null, Severity.CRITICAL, new Rule.NotRunning(), 1, 0)));

    /** Copies the list. */
    Rules {
        all = List.copyOf(all);
    }

    private static Rule rule(
            String name, @Nullable TypeName type, Severity severity, Rule.Look look, int holding, int over) {
        return new Rule(name, type, severity, MINUTE.multipliedBy(holding), MINUTE.multipliedBy(over), look);
    }

    /** Those that hold for instances of a type. */
    List<Rule> of(TypeName type) {
        return all.stream()
                .filter(rule -> rule.type() == null
                        ? !hasOwn(rule.name(), type)
                        : rule.type().equals(type))
                .toList();
    }

    private boolean hasOwn(String name, TypeName type) {
        return all.stream().anyMatch(rule -> rule.name().equals(name) && type.equals(rule.type()));
    }
}
