package io.maestro.adapters;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs work of an adapter on a thread of its own, for a time; after it the thread is interrupted and left alone. */
final class TimeLimit {
    private TimeLimit() {}

    /** The work took too long. */
    static final class Exceeded extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Thread thread;
        private final String place;

        private Exceeded(Thread thread) {
            super("time limit exceeded");
            this.thread = thread;
            StackTraceElement[] stack = thread.getStackTrace();
            this.place = stack.length == 0 ? "an unknown place" : stack[0].toString();
        }

        /** Whether the work goes on in spite of the interrupt. */
        boolean stillRunning() {
            return thread.isAlive();
        }

        /** Where the work was when the time was over. */
        String place() {
            return place;
        }
    }

    /**
     * Runs {@code work}.
     *
     * @param late takes a result that comes after the time is over
     * @throws ExecutionException with what the work threw as its cause
     */
    static <R> R run(ThreadFactory threads, Duration limit, Callable<? extends R> work, Consumer<? super R> late)
            throws Exceeded, ExecutionException, InterruptedException {
        CompletableFuture<R> outcome = new CompletableFuture<>();
        Thread thread = threads.newThread(() -> perform(work, outcome, late));
        thread.start();
        try {
            return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Exceeded exceeded = new Exceeded(thread);
            if (outcome.completeExceptionally(exceeded)) {
                thread.interrupt();
                throw exceeded;
            }
            return outcome.get();
        } catch (InterruptedException e) {
            outcome.completeExceptionally(e);
            thread.interrupt();
            throw e;
        }
    }

    @SuppressWarnings("CatchingThrowable") // whatever foreign code throws is the answer to whoever waits
    private static <R> void perform(
            Callable<? extends R> work, CompletableFuture<R> outcome, Consumer<? super R> late) {
        try {
            R result = work.call();
            if (!outcome.complete(result)) {
                late.accept(result);
            }
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }
}
