package io.maestro.launcher;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was started and is to be stopped in the opposite order, each step even when the one before it failed. Thread-safe:
 * something may still be starting while everything else stops.
 */
final class StopSequence {
    private static final System.Logger LOG = System.getLogger(StopSequence.class.getName());

    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean stopping;
    private boolean stopped;

    /** How one thing is stopped. */
    @FunctionalInterface
    interface Action {
        void stop() throws Exception;
    }

    private record Step(String what, Action action) {}

    /** Adds what has just been started: it is stopped before everything that is here already. */
    void add(String what, Action action) {
        Step step = new Step(what, action);
        if (!queued(step, true)) {
            run(step);
        }
    }

    /** Adds what everything else stands on: it is stopped after all that is here already. */
    void addBeneath(String what, Action action) {
        Step step = new Step(what, action);
        if (!queued(step, false)) {
            run(step);
        }
    }

    private synchronized boolean queued(Step step, boolean onTop) {
        if (stopped) {
            return false;
        }
        if (onTop) {
            steps.addFirst(step);
        } else {
            steps.addLast(step);
        }
        return true;
    }

    private synchronized @Nullable Step next() {
        stopping = true;
        stopped = steps.isEmpty();
        return steps.pollFirst();
    }

    /** Whether {@link #stop} was called. */
    synchronized boolean stopping() {
        return stopping;
    }

    /** Stops everything; a second call finds nothing left to do. True when all went well. */
    boolean stop() {
        boolean clean = true;
        for (Step step = next(); step != null; step = next()) {
            clean &= run(step);
        }
        return clean;
    }

    private static boolean run(Step step) {
        try {
            step.action().stop();
            LOG.log(Level.INFO, "stopped: {0}", step.what());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            LOG.log(Level.ERROR, () -> "could not stop " + step.what(), e);
            return false;
        }
    }
}
