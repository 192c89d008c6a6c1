package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.testing.peers.GcsProtocolServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the other tests are run against is no server of Google's. So it is held here against what does not come from us:
 * Google's client for Node, which has to find in it all that it expects, and answers that Google has documented.
 */
final class ProtocolServerTest {
    private static GcsProtocolServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = GcsProtocolServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void googlesOwnClientFindsWhatItExpects() throws IOException, InterruptedException {
        Process client = new ProcessBuilder(
                        "node", "official-client.js", server.endpoint().toString())
                .directory(server.installed().toFile())
                .redirectErrorStream(true)
                .start();
        String told = new String(client.getInputStream().readAllBytes(), UTF_8);
        assertThat(client.waitFor()).as(told).isZero();
        assertThat(told.lines())
                .containsExactly(
                        "ok makes a bucket",
                        "ok uploads in one request and downloads, comparing CRC-32C",
                        "ok uploads in chunks of unknown total, comparing MD5",
                        "ok uploads in one resumable request",
                        "ok goes on where the server stopped keeping",
                        "ok reads a range",
                        "ok lists by prefix, by delimiter and page by page",
                        "ok stores under a condition",
                        "ok changes metadata, which is another metageneration",
                        "ok signs URLs for reading and writing",
                        "ok deletes, and is told that nothing is there",
                        "ok is told what is wrong");
    }

    /** The example of https://cloud.google.com/storage/docs/json_api/v1/status-codes. */
    @Test
    void whoHasNoTokenIsAnsweredAsDocumented() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(server.endpoint().resolve("/storage/v1/b/some-bucket/o")));
        assertThat(answer.statusCode()).isEqualTo(401);
        JsonMapper json = new JsonMapper();
        assertThat(json.readTree(answer.body())).isEqualTo(json.readTree("""
                                {"error": {"code": 401, "message": "Login Required", "errors": [{"domain": "global",
                                  "reason": "required", "message": "Login Required", "locationType": "header",
                                  "location": "Authorization"}]}}
                                """));
    }

    /** RFC 6749 §5.2, as the token endpoint of https://developers.google.com/identity/protocols/oauth2/service-account has it. */
    @Test
    void tokenEndpointRefusesAsOAuthSays() throws Exception {
        for (String assertion : new String[] {"", "a.b.c", "e30.e30.e30"}) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(server.tokenEndpoint())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(
                            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
                                    + assertion)));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(new JsonMapper().readTree(answer.body()).path("error").asText())
                    .isEqualTo("invalid_grant");
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
