package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets over HTTP: values in, never out. */
final class SecretsTest {
    private static final String SECRETS = "/api/tenants/acme/environments/dev/secrets";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void takesAValueAndDoesNotGiveItBack() {
        HttpResponse<String> first = put("/shared/database", "{\"value\":\"very-secret\"}", null);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location")).contains(SECRETS + "/shared/database");
        assertThat(first.headers().firstValue("ETag")).contains("\"1\"");
        JsonNode body = TestServer.json(first);
        assertThat(body.path("name").asText()).isEqualTo("shared/database");
        assertThat(body.path("versions").path(0).path("createdBy").asText()).isEqualTo("token:acme");
        assertThat(body.path("usedBy").path(0).asText()).isEqualTo("files");
        assertThat(server.fakes.secrets.values).containsExactly("very-secret");
        String shown = first.body()
                + server.get(SECRETS + "/shared/database", ACME).body()
                + server.get(SECRETS, ACME).body()
                + server.get(SECRETS.replace("secrets", "secret-accesses"), ACME)
                        .body();
        assertThat(shown).contains("shared/database").doesNotContain("very-secret");
    }

    @Test
    void takesTheNameEncodedAsWell() {
        assertThat(TestServer.json(server.get(SECRETS + "/shared%2Fdatabase", ACME))
                        .path("name")
                        .asText())
                .isEqualTo("shared/database");
        assertThat(TestServer.code(server.get(SECRETS + "/a%20b", ACME))).isEqualTo("invalid-name");
        assertThat(TestServer.code(server.get(SECRETS + "/missing", ACME))).isEqualTo("secret-unknown");
    }

    @Test
    void putsOnlyOverTheVersionThatTheCallerKnows() {
        put("/a", "{\"value\":\"1\"}", null);
        assertThat(put("/a", "{\"value\":\"2\"}", "\"1\"").statusCode()).isEqualTo(200);
        assertThat(TestServer.code(put("/a", "{\"value\":\"3\"}", "\"1\""))).isEqualTo("revision-changed");
        assertThat(TestServer.code(put("/a", "{\"value\":\"3\"}", "\"x\""))).isEqualTo("revision-changed");
        assertThat(server.fakes.secrets.values).containsExactly("1", "2");
    }

    @Test
    void answersABadBodyWithoutQuotingIt() {
        for (String body :
                new String[] {"{\"value\":7331733}", "{\"valve\":\"very-secret\"}", "{}", "{\"value\":\"x7331733"}) {
            HttpResponse<String> answer = put("/a", body, null);
            assertThat(TestServer.code(answer)).isEqualTo("invalid-request");
            assertThat(answer.body()).doesNotContain("7331733", "very-secret");
        }
    }

    @Test
    void saysThatASecretIsInUse() {
        HttpResponse<String> answer =
                server.send(server.request(SECRETS + "/a", ACME).DELETE());
        assertThat(TestServer.code(answer)).isEqualTo("secret-in-use");
    }

    @Test
    void changesKeys() {
        assertThat(TestServer.json(server.post(SECRETS + ":rotate-data-key", ACME, ""))
                        .toString())
                .isEqualTo("{\"tenant\":\"acme\",\"environment\":\"dev\",\"dataKey\":2,\"secrets\":7}");
        assertThat(TestServer.code(server.post("/api/master-key:rotate", ACME, "")))
                .isEqualTo("forbidden");
        assertThat(TestServer.json(server.post("/api/master-key:rotate", ADMIN, ""))
                        .toString())
                .isEqualTo("{\"masterKey\":\"0123456789abcdef\",\"dataKeys\":3}");
    }

    private HttpResponse<String> put(String path, String body, @Nullable String tag) {
        HttpRequest.Builder request = server.request(SECRETS + path, ACME)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body));
        return server.send(tag == null ? request : request.header("If-Match", tag));
    }
}
