package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream that an adapter returned. It counts as a running call until it is closed. A read that gets nothing for the
 * length of a call's deadline is interrupted, closing is bounded alike, and in all it is read no longer than the longest
 * time of a stream. Read and closed by one thread at a time.
 */
final class GuardedStream extends FilterInputStream implements Watched {
    private static final int IDLE = 0;
    private static final int READING = 1;
    private static final int INTERRUPTING = 2;
    private static final int EXPIRED = 3;

    private final Guard guard;
    private final Closeable source;
    private final long patience;
    private final long latest;
    private final int place;
    private final AtomicInteger state = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long deadline;
    private volatile long since;
    private volatile @Nullable Thread reader;

    /** Wraps {@code content}, whose place in the bulkhead has been retained; closing it closes {@code source}. */
    GuardedStream(Guard guard, InputStream content, Closeable source) {
        super(content);
        this.guard = guard;
        this.source = source;
        this.patience = guard.settings().deadline().toNanos();
        this.latest = System.nanoTime() + guard.settings().longestStream().toNanos();
        this.deadline = latest;
        this.place = guard.watch(this);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        begin();
        try {
            return in.read(buffer, offset, length);
        } finally {
            end();
        }
    }

    @Override
    public long skip(long count) throws IOException {
        begin();
        try {
            return in.skip(count);
        } finally {
            end();
        }
    }

    private void begin() throws IOException {
        reader = Thread.currentThread();
        since = System.nanoTime();
        long until = since + patience;
        deadline = until - latest > 0 ? latest : until;
        if (!state.compareAndSet(IDLE, READING)) {
            throw expired();
        }
    }

    private void end() throws IOException {
        deadline = latest;
        if (!state.compareAndSet(READING, IDLE)) {
            takeBackInterrupt();
            throw expired();
        }
    }

    /** The interrupt is on its way and ours: wait for it and take it back, lest it meet the caller's next step. */
    private void takeBackInterrupt() {
        while (state.get() == INTERRUPTING) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    private IOException expired() {
        return new InterruptedIOException(
                AdapterProblem.CALL_DEADLINE_EXCEEDED.code() + ": " + guard.name() + " stopped sending");
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
        Thread reading = reader;
        return reading != null
                && reading.isVirtual()
                && state.get() != IDLE
                && now - since > BURNING_NANOS
                && reading.getState() == Thread.State.RUNNABLE;
    }

    @Override
    public void expire() {
        if (state.compareAndSet(READING, INTERRUPTING)) {
            try {
                // looked at only now: the thread of an earlier read has nothing to do with this one
                Thread reading = reader;
                if (reading != null) {
                    reading.interrupt();
                }
            } finally {
                state.set(EXPIRED);
            }
        } else {
            state.compareAndSet(IDLE, EXPIRED);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        reader = Thread.currentThread();
        since = System.nanoTime();
        deadline = since + patience;
        state.set(READING);
        try {
            source.close();
        } finally {
            if (!state.compareAndSet(READING, EXPIRED)) {
                takeBackInterrupt();
            }
            reader = null;
            if (place >= 0) {
                guard.landed(place);
            } else {
                guard.release();
            }
        }
    }
}
