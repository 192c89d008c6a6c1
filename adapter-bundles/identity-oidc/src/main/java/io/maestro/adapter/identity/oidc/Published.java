package io.maestro.adapter.identity.oidc;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document that the provider publishes, kept here. One caller fetches for all; whom the kept one suffices does not wait;
 * and the kept one goes on when the provider is down.
 *
 * <p>Fetches have a rate: one per interval for its age or the lack of it, and one per interval for those who miss something
 * in it. These are two counts, so that a key that was put to use just after a fetch of the first kind is not missed for a
 * whole interval. However many miss something, the provider sees one request per interval.
 *
 * <p>Thread-safe. The lock is never held while the network or a caller is waited for.
 */
final class Published<T> {
    private final Supplier<CompletableFuture<T>> fetch;
    private final Duration interval;
    private final Duration freshFor;
    private final InstantSource clock;
    private final System.Logger logger;
    private final String name;
    private final Connection connection;

    private final Object lock = new Object();
    private @Nullable T kept;
    private Instant keptSince = Instant.MIN;
    private Instant lastFetch = Instant.MIN;
    private Instant lastMiss = Instant.MIN;
    private @Nullable ProblemException lastFailure;
    private @Nullable CompletableFuture<T> running;
    private @Nullable CompletableFuture<?> request;
    private boolean closed;

    /**
     * Keeps nothing at first.
     *
     * @param name what it is, for the log
     * @param fetch begins to fetch it; fails with a {@link ProblemException}
     * @param interval how long to wait at least between two fetches
     * @param freshFor after which time it is fetched anew while the old one goes on
     */
    Published(
            String name,
            Supplier<CompletableFuture<T>> fetch,
            Duration interval,
            Duration freshFor,
            InstantSource clock,
            System.Logger logger,
            Connection connection) {
        this.name = name;
        this.fetch = fetch;
        this.interval = interval;
        this.freshFor = freshFor;
        this.clock = clock;
        this.logger = logger;
        this.connection = connection;
    }

    /** What is kept, however old; waits for it only when nothing is. */
    T any(Instant deadline) {
        return connection.await(soon(), deadline);
    }

    /** What is kept, however old; or what is being fetched, when nothing is. */
    CompletableFuture<T> soon() {
        connection.breakOffWhatHangs();
        CompletableFuture<T> begun = null;
        CompletableFuture<T> answer;
        synchronized (lock) {
            requireOpen();
            T present = kept;
            boolean wanted = present == null || !clock.instant().isBefore(keptSince.plus(freshFor));
            if (wanted && running == null && isDue(lastFetch)) {
                begun = begin();
            }
            if (present != null) {
                answer = CompletableFuture.completedFuture(present);
            } else if (running != null) {
                answer = running;
            } else {
                answer = CompletableFuture.failedFuture(failedLately());
            }
        }
        if (begun != null) {
            start(begun);
        }
        return answer;
    }

    /**
     * What is there after {@code seen}, in which the caller misses something: fetched now, or being fetched, if the rate
     * allows. Null when it does not, and nobody knows better than {@code seen}.
     *
     * @throws ProblemException when the fetch failed, or the caller's time is over
     */
    @SuppressWarnings("ReferenceEquality") // which copy it is, and not what it says
    @Nullable
    T newer(T seen, Instant deadline) {
        connection.breakOffWhatHangs();
        CompletableFuture<T> begun = null;
        CompletableFuture<T> awaited;
        synchronized (lock) {
            requireOpen();
            T present = kept;
            if (present != null && present != seen) {
                return present;
            }
            if (running == null && isDue(lastMiss)) {
                lastMiss = clock.instant();
                begun = begin();
            }
            awaited = running;
        }
        if (awaited == null) {
            return null;
        }
        if (begun != null) {
            start(begun);
        }
        return connection.await(awaited, deadline);
    }

    /** Fetches, if the rate allows, and fails when the provider does not answer, now or when it was asked last. */
    void probe(Instant deadline) {
        connection.breakOffWhatHangs();
        CompletableFuture<T> begun = null;
        CompletableFuture<T> awaited;
        synchronized (lock) {
            requireOpen();
            if (running == null && isDue(lastFetch)) {
                begun = begin();
            }
            awaited = running;
            if (awaited == null && lastFailure != null) {
                throw failedLately();
            }
        }
        if (begun != null) {
            start(begun);
        }
        if (awaited != null) {
            connection.await(awaited, deadline);
        }
    }

    /** Whether there is something that goes on when the provider is down. */
    boolean isThere() {
        synchronized (lock) {
            return kept != null;
        }
    }

    /** How long somebody who misses something has to wait before it is fetched again. */
    Duration untilNewer() {
        synchronized (lock) {
            return lastMiss.equals(Instant.MIN) ? Duration.ZERO : left(lastMiss);
        }
    }

    /** Gives up what is being fetched; every further call fails. */
    void close() {
        CompletableFuture<T> awaited;
        CompletableFuture<?> abandoned;
        synchronized (lock) {
            closed = true;
            awaited = running;
            abandoned = request;
        }
        if (awaited != null) {
            awaited.completeExceptionally(Failures.closed());
        }
        if (abandoned != null) {
            abandoned.cancel(true);
        }
    }

    private boolean isDue(Instant last) {
        return last.equals(Instant.MIN) || !clock.instant().isBefore(last.plus(interval));
    }

    /** Takes the turn; with the lock held. */
    private CompletableFuture<T> begin() {
        CompletableFuture<T> turn = new CompletableFuture<>();
        running = turn;
        lastFetch = clock.instant();
        return turn;
    }

    /** Sends the request; without the lock, for a name may have to be resolved. */
    private void start(CompletableFuture<T> turn) {
        CompletableFuture<T> fetched;
        try {
            fetched = fetch.get();
        } catch (RuntimeException e) {
            fetched = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> told = fetched.whenComplete((value, failure) -> {
            if (failure == null) {
                succeeded(value);
                turn.complete(value);
            } else {
                ProblemException problem = problem(failure);
                failed(problem);
                turn.completeExceptionally(problem);
            }
        });
        synchronized (lock) {
            request = told;
        }
    }

    private void succeeded(T value) {
        boolean recovered;
        synchronized (lock) {
            recovered = lastFailure != null && kept != null;
            kept = value;
            keptSince = clock.instant();
            lastFailure = null;
            running = null;
        }
        if (recovered) {
            logger.log(System.Logger.Level.INFO, "the provider gives its " + name + " again");
        }
    }

    private void failed(ProblemException problem) {
        boolean tell;
        synchronized (lock) {
            tell = lastFailure == null && !closed;
            lastFailure = problem;
            running = null;
        }
        if (tell) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "the provider does not give its " + name + ": "
                            + problem.problem().detail());
        }
    }

    private static ProblemException problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProblemException known
                ? known
                : Failures.unreachable("the connection to the provider failed", cause);
    }

    /** What the last fetch said, to who may not cause another one yet; with the lock held. */
    private ProblemException failedLately() {
        ProblemException failure = lastFailure;
        if (failure == null) {
            return Failures.unreachable("the provider was asked a moment ago").asException();
        }
        Problem problem = failure.problem();
        if (problem.retry() instanceof Retry.Never) {
            return Failures.again(failure);
        }
        return problem.with(Retry.after(left(lastFetch))).asException(failure);
    }

    private Duration left(Instant last) {
        Duration left = Duration.between(clock.instant(), last.plus(interval));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void requireOpen() {
        if (closed) {
            throw Failures.closed();
        }
    }
}
