package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects as streams: any key, any size, and never the beginning taken for the whole. */
final class ObjectsTest {
    private static final String OBJECTS = "/api/tenants/acme/environments/dev/instances/files/objects";
    private static final long LARGE = 100L * 1024 * 1024;

    private static final Digest HELLO = Digest.sha256("hello");
    private static final String HELLO_HEADER = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> put(String path, String content) {
        return server.send(server.request(OBJECTS + "/" + path, ACME)
                .header("Content-Type", "text/plain")
                .PUT(BodyPublishers.ofString(content)));
    }

    @Test
    void storesAndGivesBack() {
        HttpResponse<String> stored = server.send(server.request(OBJECTS + "/a/b.txt", ACME)
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("X-Maestro-Meta-Owner", "J%C3%BCrgen 100%25")
                .header("If-Match", "\"e0\"")
                .PUT(BodyPublishers.ofString("hello")));

        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(stored.headers().firstValue("ETag")).contains("\"e1\"");
        assertThat(TestServer.json(stored).path("size").asInt()).isEqualTo(5);
        assertThat(TestServer.json(stored).path("sha256").isNull())
                .as("what is not known is said to be that")
                .isTrue();
        assertThat(server.fakes.calls.inputs)
                .containsExactly("{\"key\":\"a/b.txt\",\"contentType\":\"text/plain; charset=utf-8\","
                        + "\"metadata\":{\"owner\":\"Jürgen 100%\"},\"ifAbsent\":false,\"ifMatch\":\"e0\"}");
        assertThat(server.fakes.touched).containsExactly("upload 5");

        server.fakes.calls.metadata = "{\"owner\":\"Jürgen 100%\\r\\nX-Evil: 1\",\"bad name\":\"x\"}";
        HttpResponse<String> given = server.get(OBJECTS + "/a/b.txt", ACME);
        assertThat(given.body()).isEqualTo("hello");
        assertThat(given.headers().firstValue("Content-Length")).contains("5");
        assertThat(given.headers().firstValue("ETag")).contains("\"e1\"");
        assertThat(given.headers().firstValue("Last-Modified")).contains("Fri, 20 Nov 2026 22:00:00 GMT");
        assertThat(given.headers().firstValue("X-Maestro-Meta-owner")).contains("J%c3%bcrgen 100%25%0d%0aX-Evil: 1");
        assertThat(given.headers().map()).doesNotContainKeys("x-evil", "x-maestro-meta-bad name");
        assertThat(server.fakes.calls.closed).hasValue(1);
    }

