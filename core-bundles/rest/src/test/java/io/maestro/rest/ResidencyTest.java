package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.Transfers.Course;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes, items, locations, denied writes and transfers over HTTP. */
final class ResidencyTest {
    private static final String DEV = "/api/tenants/acme/environments/dev";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> put(String path, String type, String body) {
        return server.send(
                server.request(DEV + path, ACME).header("Content-Type", type).PUT(BodyPublishers.ofString(body)));
    }

    @Test
    void storesAnItemAndGivesItBackWithItsPlace() {
        HttpResponse<String> stored = put("/data/evidence/a/b%20c?region=eu-central-1", "text/plain", "hello");

        assertThat(stored.statusCode()).isEqualTo(200);
        JsonNode body = TestServer.json(stored);
        assertThat(body.path("key").asText()).isEqualTo("a/b c");
        assertThat(body.path("region").asText()).isEqualTo("eu-central-1");
        assertThat(body.path("digest").asText())
                .isEqualTo(Digest.sha256("hello").toString());
        assertThat(server.fakes.residency.contents).singleElement().satisfies(content -> {
            assertThat(content.type()).isEqualTo("text/plain");
            assertThat(content.length()).hasValue(5);
        });

        HttpResponse<String> given = server.get(DEV + "/data/evidence/a/b%20c", ACME);
        assertThat(given.body()).isEqualTo("hello");
        assertThat(given.headers().firstValue("Maestro-Region")).contains("eu-central-1");
        assertThat(given.headers().firstValue("Maestro-Instance")).contains("files");
        assertThat(given.headers().firstValue("Content-Digest"))
                .contains("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:");
        assertThat(given.headers().firstValue("Content-Disposition")).contains("attachment");
        String tag = given.headers().firstValue("ETag").orElseThrow();
        assertThat(server.send(server.request(DEV + "/data/evidence/a/b%20c", ACME)
                                .header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/evidence/a",
                "/data/evidence/a?region=EU",
                "/data/Evidence/a?region=eu",
                "/data/evidence/a%00b?region=eu"
            })
    void refusesAWriteThatDoesNotSayWhatAndWhere(String path) {
        assertThat(put(path, "text/plain", "x").statusCode()).isEqualTo(400);
        assertThat(server.fakes.touched).doesNotContain("putItem");
    }

    @Test
    void listsItemsOfAKind() {
        JsonNode page = TestServer.json(server.get(DEV + "/data?kind=evidence", ACME));

        assertThat(page.at("/items/0/kind").asText()).isEqualTo("evidence");
        assertThat(server.fakes.touched).contains("items evidence");
        assertThat(server.send(server.request(DEV + "/data/evidence/a", ACME).DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.fakes.touched).contains("deleteItem evidence/a");
    }

    @Test
    void makesAndRemovesARoute() {
        String path = "/storage-routes/eu-central-1/evidence";
        HttpResponse<String> made = put(path, "application/json", "{\"instance\":\"files\"}");

        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(TestServer.json(made).path("instance").asText()).isEqualTo("files");
        assertThat(TestServer.code(put(path, "application/json", "{}"))).isEqualTo("invalid-request");
        assertThat(server.get(DEV + path, ACME).statusCode()).isEqualTo(200);
        assertThat(server.send(server.request(DEV + path, ACME).DELETE()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void sumsUpWhereTheDataLiesAndReportsWhatWasDenied() {
        JsonNode locations = TestServer.json(server.get("/api/tenants/acme/storage-locations", ACME));
        assertThat(locations.path("items").asLong()).isEqualTo(2);
        assertThat(locations.path("bytes").asLong()).isEqualTo(30);
        assertThat(locations.at("/locations/0/region").asText()).isEqualTo("eu-central-1");

        JsonNode denied = TestServer.json(server.get(
                "/api/tenants/acme/denied-writes?environment=dev&region=eu-central-1&from=2026-11-20T22:00:00Z", ACME));
        assertThat(denied.at("/items/0/decisionId").asText()).isEqualTo(FakeResidency.ID.toString());
        assertThat(server.fakes.residency.filters).singleElement().satisfies(which -> {
            assertThat(which.environment()).isEqualTo(new Environment("dev"));
            assertThat(which.region()).isEqualTo(new Region("eu-central-1"));
            assertThat(which.from()).isEqualTo(Instant.parse("2026-11-20T22:00:00Z"));
            assertThat(which.until()).isNull();
        });
        assertThat(TestServer.code(server.get("/api/tenants/acme/denied-writes?until=soon", ACME)))
                .isEqualTo("invalid-request");
    }

    @Test
    void startsLooksAtAndEndsATransfer() {
        HttpResponse<String> begun = server.post(
                DEV + "/transfers",
                ACME,
                "{\"source\":\"files\",\"target\":\"archive\",\"region\":\"eu-central-1\",\"kind\":\"evidence\"}");

        assertThat(begun.statusCode()).isEqualTo(201);
        String location = begun.headers().firstValue("Location").orElseThrow();
        assertThat(location).endsWith(DEV + "/transfers/" + FakeResidency.ID);
        assertThat(server.fakes.residency.courses)
                .containsExactly(new Course(
                        new InstanceId("files"),
                        new InstanceId("archive"),
                        new Region("eu-central-1"),
                        new Kind("evidence")));
        JsonNode shown = TestServer.json(server.get(DEV + "/transfers/" + FakeResidency.ID, ACME));
        assertThat(shown.path("state").asText()).isEqualTo("running");
        assertThat(shown.path("leftBytes").asLong()).isEqualTo(20);
        assertThat(server.post(DEV + "/transfers/" + FakeResidency.ID + "/cancel", ACME, "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(TestServer.code(server.get(DEV + "/transfers/nothing", ACME)))
                .isEqualTo("transfer-unknown");
        assertThat(TestServer.code(server.post(DEV + "/transfers", ACME, "{\"source\":\"files\"}")))
                .isEqualTo("invalid-request");
    }
}
