package io.maestro.adapters;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call into an adapter, run on a thread of its own, usually a virtual one, while the caller is parked. Ends exactly once for the
 * caller: by the adapter's answer, or by {@link #expire}. An adapter that ignores its interrupt keeps its place in the
 * bulkhead until it really returns, but no longer keeps its caller.
 */
final class Flight<R> implements Runnable, Watched {
    private static final Logger LOG = System.getLogger(Flight.class.getName());
    private static final int RUNNING = 0;
    private static final int ANSWERED = 1;
    private static final int EXPIRED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Flight.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Guard guard;
    private final Work<R> work;
    private final Thread caller = Thread.currentThread();
    private final long start;
    private final long latest;
    private volatile long deadline;
    private volatile int state;
    private volatile @Nullable Thread worker;
    private @Nullable R answer;
    private @Nullable Throwable failure;
    private int place;

    /** What is done in a flight. */
    @FunctionalInterface
    interface Work<R> {
        /** Calls the adapter. */
        R run(Flight<R> flight) throws Exception;
    }

    /**
     * A flight that is not started.
     *
     * @param start when it was made, by {@link System#nanoTime}
     * @param deadline when it expires
     * @param latest the latest time to which {@link #extend} may move the deadline
     */
    Flight(Guard guard, Work<R> work, long start, long deadline, long latest) {
        this.guard = guard;
        this.work = work;
        this.start = start;
        this.deadline = deadline;
        this.latest = latest;
    }

    /** Runs the work and parks the caller until it has ended; returns false when it expired. */
    boolean fly(int takenPlace) throws InterruptedException {
        place = takenPlace;
        guard.start(this);
        while (state == RUNNING) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                expire();
                if (state == EXPIRED) {
                    throw new InterruptedException();
                }
                // answered at the same moment: what came is the caller's to close, and so is the interrupt
                Thread.currentThread().interrupt();
            }
        }
        return state == ANSWERED;
    }

    @Override
    public void run() {
        worker = Thread.currentThread();
        try {
            if (state == RUNNING) {
                answer = work.run(this);
            }
        } catch (Throwable e) {
            // nothing an adapter throws, not even an Error, may end more than its own call
            failure = e;
        } finally {
            worker = null;
            boolean inTime = STATE.compareAndSet(this, RUNNING, ANSWERED);
            if (!inTime) {
                discard();
            }
            guard.landed(place);
            if (inTime) {
                LockSupport.unpark(caller);
            }
        }
    }

    /** An answer that nobody waits for any more may hold a connection. */
    private void discard() {
        if (answer instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Throwable e) {
                // not even an Error may keep the place of this call
                guard.key().log(LOG).log(Level.DEBUG, "closing a late answer of " + guard.name(), e);
            }
        }
    }

    /** Moves the deadline because the stream made progress. Called by the adapter's thread as it reads. */
    void extend(long until) {
        deadline = until - latest > 0 ? latest : until;
        guard.meter().moved();
    }

    /** Whether the caller still waits for the answer. */
    boolean awaited() {
        return state == RUNNING;
    }

    @Override
    public Guard guard() {
        return guard;
    }

    @Override
    public boolean isPast(long now) {
        return now - deadline > 0;
    }

    @Override
    public boolean burns(long now) {
        Thread running = worker;
        return running != null
                && running.isVirtual()
                && now - start > BURNING_NANOS
                && running.getState() == Thread.State.RUNNABLE;
    }

    @Override
    public void expire() {
        boolean expired = STATE.compareAndSet(this, RUNNING, EXPIRED);
        // the thread is this flight's alone: an interrupt that comes too late meets nobody else
        Thread running = worker;
        if (running != null) {
            running.interrupt();
        }
        if (expired) {
            LockSupport.unpark(caller);
        }
    }

    /** What the adapter threw, once the flight has ended in time. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** What the adapter returned, once the flight has ended in time without failure. */
    @Nullable
    R answer() {
        return answer;
    }
}