    @Test
    void storesOnlyWhenAbsentWhenToldSo() {
        HttpResponse<String> made = server.send(server.request(OBJECTS + "/new", ACME)
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("x")));

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(server.fakes.calls.inputs.getLast()).contains("\"ifAbsent\":true");
        assertThat(TestServer.code(server.send(server.request(OBJECTS + "/new", ACME)
                        .header("If-None-Match", "\"e1\"")
                        .PUT(BodyPublishers.ofString("x")))))
                .isEqualTo("invalid-request");
    }

    @Test
    void handsOnTheDigestThatTheBodyIsSaidToHave() {
        String base64 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        assertThat(with("md5=:AAAA:, sha-256=:" + base64 + ":").statusCode()).isEqualTo(200);
        assertThat(server.fakes.calls.options.getLast().content())
                .isEqualTo(new Digest("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));

        assertThat(put("plain", "hello").statusCode()).isEqualTo(200);
        assertThat(server.fakes.calls.options.getLast().content()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=:AAAA:", "md5=:AAAA:", "sha-256=2cf24dba", "sha-512=:AAAA:", "x"})
    void refusesADigestThatIsNone(String header) {
        assertThat(TestServer.code(with(header))).isEqualTo("invalid-request");
        assertThat(server.fakes.touched).isEmpty();
    }

    private HttpResponse<String> with(String digest) {
        return server.send(server.request(OBJECTS + "/said", ACME)
                .header("Content-Digest", digest)
                .PUT(BodyPublishers.ofString("hello")));
    }

    @Test
    void storesEmptyObject() {
        assertThat(put("empty", "").statusCode()).isEqualTo(200);

        HttpResponse<String> given = server.get(OBJECTS + "/empty", ACME);
        assertThat(given.statusCode()).isEqualTo(200);
        assertThat(given.body()).isEmpty();
        assertThat(given.headers().firstValue("Content-Length")).contains("0");
    }

    @Test
    void tellsBrowsersToSaveAndNotToShow() {
        server.fakes.calls.contentType = "text/html";
        put("page.html", "<script>alert(1)</script>");

        HttpResponse<String> given = server.get(OBJECTS + "/page.html", ACME);

        assertThat(given.headers().firstValue("Content-Disposition")).contains("attachment");
        assertThat(given.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(given.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("sandbox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a type", "*/*", "", "text/html\r\nX-Evil: 1"})
    void servesOddMediaTypesAsBytes(String type) {
        put("odd", "x");
        server.fakes.calls.contentType = type.replace("\r\n", "\\r\\n").equals(type) ? type : "text/html\tX-Evil: 1";

        HttpResponse<String> given = server.get(OBJECTS + "/odd", ACME);

        assertThat(given.statusCode()).isEqualTo(200);
        assertThat(given.headers().firstValue("Content-Type")).contains("application/octet-stream");
    }

    @Test
    void answersHeadWithoutOpening() {
        put("a", "hello");
        server.fakes.calls.sha256 = HELLO.hex();
        server.fakes.touched.clear();

        HttpResponse<String> head =
                server.send(server.request(OBJECTS + "/a", ACME).HEAD());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("5");
        assertThat(head.headers().firstValue("Accept-Ranges")).contains("bytes");
        assertThat(head.headers().firstValue("Repr-Digest")).contains(HELLO_HEADER);
        assertThat(server.fakes.touched).containsExactly("call");
        assertThat(server.send(server.request(OBJECTS + "/a", ACME)
                                .header("If-None-Match", "\"e1\"")
                                .HEAD())
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, h, 0-0",
        "bytes=1-3, ell, 1-3",
        "bytes=1-, ello, 1-4",
        "bytes=3-99, lo, 3-4",
        "bytes=-2, lo, 3-4",
        "bytes=-99, hello, 0-4",
        "Bytes = 0-1, he, 0-1"
    })
    void givesAPart(String range, String bytes, String given) {
        put("a", "hello");
        server.fakes.calls.sha256 = HELLO.hex();

        HttpResponse<String> part =
                server.send(server.request(OBJECTS + "/a", ACME).header("Range", range));

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(bytes);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes " + given + "/5");
        assertThat(part.headers().firstValueAsLong("Content-Length")).hasValue(bytes.length());
        assertThat(part.headers().firstValue("ETag")).contains("\"e1\"");
        assertThat(part.headers().firstValue("Repr-Digest")).as("of the whole").contains(HELLO_HEADER);
        assertThat(part.headers().firstValue("Content-Digest"))
                .as("of the part")
                .isEmpty();
        assertThat(server.fakes.calls.closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "lines=1-2", "bytes=3-1", "bytes=-", "bytes", "bytes=a-b", "bytes=1"})
    void givesTheWholeForWhatIsNotOneRange(String range) {
        put("a", "hello");

        HttpResponse<String> whole =
                server.send(server.request(OBJECTS + "/a", ACME).header("Range", range));

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-", "bytes=99-100", "bytes=-0"})
    void saysHowLargeAnObjectWithoutSuchARangeIs(String range) {
        put("a", "hello");

        HttpResponse<String> refused =
                server.send(server.request(OBJECTS + "/a", ACME).header("Range", range));

        assertThat(refused.statusCode()).isEqualTo(416);
        assertThat(TestServer.code(refused)).isEqualTo("storage-range-unsatisfiable");
        assertThat(refused.headers().firstValue("Content-Range")).contains("bytes */5");
    }

    @Test
    void rangeCountsOnlyForTheStateThatIsMeant() {
        put("a", "hello");

        assertThat(ifRange("bytes=1-3", "\"e1\"").body()).isEqualTo("ell");
        for (String other : List.of("\"e0\"", "W/\"e1\"", "Fri, 20 Nov 2026 22:00:00 GMT")) {
            assertThat(ifRange("bytes=1-3", other).body()).isEqualTo("hello");
            assertThat(ifRange("bytes=99-", other).statusCode()).isEqualTo(200);
        }
        assertThat(server.fakes.calls.closed).as("what was opened").hasValue(10);
        HttpResponse<String> known = server.send(server.request(OBJECTS + "/a", ACME)
                .header("Range", "bytes=99-")
                .header("If-None-Match", "\"e1\""));
        assertThat(known.statusCode()).isEqualTo(304);
    }

    private HttpResponse<String> ifRange(String range, String tag) {
        return server.send(
                server.request(OBJECTS + "/a", ACME).header("Range", range).header("If-Range", tag));
    }

    @Test
    void breaksOffAPartThatIsShorterThanItWasSaidToBe() {
        put("a", "hello");
        server.fakes.calls.content = bytes -> InputStream.nullInputStream();

        HttpResponse<String> given =
                server.send(server.request(OBJECTS + "/a", ACME).header("Range", "bytes=1-3"));

        assertThat(TestServer.code(given)).isEqualTo("server-failed");
    }

    @Test
    void tellsTheDigestOfTheWhole() {
        put("a", "hello");
        assertThat(server.get(OBJECTS + "/a", ACME).headers().map())
                .doesNotContainKeys("repr-digest", "content-digest");

        server.fakes.calls.sha256 = HELLO.hex();
        HttpResponse<String> given = server.get(OBJECTS + "/a", ACME);
        assertThat(given.headers().firstValue("Repr-Digest")).contains(HELLO_HEADER);
        assertThat(given.headers().firstValue("Content-Digest")).contains(HELLO_HEADER);

        server.fakes.calls.sha256 = "none";
        assertThat(server.get(OBJECTS + "/a", ACME).headers().map())
                .doesNotContainKeys("repr-digest", "content-digest");
    }

    @Test
    void takesTheDigestOfTheObjectAsThatOfTheBody() {
        assertThat(server.send(server.request(OBJECTS + "/said", ACME)
                                .header("Repr-Digest", HELLO_HEADER)
                                .PUT(BodyPublishers.ofString("hello")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.fakes.calls.options.getLast().content()).isEqualTo(HELLO);
        assertThat(server.fakes.calls.inputs.getLast()).contains("\"sha256\":\"" + HELLO.hex() + "\"");

        assertThat(TestServer.code(server.send(server.request(OBJECTS + "/said", ACME)
                        .header("Repr-Digest", HELLO_HEADER)
                        .header("Content-Digest", "sha-256=:" + "A".repeat(43) + "=:")
                        .PUT(BodyPublishers.ofString("hello")))))
                .isEqualTo("invalid-request");
    }

    @Test
    void listsByWhatKeysBeginWith() {
        server.fakes.calls.listed = "{\"objects\":[],\"prefixes\":[\"a/\",\"b/\"],\"next\":\"c\"}";

        assertThat(server.get(OBJECTS + "?delimiter=%2F&limit=2", ACME).body())
                .isEqualTo("{\"items\":[],\"prefixes\":[\"a/\",\"b/\"],\"next\":\"acme~dev.c\"}");
        assertThat(server.fakes.calls.inputs.getLast())
                .isEqualTo("{\"prefix\":null,\"cursor\":null,\"limit\":2,\"delimiter\":\"/\"}");
    }

    @Test
    void answersKnownObjectWith304() {
        put("a", "hello");

        HttpResponse<String> given =
                server.send(server.request(OBJECTS + "/a", ACME).header("If-None-Match", "\"e1\""));

        assertThat(given.statusCode()).isEqualTo(304);
        assertThat(server.fakes.calls.closed).hasValue(1);
    }

    @Test
    void deletesAndLists() {
        assertThat(server.send(server.request(OBJECTS + "/a", ACME).DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(server.get(OBJECTS + "?prefix=a%2Fb%20&limit=7&cursor=acme~dev.c", ACME)
                        .body())
                .isEqualTo(
                        "{\"items\":[{\"key\":\"a\",\"size\":1,\"etag\":\"1\",\"lastModified\":\"2026-01-02T03:04:05Z\"}],\"prefixes\":null,\"next\":null}");
        assertThat(server.fakes.calls.inputs)
                .containsExactly("{\"key\":\"a\"}", "{\"prefix\":\"a/b \",\"cursor\":\"c\",\"limit\":7}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a/b/c",
                "with space",
                "pl+us",
                "ünï/çødé/日本",
                "😀",
                "100%",
                "%2F",
                "a%2Fb",
                "semi;colon=1",
                "que?ry#hash",
                "a//b",
                "a/",
                "/leading",
                "a\\b",
                "..a",
                "a..b",
                "...",
                "[x]{y}|^`\"<>'",
                "&=,:@!$*()~"
            })
    void keepsKeysExactly(String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(put(encoded, "x").statusCode()).as(key).isEqualTo(200);
        assertThat(server.fakes.calls.objects).containsOnlyKeys(key);
        assertThat(server.get(OBJECTS + "/" + encoded, ACME).body()).isEqualTo("x");
        assertThat(server.fakes.access.origins.getLast().resource()).isEqualTo(OBJECTS + "/" + encoded);

        // slashes may also stand as they are
        String plain = encoded.replace("%2F", "/");
        assertThat(put(plain, "y").statusCode()).as(plain).isEqualTo(200);
        assertThat(server.fakes.calls.objects).containsOnlyKeys(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../secret",
                "a/../b",
                "./a",
                "a/.",
                "%2e%2e/x",
                "%2E%2E/%2E%2E/x",
                ".%2e/x",
                "a/%2e",
                "a;x/../b",
                "..;/x",
                "a;b",
                "%ff",
                "a%00b/..",
                "a%",
                "%zz"
            })
    void refusesAmbiguousPaths(String path) throws IOException {
        String answer = RawExchange.exchange(
                server.base(),
                "GET " + OBJECTS + "/" + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ACME
                        + "\r\n",
                "");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void keepsEncodedTraversalWithinTheKey() {
        assertThat(put("a%2F..%2F..%2Fb", "x").statusCode()).isEqualTo(200);
        assertThat(server.fakes.calls.objects).containsOnlyKeys("a/../../b");
        assertThat(server.fakes.access.asked).isNotNull();
    }

    @Test
    void streamsUpInConstantMemory() throws Exception {
        long before = used();
        HttpResponse<String> stored = server.send(
                server.request(OBJECTS + "/large", ACME).PUT(BodyPublishers.ofInputStream(() -> new Zeros(LARGE))));

        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(server.fakes.calls.uploaded).hasValue(LARGE);
        assertThat(server.fakes.touched).containsExactly("upload ?");
        assertThat(used() - before).isLessThan(LARGE / 2);
    }

    @Test
    void streamsDownInConstantMemory() throws Exception {
        put("large", "x");
        server.fakes.calls.claimedSize = LARGE;
        server.fakes.calls.content = bytes -> new Zeros(LARGE);
        long before = used();

        HttpResponse<InputStream> given =
                server.client.send(server.request(OBJECTS + "/large", ACME).build(), BodyHandlers.ofInputStream());

        assertThat(given.headers().firstValueAsLong("Content-Length")).hasValue(LARGE);
        try (InputStream body = given.body()) {
            assertThat(body.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(LARGE);
        }
        assertThat(used() - before).isLessThan(LARGE / 2);
        assertThat(server.fakes.calls.closed).hasValue(1);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @ParameterizedTest
    @ValueSource(longs = {40_000, 10_000_000})
    void breaksTheConnectionWhenTheStorageBreaks(long after) {
        put("breaks", "x");
        server.fakes.calls.claimedSize = LARGE;
        server.fakes.calls.content = bytes -> new FailingStream(after);

        assertThatThrownBy(() -> {
                    HttpResponse<byte[]> given = server.client.send(
                            server.request(OBJECTS + "/breaks", ACME).build(), BodyHandlers.ofByteArray());
                    throw new AssertionError("looks whole: " + given.statusCode() + " " + given.body().length);
                })
                .isInstanceOf(IOException.class);
        assertThat(server.fakes.calls.closed).hasValue(1);
        assertThat(server.get("/api/whoami", ACME).statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotPassOffLessForTheWhole() {
        put("short", "hello");
        server.fakes.calls.claimedSize = 6;

        HttpResponse<String> given = server.get(OBJECTS + "/short", ACME);

        assertThat(given.statusCode()).isEqualTo(500);
        assertThat(TestServer.code(given)).isEqualTo("server-failed");
    }

    @Test
    void reportsStorageThatFailsAtOnce() {
        put("fails", "x");
        server.fakes.calls.content = bytes -> new FailingStream(0);

        HttpResponse<String> given = server.get(OBJECTS + "/fails", ACME);

        assertThat(TestServer.code(given)).isEqualTo("adapter-failed");
        assertThat(server.fakes.calls.closed).hasValue(1);
    }

    @Test
    void closesTheDownloadWhenTheClientGoesAway() throws Exception {
        put("large", "x");
        server.fakes.calls.claimedSize = 50 * LARGE;
        server.fakes.calls.content = bytes -> new Zeros(50 * LARGE);
        try (RawExchange raw = new RawExchange(server.base())) {
            raw.send("GET " + OBJECTS + "/large HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ACME
                    + "\r\n\r\n");
            assertThat(raw.until(text -> text.contains("\r\n\r\n"))).startsWith("HTTP/1.1 200");
            raw.reset();
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> server.fakes.calls.closed.get() == 1);
    }

    @Test
    void tellsTheStorageWhenTheClientBreaksOff() throws Exception {
        try (RawExchange raw = new RawExchange(server.base())) {
            raw.send("PUT " + OBJECTS + "/part HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ACME
                    + "\r\nContent-Length: 1000\r\n\r\nonly this");
            await().atMost(Duration.ofSeconds(30)).until(() -> server.fakes.touched.contains("upload 1000"));
            raw.reset();
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> server.fakes.touched.contains("upload broke"));
        assertThat(server.fakes.calls.objects).isEmpty();
    }

    /** Zeros without a buffer of them. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            left -= count;
            return count;
        }
    }

    /** Gives zeros and then fails. */
    private static final class FailingStream extends InputStream {
        private final Zeros zeros;

        FailingStream(long after) {
            zeros = new Zeros(after);
        }

        @Override
        public int read() throws IOException {
            int b = zeros.read();
            if (b < 0) {
                throw new IOException("the storage broke");
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = zeros.read(buffer, offset, length);
            if (count < 0) {
                throw new IOException("the storage broke");
            }
            return count;
        }
    }
}
