package io.maestro.adapter.storage.s3;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, written chunk by chunk by the thread of the call: content is read where the contract says, and
 * what the connection does not take yet waits there, not in memory.
 */
final class PushedBody implements HttpRequest.BodyPublisher {
    private final long length;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
    private long demand;
    private boolean stopped;
    private boolean begun;

    PushedBody(long length) {
        this.length = length;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> connection) {
        connection.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                change(() -> demand += n);
            }

            @Override
            public void cancel() {
                stop();
            }
        });
        change(() -> subscriber = connection);
    }

    /** Whether the connection took any of it. */
    boolean begun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waiting of {@link #send}: the connection wants no more. */
    void stop() {
        change(() -> stopped = true);
    }

    /** Sends a chunk, which is given away, when the connection takes it. Returns false when it wants no more. */
    boolean send(ByteBuffer chunk, Duration patience) throws InterruptedException, TimeoutException {
        Flow.Subscriber<? super ByteBuffer> connection = awaitDemand(patience);
        if (connection == null) {
            return false;
        }
        connection.onNext(chunk);
        return true;
    }

    /** Says that all chunks were sent. */
    void complete() {
        Flow.Subscriber<? super ByteBuffer> connection = subscriber();
        if (connection != null) {
            connection.onComplete();
        }
    }

    /** Breaks the request off, so that the other side does not take it for whole. */
    void fail(Throwable cause) {
        Flow.Subscriber<? super ByteBuffer> connection = subscriber();
        if (connection != null) {
            connection.onError(cause);
        }
    }

    private Flow.@Nullable Subscriber<? super ByteBuffer> awaitDemand(Duration patience)
            throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            long nanos = patience.toNanos();
            while (!stopped && (subscriber == null || demand == 0)) {
                if (nanos <= 0) {
                    throw new TimeoutException();
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (stopped) {
                return null;
            }
            demand--;
            begun = true;
            return subscriber;
        } finally {
            lock.unlock();
        }
    }

    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber() {
        lock.lock();
        try {
            return stopped ? null : subscriber;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
