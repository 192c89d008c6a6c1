package io.maestro.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that may come before the request's body was read, as refusals do. What has arrived is thrown away; when more
 * is to come, the connection cannot serve another request, and the answer says so: a client that is not told sends its
 * next request into a connection that is about to close. And the rest of the body is read for a while, for a connection
 * that closes on bytes unread is reset, which takes the answer away from a client that has not read it yet (RFC 9112,
 * section 9.6).
 */
final class UnreadBody extends Response.Wrapper {
    private static final int AT_ONCE = 16;
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private UnreadBody(Request request, Response response) {
        super(request, response);
    }

    /** The response to write to; without a body there is nothing to tell. */
    static Response of(Request request, Response response) {
        return request.getLength() == 0 ? response : new UnreadBody(request, response);
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        // an answer that is streamed pays nothing for each of its blocks
        if (!last || isCommitted()) {
            super.write(last, content, callback);
            return;
        }
        Rest rest = new Rest(callback);
        if (rest.isStillToCome()) {
            getHeaders().put(HttpHeader.CONNECTION, "close");
            super.write(true, content, Callback.from(rest, callback::failed));
        } else {
            super.write(true, content, callback);
        }
    }

    /** Reads what comes and throws it away, without a thread that waits; silence is ended by the connection's limit. */
    private final class Rest implements Runnable {
        private final Callback answered;
        private final long begin = System.nanoTime();
        private long bytes;

        Rest(Callback answered) {
            this.answered = answered;
        }

        /** Whether more of the body has yet to arrive; Jetty's own way to find out would not let us read it then. */
        boolean isStillToCome() {
            for (int i = 0; i < AT_ONCE; i++) {
                Content.Chunk chunk = getRequest().read();
                if (chunk == null) {
                    return true;
                }
                if (isEnd(chunk)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void run() {
            while (bytes <= MOST_BYTES && System.nanoTime() - begin <= LONGEST_NANOS) {
                Content.Chunk chunk = getRequest().read();
                if (chunk == null) {
                    getRequest().demand(this);
                    return;
                }
                if (isEnd(chunk)) {
                    break;
                }
            }
            answered.succeeded();
        }

        private boolean isEnd(Content.Chunk chunk) {
            bytes += chunk.remaining();
            chunk.release();
            return chunk.isLast() || Content.Chunk.isFailure(chunk);
        }
    }
}
