package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts together how instances are: what is observed, how calls went, and what they say themselves. Any thread. */
final class HostedHealth implements InstanceHealth {
    private static final int[] WINDOWS = {1, 5, CallHistory.MINUTES};
    private static final int SIGN_MINUTES = 5;
    private static final int MOST_FAILED = 500;

    private final HostedInstances instances;
    private final Registry registry;
    private final Supplier<List<Instance>> failed;
    private final BindingIndex index;
    private final CallHistories histories;
    private final Probes probes;
    private final GuardSettings guarded;
    private final InstantSource clock;

    HostedHealth(
            HostedInstances instances,
            Registry registry,
            JooqRegistry rows,
            BindingIndex index,
            CallHistories histories,
            Probes probes,
            GuardSettings guarded,
            InstantSource clock) {
        this.instances = instances;
        this.registry = registry;
        this.failed =
                () -> rows.failed(MOST_FAILED).stream().map(instances::instance).toList();
        this.index = index;
        this.histories = histories;
        this.probes = probes;
        this.guarded = guarded;
        this.clock = clock;
    }

    @Override
    public Health health(Scope scope, InstanceId instance) {
        return health(instances.instance(scope, instance));
    }

    @Override
    public Page<Health> healths(TenantId tenant, @Nullable Environment environment, PageRequest page) {
        return registry.instances(tenant, InstanceQuery.in(environment), page).map(this::health);
    }

    @Override
    public Series series(Scope scope, InstanceId instance) {
        CallHistory history = histories.present(new InstanceKey(scope, instance));
        long now = System.nanoTime();
        Instant since = clock.instant().minusNanos(CallHistory.sinceMinute(now)).minus(Duration.ofMinutes(MINUTES - 1));
        return new Series(since, history == null ? List.of() : history.series(now));
    }

    @Override
    public List<Call> calls(Scope scope, InstanceId instance) {
        CallHistory history = histories.present(
                new InstanceKey(scope, instances.instance(scope, instance).id()));
        if (history == null) {
            return List.of();
        }
        long now = System.nanoTime();
        Instant at = clock.instant();
        return history.recent().newestFirst().stream()
                .map(ended -> ended.shown(at, now))
                .toList();
    }

    @Override
    public List<Sign> signs() {
        long now = System.nanoTime();
        List<Sign> signs = new ArrayList<>();
        for (Binding binding : index.all()) {
            InstanceKey key = new InstanceKey(binding.scope, binding.instance);
            signs.add(new Sign(
                    binding.scope,
                    binding.instance,
                    binding.type.name(),
                    true,
                    Observed.RUNNING,
                    binding.guard.breaker(),
                    probes.of(key).state(),
                    window(SIGN_MINUTES, histories.present(key), now)));
        }
        for (Instance instance : failed.get()) {
            if (instance.observed() == Observed.FAILED && index.find(instance.scope(), instance.id()) == null) {
                signs.add(new Sign(
                        instance.scope(),
                        instance.id(),
                        instance.type(),
                        instance.wanted() == Wanted.RUNNING,
                        Observed.FAILED,
                        BreakerState.CLOSED,
                        ProbeState.UNKNOWN,
                        window(SIGN_MINUTES, null, now)));
            }
        }
        return signs;
    }

    private Health health(Instance instance) {
        InstanceKey key = new InstanceKey(instance.scope(), instance.id());
        Binding binding = index.find(instance.scope(), instance.id());
        CallHistory history = histories.present(key);
        long now = System.nanoTime();
        List<Window> windows = new ArrayList<>();
        for (int minutes : WINDOWS) {
            windows.add(window(minutes, history, now));
        }
        Breaker breaker = binding == null
                ? new Breaker(BreakerState.CLOSED, null)
                : new Breaker(binding.guard.breaker(), binding.guard.breakerSince());
        Bulkhead bulkhead = binding == null
                ? new Bulkhead(0, guarded.concurrent())
                : new Bulkhead(binding.guard.running(), binding.guard.settings().concurrent());
        Probe probe = binding == null ? new Probe(ProbeState.UNKNOWN, null, null, null) : probes.of(key);
        Verdict verdict = Verdict.of(instance, breaker, bulkhead, probe, windows.get(1));
        long sinceSuccess = history == null ? -1 : history.sinceSuccess(now);
        CallHistory.Failure failure = history == null ? null : history.lastFailure();
        return new Health(
                instance.scope(),
                instance.id(),
                instance.type(),
                verdict.state(),
                verdict.reason(),
                instance.observed(),
                instance.problem() == null ? null : instance.problem().code(),
                windows,
                sinceSuccess < 0 ? null : success(sinceSuccess),
                failure == null ? null : failure.at(),
                failure == null ? null : failure.code(),
                breaker,
                bulkhead,
                probe);
    }

    private Instant success(long sinceSuccess) {
        return clock.instant().minusNanos(sinceSuccess);
    }

    private static Window window(int minutes, @Nullable CallHistory history, long now) {
        if (history == null) {
            return new Window(minutes, 0, 0, 0, null, null, null);
        }
        CallHistory.Window counted = history.window(minutes, now);
        return new Window(
                minutes,
                counted.requests(),
                counted.errors(),
                counted.of(Outcome.REJECTED),
                Latencies.millis(counted.quantile(0.5)),
                Latencies.millis(counted.quantile(0.95)),
                Latencies.millis(counted.quantile(0.99)));
    }
}
