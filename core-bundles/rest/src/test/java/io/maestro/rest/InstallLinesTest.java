package io.maestro.rest;

import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks for lines sees an installation as it goes. */
class InstallLinesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server = new TestServer();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        goOn.countDown();
        server.close();
    }

    @Test
    void tellsEachCheckAndThenTheDefinition() {
        HttpResponse<String> answer = server.send(install("", 100));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<JsonNode> lines = lines(answer);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).path("step").path("check").asText()).isEqualTo("bytes");
        assertThat(lines.get(0).path("step").path("result").asText()).isEqualTo("passed");
        assertThat(lines.get(0).path("step").path("detail").asText()).isEqualTo("100 bytes");
        assertThat(lines.get(0).path("step").path("tookMicros").isIntegralNumber())
                .isTrue();
        assertThat(lines.get(1).path("step").path("check").asText()).isEqualTo("signature");
        assertThat(lines.get(2).path("status").asInt()).isEqualTo(201);
        assertThat(lines.get(2).path("definition").path("id").asText()).isEqualTo("storage-s3@1.0.0");
        assertThat(lines.get(2).has("step")).isFalse();
        assertThat(server.fakes.touched).contains("admit");
    }

    @Test
    void saysOfKnownBytesThatNothingWasMade() {
        assertThat(lines(server.send(install("", 5))).getLast().path("status").asInt())
                .isEqualTo(200);
    }

    @Test
    void endsWithThePlanOfADryRun() {
        List<JsonNode> lines = lines(server.send(install("?dryRun=true", 100)));

        assertThat(lines).hasSize(3);
        assertThat(lines.getLast().path("status").asInt()).isEqualTo(200);
        assertThat(lines.getLast().path("plan").path("digest").asText()).startsWith("sha256:");
        assertThat(server.fakes.touched).contains("planInstall").doesNotContain("admit");
    }

    @Test
    void endsWithTheProblemAsAPlainAnswerWouldHaveIt() {
        server.fakes.definitions.refuse = TrustProblem.SIGNATURE_MISSING;

        HttpResponse<String> plain = server.send(server.request("/api/adapters", ADMIN)
                .header("Content-Type", "application/java-archive")
                .header("X-Correlation-Id", "c1")
                .POST(BodyPublishers.ofByteArray(new byte[100])));
        List<JsonNode> lines = lines(server.send(install("", 100).header("X-Correlation-Id", "c1")));

        assertThat(lines.get(1).path("step").path("result").asText()).isEqualTo("failed");
        assertThat(lines.getLast().path("status").asInt()).isEqualTo(plain.statusCode());
        assertThat(lines.getLast().path("problem")).isEqualTo(TestServer.json(plain));
    }

    @Test
    void tellsAFaultOfTheServerTooAndKeepsItsDetailsInTheLog() {
        server.fakes.definitions.verifying = () -> {
            throw new IllegalStateException("secret detail");
        };

        HttpResponse<String> answer = server.send(install("", 100));

        assertThat(lines(answer).getLast().path("status").asInt()).isEqualTo(500);
        assertThat(lines(answer).getLast().path("problem").path("code").asText())
                .isEqualTo("server-failed");
        assertThat(answer.body()).doesNotContain("secret detail");
    }

    @Test
    void tellsACheckBeforeTheNextOneHasEnded() throws Exception {
        server.fakes.definitions.verifying = this::waitToGoOn;

        HttpResponse<InputStream> answer = server.client.send(install("", 100).build(), BodyHandlers.ofInputStream());

        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(reader.readLine()).contains("\"bytes\"");
            assertThat(goOn.getCount())
                    .as("the signature is being verified still")
                    .isEqualTo(1);
            goOn.countDown();
            assertThat(reader.lines()).hasSize(2);
        }
    }

    @Test
    void bringsTheInstallationToItsEndWhenTheCallerGoesAway() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        server.fakes.definitions.verifying = () -> {
            waitToGoOn();
            interrupted.set(Thread.currentThread().isInterrupted());
            ended.set(true);
        };
        try (RawExchange raw = new RawExchange(server.base())) {
            raw.send("POST /api/adapters HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ADMIN
                    + "\r\nAccept: application/x-ndjson\r\nContent-Type: application/java-archive\r\n"
                    + "Content-Length: 7\r\n\r\nseven!!");
            assertThat(raw.until(text -> text.contains("7 bytes"))).contains("200 OK");
            raw.reset();
        }
        goOn.countDown();

        await().atMost(PATIENCE).untilTrue(ended);
        assertThat(interrupted).isFalse();
    }

    @Test
    void endsWithAFaultOfTheServerWhenTheDefinitionCannotBeWritten() {
        // half a character, which UTF-8 cannot hold
        server.fakes.definitions.schema = new Json("{\"title\":\"\ud83d\"}");
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
        Logger log = Logger.getLogger(AdmissionStream.class.getName());
        log.addHandler(handler);
        List<JsonNode> lines;
        try {
            lines = lines(server.send(install("", 100).header("X-Correlation-Id", "trace:9")));
        } finally {
            log.removeHandler(handler);
        }

        assertThat(lines).hasSize(3);
        assertThat(lines.getLast().path("status").asInt()).isEqualTo(500);
        assertThat(lines.getLast().path("problem").path("code").asText()).isEqualTo("server-failed");
        assertThat(records).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(line.getMessage()).contains("trace:9", "cannot be written");
        });
    }

    @Test
    void answersWhatIsWrongWithTheRequestByItsStatus() {
        assertThat(TestServer.code(server.send(install("?dryRun=perhaps", 100))))
                .isEqualTo("invalid-request");
        assertThat(TestServer.code(server.send(install("?plan=none", 100)))).isNotEmpty();
        assertThat(server.fakes.touched).doesNotContain("admit", "planInstall");
    }

    @Test
    void answersOneDocumentToWhoeverLikesThatBetter() {
        for (String accepted : List.of("*/*", "application/json", "application/x-ndjson;q=0.5, application/json")) {
            HttpResponse<String> answer = server.send(server.request("/api/adapters", ADMIN)
                    .header("Content-Type", "application/java-archive")
                    .header("Accept", accepted)
                    .POST(BodyPublishers.ofByteArray(new byte[100])));

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    private void waitToGoOn() {
        try {
            assertThat(goOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder install(String query, int size) {
        return server.request("/api/adapters" + query, ADMIN)
                .header("Content-Type", "application/java-archive")
                .header("Accept", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(new byte[size]));
    }

    private static List<JsonNode> lines(HttpResponse<String> answer) {
        return answer.body().lines().map(InstallLinesTest::tree).toList();
    }

    private static JsonNode tree(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
