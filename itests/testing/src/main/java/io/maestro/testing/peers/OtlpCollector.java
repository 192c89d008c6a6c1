package io.maestro.testing.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/**
 * Takes traces by OTLP over HTTP, as a collector does. It reads the fields of the public description by their numbers
 * (opentelemetry-proto, {@code trace.proto}), and shares no code with what sends them.
 */
public final class OtlpCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /**
     * A span as it came.
     *
     * @param parent empty for the first of its trace
     * @param kind as OTLP numbers them: 1 internal, 2 server, 3 client
     * @param tags numbers as text
     * @param resource the tags of who sent it
     */
    public record Span(
            String trace,
            String id,
            String parent,
            String name,
            int kind,
            boolean failed,
            Map<String, String> tags,
            Map<String, String> resource) {}

    private OtlpCollector(HttpServer server) {
        this.server = server;
        server.createContext("/v1/traces", this::take);
    }

    /** Listens on a free port of the loopback interface. */
    public static OtlpCollector start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OtlpCollector collector = new OtlpCollector(server);
        server.start();
        return collector;
    }

    /** Its address, without the path of traces. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What has come so far. */
    public List<Span> spans() {
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream sent = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody()) {
            for (UnknownFieldSet perResource : messages(UnknownFieldSet.parseFrom(sent.readAllBytes()), 1)) {
                Map<String, String> resource = messages(perResource, 1).stream()
                        .map(one -> tags(one, 1))
                        .findFirst()
                        .orElse(Map.of());
                for (UnknownFieldSet perScope : messages(perResource, 2)) {
                    for (UnknownFieldSet span : messages(perScope, 2)) {
                        spans.add(span(span, resource));
                    }
                }
            }
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span span(UnknownFieldSet span, Map<String, String> resource) {
        boolean failed = false;
        for (UnknownFieldSet status : messages(span, 15)) {
            failed = number(status, 3) == 2;
        }
        return new Span(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                (int) number(span, 6),
                failed,
                tags(span, 9),
                resource);
    }

    private static Map<String, String> tags(UnknownFieldSet message, int field) {
        Map<String, String> tags = new HashMap<>();
        for (UnknownFieldSet tag : messages(message, field)) {
            for (UnknownFieldSet value : messages(tag, 2)) {
                tags.put(text(tag, 1), value.hasField(3) ? Long.toString(number(value, 3)) : text(value, 1));
            }
        }
        return tags;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(OtlpCollector::parsed)
                .toList();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("not a message of OTLP", e);
        }
    }

    private static String hex(UnknownFieldSet message, int field) {
        return HexFormat.of().formatHex(bytes(message, field).toByteArray());
    }

    private static String text(UnknownFieldSet message, int field) {
        return bytes(message, field).toStringUtf8();
    }

    private static ByteString bytes(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.getLast();
    }

    private static long number(UnknownFieldSet message, int field) {
        List<Long> values = message.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getLast();
    }
}
