package io.maestro.adapter.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, read by the thread of the call while the connection reads some buffers ahead of it. The JDK's own
 * stream has one at hand, so that both threads wait for each other at each of them: half the speed. Read by one thread,
 * closed by any.
 */
final class PulledBody extends InputStream implements BodySubscriber<InputStream> {
    /** Buffers of the connection that one body holds at most: of 64 KiB on a server, 16 KiB where nobody says otherwise. */
    private static final int AHEAD = 4;

    private sealed interface Event {
        record Bytes(List<ByteBuffer> buffers) implements Event {}

        record End(@Nullable Throwable failure) implements Event {}
    }

    // no more than what was asked for, and one end
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    // of the reading thread
    private final Deque<ByteBuffer> current = new ArrayDeque<>();
    private int consumed;
    private Event.@Nullable End end;

    private volatile boolean closed;

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (!subscription.complete(given)) {
            given.cancel();
            return;
        }
        if (closed) {
            given.cancel();
        } else {
            given.request(AHEAD);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Bytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event.End(failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End(null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = buffer();
        if (buffer == null) {
            return -1;
        }
        int taken = Math.min(length, buffer.remaining());
        buffer.get(target, offset, taken);
        return taken;
    }

    @Override
    public int available() {
        ByteBuffer buffer = current.peek();
        return buffer == null ? 0 : buffer.remaining();
    }

    /** A buffer that has bytes; null at the end. */
    private @Nullable ByteBuffer buffer() throws IOException {
        while (true) {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            ByteBuffer buffer = current.peek();
            if (buffer != null && buffer.hasRemaining()) {
                return buffer;
            }
            if (buffer != null) {
                current.remove();
            } else if (end != null) {
                if (end.failure() != null) {
                    throw new IOException(end.failure());
                }
                return null;
            } else {
                switch (next()) {
                    case Event.Bytes bytes -> current.addAll(bytes.buffers());
                    case Event.End last -> end = last;
                }
            }
        }
    }

    private Event next() throws IOException {
        try {
            Event event = events.take();
            if (event instanceof Event.Bytes && ++consumed == AHEAD / 2) {
                consumed = 0;
                subscription.join().request(AHEAD / 2);
            }
            return event;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("reading was interrupted", e);
        }
    }

    /** Breaks the answer off if it has not ended; a thread that reads gets an {@link IOException}. */
    @Override
    public void close() {
        closed = true;
        Flow.Subscription given = subscription.getNow(null);
        if (given != null) {
            given.cancel();
        }
        events.clear();
        events.add(new Event.End(null));
    }
}
