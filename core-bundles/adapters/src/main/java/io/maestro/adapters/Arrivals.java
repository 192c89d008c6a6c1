package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Lets the calls of an instance that is about to open wait for it, and has it opened before those that nobody calls. Any
 * thread.
 */
final class Arrivals {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Observations observations;
    private final Consumer<InstanceKey> called;
    private final GuardSettings settings;
    private final ConcurrentMap<InstanceKey, Integer> waiting = new ConcurrentHashMap<>();

    /** Tells {@code called} for which instances somebody waits. */
    Arrivals(Observations observations, Consumer<InstanceKey> called, GuardSettings settings) {
        this.observations = observations;
        this.called = called;
        this.settings = settings;
    }

    /**
     * Returns when the instance is open or cannot be opened, when the call's time is over, or at once when it is not about to
     * open or as many calls wait for it as it may run.
     *
     * @return the options, with what is left of the call's time
     */
    CallOptions await(Scope scope, InstanceId instance, CallOptions options) {
        InstanceKey key = new InstanceKey(scope, instance);
        Observation now = observations.of(key);
        Duration patience = settings.deadlineOf(options.deadline());
        if (now == null || now.observed() != Observed.PENDING || !enter(key)) {
            return options;
        }
        long start = System.nanoTime();
        try {
            called.accept(key);
            observations.await(key, now.incarnation(), now.revision(), patience);
        } finally {
            leave(key);
        }
        Duration left = patience.minusNanos(System.nanoTime() - start);
        return new CallOptions(
                options.caller(),
                options.idempotencyKey(),
                left.compareTo(SHORTEST) < 0 ? SHORTEST : left,
                options.fingerprint(),
                options.content());
    }

    private boolean enter(InstanceKey key) {
        boolean[] entered = new boolean[1];
        waiting.compute(key, (any, some) -> {
            int before = some == null ? 0 : some;
            entered[0] = before < settings.concurrent();
            return entered[0] ? before + 1 : before;
        });
        return entered[0];
    }

    private void leave(InstanceKey key) {
        waiting.computeIfPresent(key, (any, some) -> some == 1 ? null : some - 1);
    }
}
