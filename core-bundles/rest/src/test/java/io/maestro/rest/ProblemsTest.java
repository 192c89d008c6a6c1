package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.telemetry.LogFields;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, the answer is a problem that says where and how to mend it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProblemsTest {
    private static final String CALL = "/api/tenants/acme/environments/dev/instances/files/operations/";

    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void carriesAllThatAProblemHas() {
        HttpResponse<String> answer =
                server.send(server.request("/api/tenants/nope?x=1", ADMIN).header("X-Correlation-Id", "trace:7"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("X-Correlation-Id")).contains("trace:7");
        assertThat(answer.body())
                .isEqualTo("{\"type\":\"urn:maestro:problem:tenant-unknown\",\"title\":\"There is no such tenant\","
                        + "\"status\":404,\"detail\":\"the fake says so\",\"instance\":\"/api/tenants/nope\","
                        + "\"code\":\"tenant-unknown\",\"category\":\"caller\",\"fix\":\"Mend it.\",\"violations\":[],"
                        + "\"retryable\":false,\"correlationId\":\"trace:7\"}");
    }

    @Test
    void refusesMethodWithTheAllowedOnes() {
        HttpResponse<String> answer =
                server.send(server.request("/api/tenants", ADMIN).DELETE());

        assertThat(TestServer.code(answer)).isEqualTo("method-not-allowed");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
    }

    @Test
    void refusesUnknownMediaTypes() {
        HttpResponse<String> body = server.send(server.request("/api/tenants", ADMIN)
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<a/>")));
        assertThat(TestServer.code(body)).isEqualTo("unsupported-media-type");
        assertThat(TestServer.code(
                        server.send(server.request("/api/tenants", ADMIN).POST(BodyPublishers.ofString("{}")))))
                .isEqualTo("unsupported-media-type");
        assertThat(TestServer.code(server.send(server.request("/api/tenants", ADMIN)
                        .header("Content-Type", "junk")
                        .POST(BodyPublishers.ofString("{}")))))
                .isIn("unsupported-media-type", "invalid-request");
        assertThat(TestServer.code(
                        server.send(server.request("/api/tenants", ADMIN).header("Accept", "text/html"))))
                .isEqualTo("not-acceptable");
        assertThat(TestServer.code(
                        server.send(server.request("/api/tenants", ADMIN).header("Accept", "///"))))
                .isEqualTo("invalid-request");
    }

    @Test
    void tellsLineAndColumnOfMalformedJson() {
        HttpResponse<String> answer = server.post("/api/tenants", ADMIN, "{\n  \"id\": ,\n}");

        assertThat(TestServer.code(answer)).isEqualTo("invalid-request");
        assertThat(TestServer.json(answer).path("detail").asText()).contains("line 2, column");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"a\",\"colour\":\"red\"} | /colour | \"colour\" is not known here",
                "{\"id\":{}} | /id | not of the expected kind",
                "{\"id\":7} | /id | not of the expected kind",
                "{} | /id | is required",
                "{\"id\":null} | /id | is required"
            })
    void pointsAtTheFieldThatIsWrong(String body, String pointer, String detail) {
        JsonNode problem = TestServer.json(server.post("/api/tenants", ADMIN, body));

        assertThat(problem.path("code").asText()).isEqualTo("invalid-request");
        assertThat(problem.path("violations").path(0).path("pointer").asText()).isEqualTo(pointer);
        assertThat(problem.path("violations").path(0).path("detail").asText()).contains(detail);
        assertThat(problem.toString()).doesNotContain("io.maestro", "jackson");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{\"id\":\"a\",\"id\":\"b\"}",
                "{\"id\":\"a\"} {}",
                "{\"id\":\"a\"}x",
                "{'id':'a'}",
                "{\"id\":\"a\"",
                "{\"id\":\"a\\u00\"}",
                "\ufeff\u0000"
            })
    void refusesWhatIsNotOneStrictJsonObject(String body) {
        HttpResponse<String> answer = server.post("/api/tenants", ADMIN, body);

        assertThat(TestServer.code(answer)).isEqualTo("invalid-request");
        assertThat(answer.body()).doesNotContain("io.maestro", "jackson");
    }

    @Test
    void refusesDeepDocuments() {
        String deep = "{\"id\":\"deep\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":" + "[".repeat(100)
                + "]".repeat(100) + "}";

        HttpResponse<String> answer = server.post("/api/tenants/acme/environments/dev/instances", ACME, deep);

        assertThat(TestServer.code(answer)).isEqualTo("invalid-request");
        assertThat(TestServer.json(answer).path("detail").asText()).contains("nested too deeply");
    }

    @Test
    void refusesEndlessNumbers() {
        String body = "{\"id\":\"n\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":" + "9".repeat(5_000) + "}";

        assertThat(TestServer.code(server.post("/api/tenants/acme/environments/dev/instances", ACME, body)))
                .isEqualTo("invalid-request");
    }

    @Test
    void refusesLargeBodies() {
        String body = "{\"id\":\"" + "a".repeat(Wire.LARGEST_BODY) + "\"}";

        assertThat(TestServer.code(server.post("/api/tenants", ADMIN, body))).isEqualTo("body-too-large");
        assertThat(TestServer.code(server.post(CALL + "echo", ACME, body))).isEqualTo("body-too-large");
        assertThat(TestServer.code(server.send(server.request("/api/tenants", ADMIN)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "large")
                        .POST(BodyPublishers.ofString(body)))))
                .isEqualTo("body-too-large");
    }

    @Test
    void hidesWhatIsOurFault() {
        HttpResponse<String> answer = server.post(CALL + "crash", ACME, "{}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(TestServer.code(answer)).isEqualTo("server-failed");
        assertThat(answer.body()).doesNotContain("secret detail", "IllegalState");
    }

    @Test
    void logsWhatIsOurFaultWithWhomItConcerns() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                records.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(Problems.class.getName());
        log.addHandler(handler);
        try {
            server.send(server.request(CALL + "crash", ACME)
                    .header("X-Correlation-Id", "trace:8")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
        } finally {
            log.removeHandler(handler);
        }

        Map<String, String> carried = new LinkedHashMap<>();
        assertThat(records).singleElement().satisfies(line -> {
            assertThat(line.getMessage()).contains("trace:8", "server-failed");
            assertThat(line.getThrown()).hasMessageContaining("secret detail");
            assertThat(line.getResourceBundle())
                    .isInstanceOfSatisfying(LogFields.class, fields -> fields.forEach(carried::put));
        });
        assertThat(carried)
                .containsExactly(
                        Map.entry("tenant", "acme"),
                        Map.entry("environment", "dev"),
                        Map.entry("instance", "files"),
                        Map.entry("correlationId", "trace:8"));
    }

    @Test
    void answersHeadWithoutBody() {
        HttpResponse<String> answer =
                server.send(server.request("/api/whoami", ACME).HEAD());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(server.send(server.request("/api/tenants/nope", ADMIN).HEAD())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void answersOptionsWithTheMethods() {
        HttpResponse<String> answer =
                server.send(server.request("/api/tenants", ADMIN).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isIn(200, 204);
        assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
    }

    @Test
    void servesItsOwnDescription() {
        JsonNode description = TestServer.json(server.get("/api/openapi.json", ACME));

        assertThat(description.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(description.path("paths").has("/api/tenants/{tenant}")).isTrue();
    }

    @Test
    void keepsSecurityHeadersOnEveryAnswer() {
        for (HttpResponse<String> answer : List.of(
                server.get("/api/whoami", ACME), server.get("/api/whoami", null), server.get("/elsewhere", null))) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("sandbox");
            assertThat(answer.headers().firstValue("X-Correlation-Id").orElse(""))
                    .isNotEmpty();
            assertThat(answer.headers().map()).doesNotContainKeys("server", "x-powered-by");
        }
        assertThat(TestServer.code(server.get("/elsewhere", null))).isEqualTo("path-unknown");
    }
}
