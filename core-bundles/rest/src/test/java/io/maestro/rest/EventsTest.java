package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static io.maestro.rest.Fakes.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.maestro.api.events.Event;
import io.maestro.api.events.Event.Kind;
import io.maestro.api.identity.Role;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TenantId OF_ACME = new TenantId("acme");
    private static final Environment PROD = new Environment("prod");

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Event event(
            Kind kind, @Nullable TenantId tenant, @Nullable Environment environment, String subject) {
        boolean act = kind == Kind.ACT_DONE || kind == Kind.APPROVAL_PENDING || kind == Kind.APPROVAL_DECIDED;
        String action = switch (kind) {
            case ACT_DONE -> "instance.create";
            case INSTANCE_OBSERVED -> "instance.observe";
            case APPROVAL_PENDING -> "approval.request";
            case APPROVAL_DECIDED -> "approval.approve";
            case ALERT_RAISED -> "alert.raise";
            case ALERT_CLEARED -> "alert.clear";
        };
        String detail = switch (kind) {
            case ACT_DONE, APPROVAL_PENDING, APPROVAL_DECIDED -> "{}";
            case INSTANCE_OBSERVED ->
                "{\"node\":\"node-1\",\"observed\":\"failed\",\"problem\":\"instance-open-failed\"}";
            case ALERT_RAISED, ALERT_CLEARED ->
                "{\"rule\":\"error-rate\",\"adapterType\":\"storage\",\"severity\":\"critical\",\"text\":\"x\","
                        + "\"since\":\"2026-01-02T03:04:05Z\"}";
        };
        return new Event(
                "5-6",
                kind,
                new UUID(1, 2),
                tenant,
                environment,
                Instant.parse("2026-01-02T03:04:05.000006Z"),
                action,
                act ? "token:root" : null,
                act ? "c-1" : null,
                kind == Kind.APPROVAL_PENDING || kind == Kind.APPROVAL_DECIDED ? "approval" : "adapter-instance",
                subject,
                new Json(detail));
    }

    /** What a caller reads line by line. */
    private final class Client implements AutoCloseable {
        final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        Client(String query, String token, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    server.request("/api/events" + query, token).header("Accept", "text/event-stream");
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            answer = server.client.send(request.build(), BodyHandlers.ofInputStream());
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The next block that has data: its lines. */
        List<String> next() throws IOException {
            while (true) {
                List<String> block = new ArrayList<>();
                String line = lines.readLine();
                while (line != null && !line.isEmpty()) {
                    block.add(line);
                    line = lines.readLine();
                }
                if (line == null) {
                    throw new IOException("the stream has ended");
                }
                if (block.stream().anyMatch(one -> one.startsWith("data: "))) {
                    return block;
                }
            }
        }

        @Override
        public void close() {
            try {
                answer.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void sendsAnEventAsItHappens() throws Exception {
        try (Client client = new Client("", ACME)) {
            assertThat(client.answer.statusCode()).isEqualTo(200);
            assertThat(client.answer.headers().firstValue("Content-Type")).contains("text/event-stream");
            server.fakes.events.tell(event(Kind.ACT_DONE, OF_ACME, PROD, "files"));

            List<String> block = client.next();
            assertThat(block.get(0)).isEqualTo("id: 5-6");
            assertThat(block.get(1)).isEqualTo("event: act.done");
            assertThat(block.get(2)).startsWith("data: {\"cursor\":\"5-6\",\"type\":\"act.done\",\"version\":1,");
        }
    }

    @Test
    void goesOnWhereTheClientWas() throws Exception {
        try (Client byHeader = new Client("?cursor=1-1", ACME, "Last-Event-ID", "3-4");
                Client byQuery = new Client("?cursor=1-1", ACME);
                Client anew = new Client("", ACME)) {
            assertThat(List.of(byHeader, byQuery, anew))
                    .allSatisfy(one -> assertThat(one.answer.statusCode()).isEqualTo(200));
            assertThat(server.fakes.events.cursors).containsExactly("3-4", "1-1", "null");
        }
    }

    @Test
    void showsATenantNothingOfAnotherOrOfTheInstallation() throws Exception {
        try (Client acme = new Client("", ACME);
                Client admin = new Client("", ADMIN)) {
            server.fakes.events.tell(event(Kind.ACT_DONE, new TenantId("globex"), PROD, "theirs"));
            server.fakes.events.tell(event(Kind.ACT_DONE, null, null, "nobodys"));
            for (Kind kind : Kind.values()) {
                server.fakes.events.tell(event(kind, OF_ACME, PROD, "ours"));
            }

            assertThat(admin.next().get(2)).contains("theirs");
            assertThat(admin.next().get(2)).contains("nobodys");
            for (Kind kind : Kind.values()) {
                assertThat(acme.next().get(2)).contains("\"" + kind.text() + "\"", "\"ours\"");
                assertThat(admin.next().get(2)).contains("\"ours\"");
            }
        }
    }

    @Test
    void whoMayNotReadReceiptsLearnsNotWhoActedNorOfWhatTheyMayNotAskFor() throws Exception {
        String developer = server.fakes.access.as(Role.TENANT_DEVELOPER, OF_ACME, PROD);
        try (Client client = new Client("", developer)) {
            Event act = event(Kind.ACT_DONE, OF_ACME, PROD, "files");
            server.fakes.events.tell(new Event(
                    act.cursor(),
                    act.kind(),
                    act.id(),
                    act.tenant(),
                    act.environment(),
                    act.at(),
                    "secret.write",
                    act.actor(),
                    act.correlationId(),
                    "secret",
                    "password",
                    null));
            server.fakes.events.tell(event(Kind.APPROVAL_PENDING, OF_ACME, PROD, "approval"));
            server.fakes.events.tell(event(Kind.ACT_DONE, OF_ACME, new Environment("dev"), "elsewhere"));
            server.fakes.events.tell(act);

            JsonNode seen = new ObjectMapper().readTree(client.next().get(2).substring("data: ".length()));
            assertThat(seen.at("/subject/name").asText()).isEqualTo("files");
            assertThat(seen.path("actor").isNull()).isTrue();
            assertThat(seen.path("correlationId").isNull()).isTrue();
        }
    }

    @Test
    void aPublisherSeesNothing() {
        String token = server.fakes.access.as(Role.PUBLISHER, null, null);
        for (Kind kind : Kind.values()) {
            server.fakes.events.tell(event(kind, OF_ACME, PROD, "files"));
            server.fakes.events.tell(event(kind, null, null, "files"));
        }

        HttpResponse<String> seen = server.get("/api/changes", token);
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(TestServer.json(seen).path("items")).isEmpty();
        assertThat(TestServer.json(server.get("/api/changes", ADMIN)).path("items"))
                .hasSize(2 * Kind.values().length);
    }

    @Test
    void filtersByTenantEnvironmentAndType() throws Exception {
        try (Client client = new Client("?tenant=acme&environment=prod&eventType=alert.raised,alert.cleared", ADMIN)) {
            server.fakes.events.tell(event(Kind.ACT_DONE, OF_ACME, PROD, "no"));
            server.fakes.events.tell(event(Kind.ALERT_RAISED, new TenantId("globex"), PROD, "no"));
            server.fakes.events.tell(event(Kind.ALERT_RAISED, OF_ACME, new Environment("dev"), "no"));
            server.fakes.events.tell(event(Kind.ALERT_CLEARED, OF_ACME, PROD, "yes"));

            assertThat(client.next().get(2)).contains("\"yes\"");
        }
        assertThat(TestServer.code(server.get("/api/changes?eventType=nonsense", ADMIN)))
                .isEqualTo("invalid-request");
    }

    @Test
    void askingForAnotherTenantIsRefusedAndOnRecord() {
        assertThat(server.get("/api/changes?tenant=acme", GLOBEX).statusCode()).isEqualTo(403);
        assertThat(server.fakes.access.refused).containsExactly("token:globex TENANT_READ");
    }

    @Test
    void aStreamIsNotSentToWhoDoesNotAskForOne() {
        assertThat(TestServer.code(server.get("/api/events", ACME))).isEqualTo("not-acceptable");
        assertThat(server.send(server.request("/api/events", ACME)
                                .header("Accept", "text/event-stream")
                                .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.fakes.events.followers()).isZero();
    }

    @Test
    void endsWithTheToken() throws Exception {
        String token = server.fakes.access.as(Role.TENANT_ADMIN, OF_ACME, null);
        try (Client client = new Client("", token)) {
            server.fakes.access.revoked.add(token);

            assertThat(client.next()).containsExactly("event: stream.end", "data: {\"reason\":\"unauthenticated\"}");
            assertThatThrownBy(client::next).hasMessage("the stream has ended");
        }
        await().atMost(PATIENCE).until(() -> server.fakes.events.followers() == 0);
    }

    @Test
    void letsGoOfAClientThatWentAway() throws Exception {
        try (Client client = new Client("", ACME)) {
            assertThat(server.fakes.events.followers()).isEqualTo(1);
            assertThat(client.answer.statusCode()).isEqualTo(200);
        }
        await().atMost(PATIENCE).until(() -> {
            server.fakes.events.tell(event(Kind.ACT_DONE, OF_ACME, PROD, "unheard"));
            return server.fakes.events.followers() == 0;
        });
    }

    @Test
    void breaksTheConnectionOfWhoIsCutOff() throws Exception {
        try (Client client = new Client("", ACME)) {
            server.fakes.events.cutOff();

            assertThatThrownBy(client::next).isInstanceOf(IOException.class).hasMessageNotContaining("has ended");
        }
    }

    @Test
    void theServerDoesNotWaitForStreamsWhenItStops() throws Exception {
        try (Client client = new Client("", ACME)) {
            Thread stopping = Thread.ofVirtual().start(server::stopHttp);

            assertThat(client.next()).containsExactly("event: stream.end", "data: {\"reason\":\"stopping\"}");
            stopping.join();
        }
    }

    @Test
    void theFeedGivesPagesToGoOnFrom() {
        server.fakes.events.tell(event(Kind.ACT_DONE, OF_ACME, PROD, "files"));

        JsonNode page = TestServer.json(server.get("/api/changes?cursor=1-2&limit=5", ACME));

        assertThat(page.path("cursor").asText()).isEqualTo("9-9");
        assertThat(page.path("more").asBoolean()).isFalse();
        assertThat(page.at("/items/0/subject/name").asText()).isEqualTo("files");
        assertThat(server.fakes.events.cursors).containsExactly("1-2");
        assertThat(TestServer.code(server.get("/api/changes?limit=501", ACME))).isEqualTo("invalid-request");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyTypeFitsTheSchemaThatIsServed(Kind kind) {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        server.get("/api/events/schemas/" + kind.text(), ACME).body());
        server.fakes.events.tell(event(kind, OF_ACME, PROD, "files"));

        JsonNode item =
                TestServer.json(server.get("/api/changes", ACME)).path("items").get(0);

        assertThat(schema.validate(item.toString(), InputFormat.JSON)).isEmpty();
        assertThat(schema.validate(item.toString().replace("\"version\":1", "\"version\":2"), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void thereIsNoSchemaOfATypeThatIsNone() {
        assertThat(TestServer.code(server.get("/api/events/schemas/nonsense", ACME)))
                .isEqualTo("path-unknown");
    }
}
