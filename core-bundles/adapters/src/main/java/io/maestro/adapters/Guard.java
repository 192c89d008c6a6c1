package io.maestro.adapters;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the calls into one instance: how many at once (bulkhead), how long (deadline), and whether at all while it keeps
 * failing (circuit breaker). Takes no lock; the caller should be a virtual thread, on which the hop to the adapter's own
 * thread costs well under a microsecond.
 */
final class Guard {
    private final String name;
    private final GuardSettings settings;
    private final FlightTable flights;
    private final CircuitBreaker breaker;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean closing;
    private volatile @Nullable Thread drainer;

    /** A guard for one instance; {@code name} tells people which. */
    Guard(String name, GuardSettings settings, FlightTable flights) {
        this.name = name;
        this.settings = settings;
        this.flights = flights;
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                settings.window(),
                                Math.max(1, settings.window() / 2),
                                SlidingWindowType.COUNT_BASED,
                                SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .failureRateThreshold(settings.failurePercent())
                        .waitDurationInOpenState(settings.openFor())
                        .permittedNumberOfCallsInHalfOpenState(5)
                        .maxWaitDurationInHalfOpenState(settings.openFor())
                        .recordException(Guard::countsAsFailure)
                        .writableStackTraceEnabled(false)
                        .build());
    }

    String name() {
        return name;
    }

    GuardSettings settings() {
        return settings;
    }

    /** Runs the work within {@code deadline}. Fails with the adapter's own problem or one of {@link AdapterProblem}. */
    <R> R call(Duration deadline, Flight.Work<R> work) {
        return call(deadline, deadline, work);
    }

    /**
     * Runs the work within {@code deadline}, which {@link Flight#extend} may move up to {@code latest}.
     *
     * @throws ProblemException the adapter's own problem, or one of {@link AdapterProblem}
     */
    <R> R call(Duration deadline, Duration latest, Flight.Work<R> work) {
        if (!breaker.tryAcquirePermission()) {
            throw problem(
                            AdapterProblem.CALL_CIRCUIT_OPEN,
                            name + " failed too often lately",
                            "Look at the instance's health; calls are let through again by themselves.")
                    .with(Retry.after(settings.openFor()))
                    .asException();
        }
        long start = System.nanoTime();
        Flight<R> flight = new Flight<>(this, work, start, start + deadline.toNanos(), start + latest.toNanos());
        int place = takeOff(flight);
        boolean answered;
        try {
            answered = flight.fly(place);
        } catch (InterruptedException e) {
            breaker.releasePermission();
            Thread.currentThread().interrupt();
            throw problem(AdapterProblem.CALL_CANCELLED, "the call of " + name + " was cancelled", null)
                    .asException(e);
        }
        if (!answered) {
            throw expired(deadline, start);
        }
        return answerOf(flight, start);
    }

    /** Takes a place in the bulkhead and in the table of this node. */
    private int takeOff(Flight<?> flight) {
        if (!retain()) {
            breaker.releasePermission();
            throw closing ? notRunning() : busy();
        }
        int place = flights.enter(flight);
        if (place < 0) {
            release();
            breaker.releasePermission();
            throw busy();
        }
        return place;
    }

    private <R> R answerOf(Flight<R> flight, long start) {
        Throwable failure = flight.failure();
        long took = System.nanoTime() - start;
        if (failure == null) {
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            R answer = flight.answer();
            if (answer == null) {
                throw problem(AdapterProblem.ADAPTER_FAILED, name + " returned nothing", null)
                        .asException();
            }
            return answer;
        }
        breaker.onError(took, TimeUnit.NANOSECONDS, failure);
        if (failure instanceof ProblemException expected) {
            throw expected;
        }
        throw problem(
                        AdapterProblem.ADAPTER_FAILED,
                        name + " failed with an unexpected "
                                + failure.getClass().getSimpleName(),
                        "The server's log has the details under this correlation id.")
                .asException(failure);
    }

    private ProblemException expired(Duration deadline, long start) {
        if (closing) {
            breaker.releasePermission();
            return notRunning();
        }
        ProblemException late = problem(
                        AdapterProblem.CALL_DEADLINE_EXCEEDED,
                        name + " did not answer within " + deadline.toMillis() + " ms",
                        "Try again later, or give the call a longer deadline.")
                .with(Retry.after(Duration.ZERO))
                .asException();
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, late);
        return late;
    }

    /** Takes a place in the bulkhead; false when it is full or closing. */
    boolean retain() {
        int now;
        do {
            now = running.get();
            if (now >= settings.concurrent() || closing) {
                return false;
            }
        } while (!running.compareAndSet(now, now + 1));
        // closing is set before the running calls are counted: whoever slipped in between steps back
        if (closing) {
            release();
            return false;
        }
        return true;
    }

    /** Keeps the place of a call that is still running for the stream that it returns. */
    void retainStream() {
        running.incrementAndGet();
    }

    void release() {
        if (running.decrementAndGet() == 0) {
            Thread waiting = drainer;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }
    }

    void landed(int place) {
        flights.leave(place);
        release();
    }

    /** Shows a stream to the watchdog; -1 when the node is at its limit. */
    int watch(Watched stream) {
        return flights.enter(stream);
    }

    /** How many calls and streams are running. */
    int running() {
        return running.get();
    }

    /** Refuses new calls from now on and waits until the running ones have ended; false when they have not in time. */
    boolean drain(Duration patience) {
        drainer = Thread.currentThread();
        closing = true;
        long end = System.nanoTime() + patience.toNanos();
        while (running.get() > 0) {
            long left = end - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    /** Ends all calls that are running: callers get their answer now, the adapter's threads are interrupted. */
    void interruptAll() {
        closing = true;
        flights.forEach(watched -> {
            if (watched.guard() == this) {
                FlightTable.expire(watched);
            }
        });
    }

    /** What the caller did wrong, or what a policy forbids, says nothing about the instance. */
    private static boolean countsAsFailure(Throwable failure) {
        if (!(failure instanceof ProblemException expected)) {
            return true;
        }
        return switch (expected.problem().category()) {
            case CALLER, POLICY_OR_LIMIT -> false;
            case EXTERNAL, INTERNAL -> true;
        };
    }

    private ProblemException busy() {
        return problem(
                        AdapterProblem.CALL_BULKHEAD_FULL,
                        name + " is running " + settings.concurrent() + " calls already",
                        "Try again in a moment, or spread the calls.")
                .with(Retry.after(Duration.ofMillis(100)))
                .asException();
    }

    private ProblemException notRunning() {
        return problem(AdapterProblem.INSTANCE_NOT_RUNNING, name + " is being closed", "Try again in a moment.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException();
    }

    private static Problem problem(ProblemCode code, String detail, @Nullable String fix) {
        return Problem.of(code, detail, fix);
    }
}
