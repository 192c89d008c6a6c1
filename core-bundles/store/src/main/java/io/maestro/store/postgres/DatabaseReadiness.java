package io.maestro.store.postgres;

import io.maestro.api.node.ReadinessCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database answers within a second. Probes never overlap: callers that come while one runs wait for that one,
 * so a database that hangs costs one thread, however often health is asked.
 */
final class DatabaseReadiness implements ReadinessCheck {
    private static final System.Logger LOG = System.getLogger(DatabaseReadiness.class.getName());

    private final Runnable probe;
    private final Duration bound;
    private final AtomicReference<@Nullable CompletableFuture<Optional<String>>> running = new AtomicReference<>();

    DatabaseReadiness(Runnable probe, Duration bound) {
        this.probe = probe;
        this.bound = bound;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Optional<String> unready() {
        try {
            return current().get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of("the database does not answer within " + bound.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the check was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe ends with an answer", e);
        }
    }

    private CompletableFuture<Optional<String>> current() {
        CompletableFuture<Optional<String>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<String>> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("database-probe").start(() -> {
            Optional<String> answer = Optional.of("the database does not answer");
            try {
                answer = probe();
            } finally {
                // even after an Error: else nobody would ever ask again
                running.set(null);
                mine.complete(answer);
            }
        });
        return mine;
    }

    private Optional<String> probe() {
        try {
            probe.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the database is not ready", e);
            return Optional.of("the database does not answer");
        }
    }
}
