package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the calls of an instance that is about to open wait for it, and has it opened before those that nobody calls. Any
 * thread.
 */
final class Arrivals {
    private static final Duration ENOUGH = Duration.ofSeconds(1);

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

    private static boolean isAboutToOpen(@Nullable Observation now) {
        return now != null && now.observed() == Observed.PENDING;
    }

    /**
     * Returns when the instance is open or cannot be opened, when the call's time or that of a usual call is over, or at once when it
     * is not about to open.
     *
     * @param allowed throws when the call may not be; may block, so it is asked by so many at once as may wait, and in the call's time
     * @return the options, with what is left of the call's time
     * @throws ProblemException when as many calls wait for the instance as it may run; what {@code allowed} throws; when less than half
     *     of the call's time is left, or less than a second of a longer one: a call that is begun only to be interrupted would be half
     *     done, and count as a failure of the instance
     */
    CallOptions await(Scope scope, InstanceId instance, CallOptions options, Runnable allowed) {
        InstanceKey key = new InstanceKey(scope, instance);
        if (!isAboutToOpen(observations.of(key))) {
            return options;
        }
        Duration wanted = settings.deadlineOf(options.deadline());
        Duration left = await(key, wanted, allowed);
        if (left.equals(wanted)) {
            return options;
        }
        Duration half = wanted.dividedBy(2);
        if (left.compareTo(half.compareTo(ENOUGH) < 0 ? half : ENOUGH) < 0) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_NOT_RUNNING,
                            "the instance \"" + instance + "\" in " + scope
                                    + " was not open in time; nothing of the call has begun",
                            "Try again in a moment, or give the call a longer deadline.")
                    .with(Retry.after(Duration.ofMillis(200)))
                    .asException();
        }
        return new CallOptions(
                options.caller(), options.idempotencyKey(), left, options.fingerprint(), options.content());
    }

    /** The same for who calls nothing. */
    void await(Scope scope, InstanceId instance) {
        var _ = await(new InstanceKey(scope, instance), settings.deadline(), () -> {});
    }

    private Duration await(InstanceKey key, Duration wanted, Runnable allowed) {
        Observation now = observations.of(key);
        if (now == null || !isAboutToOpen(now)) {
            return wanted;
        }
        enter(key);
        long start = System.nanoTime();
        try {
            allowed.run();
            called.accept(key);
            Duration usual = wanted.compareTo(settings.deadline()) < 0 ? wanted : settings.deadline();
            Duration patience = usual.minusNanos(System.nanoTime() - start);
            if (patience.isPositive()) {
                observations.await(key, now.incarnation(), now.revision(), patience);
            }
        } finally {
            leave(key);
        }
        return wanted.minusNanos(System.nanoTime() - start);
    }

    private void enter(InstanceKey key) {
        if (waiting.merge(key, 1, Integer::sum) > settings.concurrent()) {
            leave(key);
            throw Problem.of(
                            AdapterProblem.INSTANCE_NOT_RUNNING,
                            "the instance \"" + key.instance() + "\" in " + key.scope()
                                    + " is being opened, and as many calls wait for it as it may run",
                            "Try again in a moment.")
                    .with(Retry.after(Duration.ofMillis(200)))
                    .asException();
        }
    }

    private void leave(InstanceKey key) {
        waiting.computeIfPresent(key, (any, some) -> some == 1 ? null : some - 1);
    }
}
