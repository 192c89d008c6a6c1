package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Makes calls again that failed for the moment, for adapters never do so themselves. Only calls that may be repeated, at most
 * three times in all, after a pause with jitter or the one that the outside system asks for, within the budget of the
 * instance, and never beyond the caller's deadline: what cannot end in time is not begun. A call that succeeds at once pays
 * one read of a number. Any thread; sleeps in the caller's.
 */
final class Retries {
    /** How often a call is made in all. */
    static final int MOST = 3;

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    /** Less than this is left for no answer worth waiting for. */
    private static final long LEAST_NANOS = Duration.ofMillis(10).toNanos();

    private final Pause pause;
    private final DoubleSupplier jitter;

    /** How a call waits for its next try. */
    @FunctionalInterface
    interface Pause {
        /** Returns after so long. */
        void sleep(Duration length) throws InterruptedException;
    }

    /** Makes a call. */
    @FunctionalInterface
    interface Try<R> {
        /**
         * Makes it once.
         *
         * @param number which try it is, from 1
         * @param left how long it may take
         */
        R make(int number, Duration left);
    }

    /**
     * Retries with pauses like these.
     *
     * @param jitter numbers from 0 to 1
     */
    Retries(Pause pause, DoubleSupplier jitter) {
        this.pause = pause;
        this.jitter = jitter;
    }

    /**
     * Makes a call, and makes it again when it may and when that may help.
     *
     * @param repeatable whether the call may be made again at all
     * @param deadline for all tries together
     * @param call makes the call within the time that it is given
     * @throws ProblemException what the last try that had a whole answer said
     */
    <R> R call(Guard guard, boolean repeatable, Duration deadline, Try<R> call) {
        if (!repeatable) {
            return call.make(1, deadline);
        }
        guard.retries().earn();
        long end = System.nanoTime() + deadline.toNanos();
        try {
            return call.make(1, deadline);
        } catch (ProblemException first) {
            if (!mayPass(first)) {
                throw first;
            }
            return again(guard, end, call, first);
        }
    }

    private <R> R again(Guard guard, long end, Try<R> call, ProblemException first) {
        ProblemException last = first;
        for (int tries = 2; tries <= MOST; tries++) {
            long wait = wait(tries, last);
            if (end - System.nanoTime() - wait < LEAST_NANOS || !guard.retries().spend()) {
                break;
            }
            sleep(guard, Duration.ofNanos(wait));
            R answer;
            try {
                answer = call.make(tries, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (ProblemException e) {
                guard.meter().repeated(tries, false);
                // what was not let in, or had not time enough, says less than what the outside system said before
                if (saysLess(e)) {
                    break;
                }
                if (!mayPass(e)) {
                    throw e;
                }
                last = e;
                continue;
            }
            guard.meter().repeated(tries, true);
            return answer;
        }
        throw last;
    }

    private static boolean mayPass(ProblemException failure) {
        return failure.problem().category() == ProblemCategory.EXTERNAL
                && failure.problem().retry() instanceof Retry.After
                && !Guard.hasNotBegun(failure);
    }

    private static boolean saysLess(ProblemException failure) {
        return Guard.hasNotBegun(failure)
                || failure.problem().code().equals(AdapterProblem.CALL_DEADLINE_EXCEEDED.code());
    }

    /** A part by chance of twice the pause before, lest all who failed together come together; more when that was asked for. */
    private long wait(int tries, ProblemException last) {
        long longest = FIRST_PAUSE_NANOS << (tries - 2);
        long own = longest / 2 + (long) (longest / 2.0 * jitter.getAsDouble());
        return last.problem().retry() instanceof Retry.After(Duration wanted) ? Math.max(own, nanos(wanted)) : own;
    }

    private static long nanos(Duration wanted) {
        if (wanted.isNegative()) {
            return 0;
        }
        // what is longer than any deadline is as long as any other such
        return wanted.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : wanted.toNanos();
    }

    private void sleep(Guard guard, Duration length) {
        try {
            pause.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(AdapterProblem.CALL_CANCELLED, "the call of " + guard.name() + " was cancelled", null)
                    .asException(e);
        }
    }
}
