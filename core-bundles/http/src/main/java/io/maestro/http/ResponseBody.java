package io.maestro.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A response body of constant memory: small ones leave in one write together with the head, large ones in blocks, and live
 * ones with each flush.
 * Closing does not end it, because a body that broke in the middle must not look finished.
 */
final class ResponseBody extends OutputStream {
    private static final int BLOCK = 32 * 1024;

    private final Response response;
    private final boolean live;
    private byte[] block = new byte[1024];
    private int filled;

    /**
     * A body of this response.
     *
     * @param live whether a flush sends; else it means nothing, for those who write flush as a matter of form
     */
    ResponseBody(Response response, boolean live) {
        this.response = response;
        this.live = live;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (filled + length > BLOCK) {
            drain();
        }
        if (length >= BLOCK) {
            Content.Sink.write(response, false, ByteBuffer.wrap(bytes, offset, length));
            return;
        }
        if (filled + length > block.length) {
            byte[] larger = new byte[filled + length > 8 * 1024 ? BLOCK : 8 * 1024];
            System.arraycopy(block, 0, larger, 0, filled);
            block = larger;
        }
        System.arraycopy(bytes, offset, block, filled, length);
        filled += length;
    }

    @Override
    public void flush() throws IOException {
        if (live) {
            drain();
        }
    }

    private void drain() throws IOException {
        if (filled > 0) {
            Content.Sink.write(response, false, ByteBuffer.wrap(block, 0, filled));
            filled = 0;
        }
    }

    /** Sends the rest and ends the body. */
    void finish(Callback callback) {
        response.write(true, ByteBuffer.wrap(block, 0, filled), callback);
    }
}
