package io.maestro.adapters;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.InstanceHealth.BreakerState;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    private final InstanceKey key;
    private final String name;
    private final GuardSettings settings;
    private final FlightTable flights;
    private final CallMeter meter;
    private final InstantSource clock;
    private final CircuitBreaker breaker;
    private final AtomicInteger running = new AtomicInteger();
    private final RetryBudget retries = new RetryBudget();
    private volatile CircuitBreaker.State breakerSeen = CircuitBreaker.State.CLOSED;
    private volatile Instant breakerSince;
    private volatile boolean closing;
    private volatile boolean apart;
    private volatile @Nullable Thread drainer;

    /** Why a call has not begun: nothing of it has reached the adapter, so it may be made elsewhere. */
    static final class NotBegun extends Exception {
        private static final long serialVersionUID = 1;

        private NotBegun() {
            super("the call has not begun", null, false, false);
        }
    }

    /** Whether this failure is that of a call that never reached an adapter. */
    static boolean hasNotBegun(ProblemException failure) {
        return failure.getCause() instanceof NotBegun;
    }

    /** A guard for one instance. */
    Guard(InstanceKey key, GuardSettings settings, FlightTable flights, CallMeter meter, InstantSource clock) {
        this.key = key;
        this.name = key.toString();
        this.settings = settings;
        this.flights = flights;
        this.meter = meter;
        this.clock = clock;
        this.breakerSince = clock.instant();
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

    /** Which instance it guards. */
    InstanceKey key() {
        return key;
    }

    /** The same as people write it. */
    String name() {
        return name;
    }

    /** What counts its calls. */
    CallMeter meter() {
        return meter;
    }

    /** How many of its calls may be made again. */
    RetryBudget retries() {
        return retries;
    }

    GuardSettings settings() {
        return settings;
    }

    /** Runs the work within {@code deadline}. Fails with the adapter's own problem or one of {@link AdapterProblem}. */
    <R> R call(Asked asked, Duration deadline, Flight.Work<R> work) {
        return call(asked, deadline, deadline, work);
    }

    /**
     * Runs the work within {@code deadline}, which {@link Flight#extend} may move up to {@code latest}.
     *
     * @param asked what is kept of the call besides how it ends
     * @throws ProblemException the adapter's own problem, or one of {@link AdapterProblem}
     */
    <R> R call(Asked asked, Duration deadline, Duration latest, Flight.Work<R> work) {
        if (!breaker.tryAcquirePermission()) {
            refused(asked, AdapterProblem.CALL_CIRCUIT_OPEN);
            throw problem(
                            AdapterProblem.CALL_CIRCUIT_OPEN,
                            name + " failed too often lately",
                            "Look at the instance's health; calls are let through again by themselves.")
                    .with(Retry.after(settings.openFor()))
                    .asException(new NotBegun());
        }
        long start = System.nanoTime();
        Flight<R> flight = new Flight<>(this, work, start, start + deadline.toNanos(), start + latest.toNanos());
        int place = takeOff(asked, flight);
        meter.begun();
        boolean answered;
        try {
            answered = flight.fly(place);
        } catch (InterruptedException e) {
            breaker.releasePermission();
            cancelled(asked, start, AdapterProblem.CALL_CANCELLED);
            Thread.currentThread().interrupt();
            throw problem(AdapterProblem.CALL_CANCELLED, "the call of " + name + " was cancelled", null)
                    .asException(e);
        }
        if (!answered) {
            throw expired(asked, deadline, start);
        }
        return answerOf(asked, flight, start);
    }

    /** Has calls that begin from now on take no carrier of virtual threads, or run on virtual threads as usual. */
    void apart(boolean wanted) {
        apart = wanted;
    }

    /** Begins the thread of a call. */
    void start(Runnable call) {
        if (apart) {
            flights.startApart(name, call);
        } else {
            Thread.startVirtualThread(call);
        }
    }

    /** Takes a place in the bulkhead and in the table of this node. */
    private int takeOff(Asked asked, Flight<?> flight) {
        if (!retain()) {
            breaker.releasePermission();
            boolean ending = closing;
            refused(asked, ending ? AdapterProblem.INSTANCE_NOT_RUNNING : AdapterProblem.CALL_BULKHEAD_FULL);
            throw (ending ? notRunning() : busy()).asException(new NotBegun());
        }
        int place = flights.enter(flight);
        if (place < 0) {
            release();
            breaker.releasePermission();
            refused(asked, AdapterProblem.CALL_BULKHEAD_FULL);
            throw busy().asException(new NotBegun());
        }
        return place;
    }

    private void refused(Asked asked, ProblemCode code) {
        meter.count(Outcome.REFUSED);
        meter.keep(new RecentCalls.Ended(asked, Outcome.REFUSED, System.nanoTime(), 0, code.code()));
    }

    private void cancelled(Asked asked, long start, ProblemCode code) {
        meter.count(Outcome.CANCELLED);
        long now = System.nanoTime();
        meter.keep(new RecentCalls.Ended(asked, Outcome.CANCELLED, now, now - start, code.code()));
    }

    private void ended(Asked asked, Outcome outcome, long took, long now, @Nullable String code) {
        meter.ended(outcome, took, now);
        if (code != null && outcome.isError()) {
            meter.failed(clock.instant(), code);
        }
        meter.keep(new RecentCalls.Ended(asked, outcome, now, took, code));
    }

    private <R> R answerOf(Asked asked, Flight<R> flight, long start) {
        Throwable failure = flight.failure();
        long now = System.nanoTime();
        long took = now - start;
        if (failure == null) {
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            noteBreaker();
            R answer = flight.answer();
            if (answer == null) {
                ended(asked, Outcome.FAILED, took, now, AdapterProblem.ADAPTER_FAILED.code());
                throw problem(AdapterProblem.ADAPTER_FAILED, name + " returned nothing", null)
                        .asException();
            }
            ended(asked, Outcome.OK, took, now, null);
            return answer;
        }
        breaker.onError(took, TimeUnit.NANOSECONDS, failure);
        noteBreaker();
        ended(asked, countsAsFailure(failure) ? Outcome.FAILED : Outcome.REJECTED, took, now, codeOf(failure));
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

    private ProblemException expired(Asked asked, Duration deadline, long start) {
        if (closing) {
            breaker.releasePermission();
            cancelled(asked, start, AdapterProblem.INSTANCE_NOT_RUNNING);
            return notRunning().asException();
        }
        ProblemException late = problem(
                        AdapterProblem.CALL_DEADLINE_EXCEEDED,
                        name + " did not answer within " + deadline.toMillis() + " ms",
                        "Try again later, or give the call a longer deadline.")
                .with(Retry.after(Duration.ZERO))
                .asException();
        long now = System.nanoTime();
        long took = now - start;
        breaker.onError(took, TimeUnit.NANOSECONDS, late);
        noteBreaker();
        ended(asked, Outcome.LATE, took, now, AdapterProblem.CALL_DEADLINE_EXCEEDED.code());
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

    /** Keeps the instance open for something that is no call and takes no place of one; false when it is closing. */
    boolean retainBeside() {
        running.incrementAndGet();
        if (closing) {
            release();
            return false;
        }
        return true;
    }

    /** Whether calls are let through. */
    BreakerState breaker() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }

    /** Since when calls are let through, or not, as they are now. */
    Instant breakerSince() {
        noteBreaker();
        return breakerSince;
    }

    /** Two reads: a listener of the breaker's would have it make an event of every call. */
    private void noteBreaker() {
        CircuitBreaker.State now = breaker.getState();
        if (now != breakerSeen) {
            breakerSeen = now;
            breakerSince = clock.instant();
        }
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

    /** Whether no call is let in any more, because the instance is being closed. */
    boolean isClosing() {
        return closing;
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

    /** An adapter may make any text a code; what is kept and shown is one by its form. */
    private static String codeOf(Throwable failure) {
        String code = failure instanceof ProblemException expected
                ? expected.problem().code()
                : AdapterProblem.ADAPTER_FAILED.code();
        return ProblemCode.isCode(code) ? code : AdapterProblem.ADAPTER_FAILED.code();
    }

    private Problem busy() {
        return problem(
                        AdapterProblem.CALL_BULKHEAD_FULL,
                        name + " is running " + settings.concurrent() + " calls already",
                        "Try again in a moment, or spread the calls.")
                .with(Retry.after(Duration.ofMillis(100)));
    }

    private Problem notRunning() {
        return problem(AdapterProblem.INSTANCE_NOT_RUNNING, name + " is being closed", "Try again in a moment.")
                .with(Retry.after(Duration.ofSeconds(1)));
    }

    private static Problem problem(ProblemCode code, String detail, @Nullable String fix) {
        return Problem.of(code, detail, fix);
    }
}
