package io.maestro.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Requests as bytes, for what no client library would send. */
final class RawExchange implements AutoCloseable {
    private final Socket socket;

    RawExchange(URI base) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
    }

    /** Sends a request that asks for the connection to be closed, and gives all that comes back. */
    static String exchange(URI base, String head, String body) throws IOException {
        try (RawExchange raw = new RawExchange(base)) {
            raw.send(head + "Connection: close\r\n\r\n" + body);
            return raw.rest();
        }
    }

    void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Reads until the text is enough or the peer closes. */
    String until(Predicate<String> enough) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            all.write(b);
            if (enough.test(all.toString(StandardCharsets.UTF_8))) {
                break;
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Reads to the end of the connection. */
    String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Ends the connection as a killed process does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
