package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.events.Alerts;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows of one instance of every tenant, {@code files} in prod, which fails, and of the alert of it. */
final class FakeHealth implements InstanceHealth, Alerts {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final TypeName STORAGE = new TypeName("storage");
    private static final InstanceId FILES = new InstanceId("files");

    private static Scope prod(TenantId tenant) {
        return new Scope(tenant, new Environment("prod"));
    }

    @Override
    public Health health(Scope scope, InstanceId instance) {
        if (!instance.equals(FILES)) {
            throw Fakes.problem(AdapterProblem.INSTANCE_UNKNOWN);
        }
        Window window = new Window(5, 30, 20, 1, 1.5, 20.0, 300.25);
        return new Health(
                scope,
                instance,
                STORAGE,
                State.FAILING,
                "20 of 30 calls failed in the last 5 minutes",
                Observed.RUNNING,
                null,
                List.of(window),
                AT,
                AT.plusSeconds(5),
                "storage-unavailable",
                new Breaker(BreakerState.HALF_OPEN, AT),
                new Bulkhead(3, 64),
                new Probe(ProbeState.DOWN, "no answer", AT, AT));
    }

    @Override
    public Page<Health> healths(TenantId tenant, @Nullable Environment environment, PageRequest page) {
        return new Page<>(List.of(health(prod(tenant), FILES)), "more");
    }

    @Override
    public Series series(Scope scope, InstanceId instance) {
        return instance.equals(FILES)
                ? new Series(AT, List.of(new Minute(0, 0, null), new Minute(30, 20, 20.5)))
                : new Series(AT, List.of());
    }

    @Override
    public List<Call> calls(Scope scope, InstanceId instance) {
        var _ = health(scope, instance);
        return List.of(
                new Call(AT.plusSeconds(2), "list", "token:t", "c-3", 1, Outcome.REFUSED, 0, "call-circuit-open"),
                new Call(AT.plusSeconds(1), "put_object", null, "c-2", 2, Outcome.LATE, 30_000, "call-late"),
                new Call(AT, "list", "token:t", "c-1", 1, Outcome.OK, 1.25, null));
    }

    @Override
    public List<Sign> signs() {
        return List.of();
    }

    @Override
    public Page<Alert> alerts(Filter filter, PageRequest page) {
        TenantId tenant = filter.tenant();
        if (filter.instance() != null && !filter.instance().equals(FILES)) {
            return new Page<>(List.of(), null);
        }
        return new Page<>(
                List.of(new Alert(
                        prod(tenant == null ? new TenantId("any") : tenant),
                        FILES,
                        STORAGE,
                        "error-rate",
                        Severity.WARNING,
                        "node-1",
                        "20 of 30 calls failed in the last 5 minutes",
                        AT,
                        AT)),
                null);
    }

    @Override
    public List<RuleOfType> rules() {
        return List.of(new RuleOfType(
                "error-rate",
                null,
                Severity.WARNING,
                "many fail",
                Duration.ofMinutes(1),
                "few do",
                Duration.ofMinutes(2)));
    }
}
