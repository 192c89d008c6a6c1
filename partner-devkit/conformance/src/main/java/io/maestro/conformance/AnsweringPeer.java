package io.maestro.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An outside system that speaks HTTP and gives every request the same answer, such as no sound system gives. Close it after
 * the test.
 */
public final class AnsweringPeer implements AutoCloseable {
    private static final int LARGEST_REQUEST = 1 << 20;

    private final ServerSocket socket;
    private final Answer answer;
    private final AtomicInteger asked = new AtomicInteger();

    private AnsweringPeer(Answer answer) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    /**
     * What was asked.
     *
     * @param head all that stands before the body
     * @param body the body; empty when there is none
     */
    public record Request(String head, String body) {
        /** Method and path, with what stands behind it. */
        public String line() {
            return head.lines().findFirst().orElse("").replaceAll(" HTTP/1\\.\\d$", "");
        }
    }

    /** What is answered. */
    @FunctionalInterface
    public interface Answer {
        /** Writes the answer to a request; the connection ends after it. */
        void write(Request request, OutputStream target) throws IOException;
    }

    /** One that answers in this way. */
    public static AnsweringPeer with(Answer answer) throws IOException {
        return new AnsweringPeer(answer);
    }

    /** One that gives this status, these headers and this body. */
    public static AnsweringPeer saying(int status, Map<String, String> headers, String body) throws IOException {
        return with((request, target) -> target.write(message(status, headers, body)));
    }

    /** One that breaks off in the middle of a good answer. */
    public static AnsweringPeer breakingOff() throws IOException {
        return with((request, target) -> {
            byte[] whole = message(200, Map.of(), "{\"some\": \"answer of some length\"}");
            target.write(Arrays.copyOf(whole, whole.length - 10));
        });
    }

    /** One that begins a good answer and never ends it. */
    public static AnsweringPeer endless() throws IOException {
        return with((request, target) -> {
            target.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(ISO_8859_1));
            byte[] chunk = ("8000\r\n" + " ".repeat(0x8000) + "\r\n").getBytes(ISO_8859_1);
            while (true) {
                target.write(chunk); // fails when the other side has had enough
            }
        });
    }

    /** Where it listens. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** How many requests have come. */
    public int asked() {
        return asked.get();
    }

    /** A whole answer. */
    public static byte[] message(int status, Map<String, String> headers, String body) {
        byte[] content = body.getBytes(UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " As it is\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("Content-Length: " + content.length + "\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.toString().getBytes(ISO_8859_1));
        message.writeBytes(content);
        return message.toByteArray();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            }
        } catch (SocketException e) {
            // closed: the test is over, and asked() stays
            asked.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            InputStream source = new BufferedInputStream(connection.getInputStream());
            String head = head(source);
            if (!head.isEmpty()) {
                String body = new String(source.readNBytes(Math.min(contentLength(head), LARGEST_REQUEST)), UTF_8);
                asked.incrementAndGet();
                answer.write(new Request(head, body), connection.getOutputStream());
            }
        } catch (IOException e) {
            // the other side has had enough, which is its right
            asked.get();
        }
    }

    private static String head(InputStream source) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = source.read(); next >= 0 && head.length() < LARGEST_REQUEST; next = source.read()) {
            head.append((char) next);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(
                        line.substring("content-length:".length()).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
