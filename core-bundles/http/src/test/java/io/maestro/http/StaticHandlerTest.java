package io.maestro.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.http.StaticContent;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is served beside the API, and with which headers. */
final class StaticHandlerTest {
    private static final String SCRIPT = "console.log('here')";

    private @Nullable StaticContent offered = new Pages();
    private final HttpServer server = new HttpServer(
            new NodeSettings.Http("127.0.0.1", 0),
            new StaticHandler(() -> offered),
            new ProblemErrors(
                    (problem, instance, correlationId) -> problem.code().getBytes(UTF_8)),
            new RequestCounts(Metrics.NONE),
            HttpServer.Bounds.USUAL);
    private final URI base = server.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        server.stop();
    }

    @Test
    void leadsFromTheRootToThePages() throws Exception {
        for (String path : new String[] {"/", "/pages"}) {
            HttpResponse<byte[]> answer = get(path);

            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).contains("/pages/");
        }
    }

    @Test
    void letsAPageLoadFilesOfThisServerAlone() throws Exception {
        HttpResponse<byte[]> answer = get("/pages/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*", "data:");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    }

    @Test
    void hasBrowsersAskAgainForAPageAndNeverForAFileWithAHash() throws Exception {
        assertThat(get("/pages/").headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(get("/pages/assets/a-1.js").headers().firstValue("Cache-Control"))
                .contains("public, max-age=31536000, immutable");
    }

    @Test
    void answersThatNothingChanged() throws Exception {
        String tag = get("/pages/").headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> answer = get("/pages/", "If-None-Match", "\"other\", W/" + tag);

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(get("/pages/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void compressesForWhoeverTakesIt() throws Exception {
        HttpResponse<byte[]> plain = get("/pages/assets/a-1.js");
        HttpResponse<byte[]> compressed = get("/pages/assets/a-1.js", "Accept-Encoding", "br, gzip;q=0.5");
        HttpResponse<byte[]> refused = get("/pages/assets/a-1.js", "Accept-Encoding", "gzip;q=0");

        assertThat(plain.body()).asString(UTF_8).isEqualTo(SCRIPT);
        assertThat(refused.body()).asString(UTF_8).isEqualTo(SCRIPT);
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes())
                .asString(UTF_8)
                .isEqualTo(SCRIPT);
        assertThat(compressed.headers().firstValue("ETag"))
                .isNotEqualTo(plain.headers().firstValue("ETag"));
        assertThat(plain.headers().firstValue("Vary")).contains("Accept-Encoding");
    }

    @Test
    void servesNothingElse() throws Exception {
        for (String path : new String[] {"/other", "/pages/none", "/pagesx", "/page"}) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
        HttpRequest write = HttpRequest.newBuilder(base.resolve("/pages/"))
                .POST(BodyPublishers.ofString("x"))
                .build();
        assertThat(client.send(write, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
    }

    @Test
    void servesNothingWhenNobodyOffersAnything() throws Exception {
        offered = null;

        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/pages/").statusCode()).isEqualTo(404);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** A page and a script. */
    private static final class Pages implements StaticContent {
        @Override
        public String prefix() {
            return "/pages/";
        }

        @Override
        public @Nullable Asset asset(String path) {
            return switch (path) {
                case "" -> new Text("text/html; charset=utf-8", "<html></html>", false);
                case "assets/a-1.js" -> new Text("text/javascript; charset=utf-8", SCRIPT, true);
                default -> null;
            };
        }
    }

    private record Text(String mediaType, String text, boolean immutable) implements StaticContent.Asset {
        @Override
        public String tag() {
            return Integer.toHexString(text.hashCode());
        }

        @Override
        public boolean compressible() {
            return immutable;
        }

        @Override
        public InputStream open(boolean gzip) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            if (!gzip) {
                return new ByteArrayInputStream(bytes);
            }
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
                out.write(bytes);
            }
            return new ByteArrayInputStream(compressed.toByteArray());
        }
    }
}
