package io.maestro.adapters;

import io.maestro.adapters.Opener.Opened;
import io.maestro.adapters.Reconciler.Turn;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of moves: one for each turn that it is given, whose number {@link MovingOrder} bounds. What only waits, such as for the
 * calls of an old version to end, is done elsewhere and takes no place here. Platform threads: what a new version loads and resolves
 * must not take the processors that calls run on. Any thread.
 */
final class Movers {
    private static final System.Logger LOG = System.getLogger(Movers.class.getName());
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final Executor elsewhere;

    /** Does the work of turns on threads like these, and has {@code elsewhere} wait for what is left of them. */
    Movers(ThreadFactory factory, Executor elsewhere) {
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
        this.elsewhere = elsewhere;
    }

    /** A turn on its way. */
    private final class Moving implements Runnable {
        private final Turn turn;
        private final @Nullable Opened before;
        private final Runnable worked;
        private final Consumer<@Nullable Opened> ended;

        private Moving(Turn turn, @Nullable Opened before, Runnable worked, Consumer<@Nullable Opened> ended) {
            this.turn = turn;
            this.before = before;
            this.worked = worked;
            this.ended = ended;
        }

        @Override
        @SuppressWarnings("CatchingThrowable")
        public void run() {
            Opened after;
            try {
                after = turn.run(before);
            } catch (Throwable e) {
                // whatever it was, others must not wait for this instance for ever
                LOG.log(Level.ERROR, "a move failed where it must not", e);
                worked.run();
                ended.accept(before);
                return;
            }
            worked.run();
            try {
                elsewhere.execute(() -> settle(after));
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                LOG.log(Level.DEBUG, "what is left of a move is done in its place", e);
                settle(after);
            }
        }

        private void settle(@Nullable Opened after) {
            try {
                turn.settle();
            } finally {
                ended.accept(after);
            }
        }
    }

    /**
     * Gives a turn to a worker, which begins it at once.
     *
     * @param worked told when its place is free again, before {@code ended}; by another thread
     * @param ended told what is open when nothing is left of the turn; by another thread
     * @return false when there is no thread for it now, so that it is to be tried again
     * @throws RejectedExecutionException after {@link #stop}
     */
    boolean begin(Turn turn, @Nullable Opened before, Runnable worked, Consumer<@Nullable Opened> ended) {
        try {
            threads.execute(new Moving(turn, before, worked, ended));
            return true;
        } catch (OutOfMemoryError e) {
            LOG.log(Level.WARNING, "there is no thread for a move now; it is tried again in a moment", e);
            return false;
        }
    }

    /** Interrupts what runs. */
    void stop() {
        threads.shutdownNow();
    }

    /** Returns when nothing runs any more; false when the time was over before. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }
}
