package io.maestro.adapters;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What this node observes of each instance, in memory, and who waits for a change of it. Any thread. */
final class Observations {
    private final ConcurrentMap<InstanceKey, Observation> current = new ConcurrentHashMap<>();
    private final ConcurrentMap<InstanceKey, List<Waiter>> waiters = new ConcurrentHashMap<>();

    /**
     * What is.
     *
     * @param incarnation of which instance of that name
     * @param revision which revision of the rows this answers
     * @param problem why observed differs from wanted; null when it does not
     */
    record Observation(
            long incarnation,
            long revision,
            Observed observed,
            @Nullable Problem problem) {
        boolean answers(long wantedIncarnation, long wantedRevision) {
            return incarnation == wantedIncarnation && revision >= wantedRevision && observed != Observed.PENDING;
        }
    }

    private record Waiter(long incarnation, long revision, CompletableFuture<Boolean> done) {}

    @Nullable
    Observation of(InstanceKey key) {
        return current.get(key);
    }

    /** How many instances are observed so. */
    long count(Observed observed) {
        return current.values().stream()
                .filter(observation -> observation.observed() == observed)
                .count();
    }

    /** Makes an observation known; false when it says nothing new. */
    boolean publish(InstanceKey key, Observation observation) {
        Observation before = current.put(key, observation);
        if (observation.equals(before)) {
            return false;
        }
        waiters.computeIfPresent(key, (k, waiting) -> {
            List<Waiter> left = new ArrayList<>();
            for (Waiter waiter : waiting) {
                if (observation.answers(waiter.incarnation, waiter.revision)) {
                    waiter.done.complete(true);
                } else {
                    left.add(waiter);
                }
            }
            return left.isEmpty() ? null : left;
        });
        return true;
    }

    /** The instance is no more; nobody waits any longer. */
    void gone(InstanceKey key) {
        current.remove(key);
        waiters.computeIfPresent(key, (k, waiting) -> {
            waiting.forEach(waiter -> waiter.done.complete(true));
            return null;
        });
    }

    /** Waits until an observation answers this revision, the instance is gone, or patience ends. */
    void await(InstanceKey key, long incarnation, long revision, Duration patience) {
        Waiter waiter = new Waiter(incarnation, revision, new CompletableFuture<>());
        waiters.compute(key, (k, waiting) -> {
            List<Waiter> more = waiting == null ? new ArrayList<>() : waiting;
            more.add(waiter);
            return more;
        });
        try {
            Observation now = current.get(key);
            if (now == null || !now.answers(incarnation, revision)) {
                waiter.done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            // the caller sees how far it has come
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiters.computeIfPresent(key, (k, waiting) -> {
                waiting.remove(waiter);
                return waiting.isEmpty() ? null : waiting;
            });
        }
    }
}
