package io.maestro.residency;

import io.maestro.model.TenantId;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Work side by side, so that a storage that hangs holds up its own work only: one piece at a time for each key, a few for each
 * tenant, and a number in all. Any thread.
 *
 * @param <K> what has one lane
 */
final class Lanes<K> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lanes.class.getName());
    private static final int OF_A_TENANT = 4;
    private static final int IN_ALL = 64;

    private final Duration patience;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<K, TenantId> taken = new HashMap<>();

    /**
     * Does nothing yet.
     *
     * @param patience how long {@link #await} waits; what takes longer goes on by itself
     */
    Lanes(Duration patience) {
        this.patience = patience;
    }

    /** The lanes in which something is under way. */
    synchronized Set<K> taken() {
        return Set.copyOf(taken.keySet());
    }

    /** The tenants that have no further lane now. */
    synchronized Set<TenantId> full() {
        Map<TenantId, Integer> counts = new HashMap<>();
        taken.values().forEach(tenant -> counts.merge(tenant, 1, Integer::sum));
        Set<TenantId> full = new HashSet<>(counts.keySet());
        full.removeIf(tenant -> counts.getOrDefault(tenant, 0) < OF_A_TENANT);
        return full;
    }

    /** How many more can be begun now. */
    synchronized int free() {
        return IN_ALL - taken.size();
    }

    /** Begins, unless there is no lane for it. */
    synchronized Optional<Future<?>> begin(K lane, TenantId tenant, Runnable work) {
        if (taken.containsKey(lane) || free() == 0 || full().contains(tenant)) {
            return Optional.empty();
        }
        taken.put(lane, tenant);
        return Optional.of(threads.submit(() -> {
            try {
                work.run();
            } finally {
                leave(lane);
            }
        }));
    }

    private synchronized void leave(K lane) {
        taken.remove(lane);
    }

    /** Waits for what was begun, for a while; throws what one of them has thrown until then. */
    void await(List<Future<?>> begun) {
        long until = System.nanoTime() + patience.toNanos();
        Throwable failure = null;
        for (Future<?> one : begun) {
            try {
                one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                var _ = threads.submit(() -> watch(one));
            } catch (ExecutionException e) {
                failure = joined(failure, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {
                // nothing else can come out of a Runnable
            }
        }
    }

    private static @Nullable Throwable joined(@Nullable Throwable first, @Nullable Throwable next) {
        if (first == null || next == null) {
            return first == null ? next : first;
        }
        first.addSuppressed(next);
        return first;
    }

    /** What nobody waits for any more fails into the log. */
    private static void watch(Future<?> late) {
        try {
            late.get();
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "work that took long has failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
