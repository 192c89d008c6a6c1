package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How instances are, as it crosses the wire. */
final class HealthTest {
    private static final String FILES = "/api/tenants/acme/environments/prod/instances/files";

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
    void tellsOfCallsBreakerBulkheadAndProbe() {
        JsonNode health = TestServer.json(server.get(FILES + "/health", ACME));

        assertThat(health.path("state").asText()).isEqualTo("failing");
        assertThat(health.at("/windows/0/minutes").asInt()).isEqualTo(5);
        assertThat(health.at("/windows/0/errorRate").asDouble()).isEqualTo(0.6667);
        assertThat(health.at("/windows/0/p99").asDouble()).isEqualTo(300.25);
        assertThat(health.path("lastSuccess").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(health.at("/lastFailure/code").asText()).isEqualTo("storage-unavailable");
        assertThat(health.at("/breaker/state").asText()).isEqualTo("half_open");
        assertThat(health.at("/bulkhead/limit").asInt()).isEqualTo(64);
        assertThat(health.at("/probe/state").asText()).isEqualTo("down");
    }

    @Test
    void tellsOfTheLastHourOfOneInstanceAndOfManyWhenThatIsAskedFor() {
        String hour = "{\"since\":\"2026-01-02T03:04:05Z\",\"requests\":[0,30],\"errors\":[0,20],\"p95\":[null,20.5]}";

        assertThat(TestServer.json(server.get(FILES + "/health", ACME))
                        .path("series")
                        .toString())
                .isEqualTo(hour);
        assertThat(TestServer.json(server.get("/api/tenants/acme/health?series=true", ACME))
                        .at("/items/0/series")
                        .toString())
                .isEqualTo(hour);
        assertThat(TestServer.json(server.get("/api/tenants/acme/health", ACME))
                        .at("/items/0/series")
                        .isNull())
                .isTrue();
    }

    @Test
    void listsTheLastCallsWithoutWhatTheyWereCalledWith() {
        assertThat(TestServer.json(server.get(FILES + "/calls", ACME))
                        .at("/items/1")
                        .toString())
                .isEqualTo("{\"at\":\"2026-01-02T03:04:06Z\",\"operation\":\"put_object\",\"caller\":null,"
                        + "\"correlationId\":\"c-2\",\"try\":2,\"outcome\":\"late\",\"milliseconds\":30000.0,"
                        + "\"problem\":\"call-late\"}");
        assertThat(correlationIds("?outcome=ok")).containsExactly("c-1");
        assertThat(correlationIds("?outcome=late")).containsExactly("c-2");
        assertThat(correlationIds("?outcome=error")).containsExactly("c-3", "c-2");
        assertThat(server.get(FILES + "/calls?outcome=any", ACME).statusCode()).isEqualTo(400);
        assertThat(server.get("/api/tenants/globex/environments/prod/instances/files/calls", ACME)
                        .statusCode())
                .isEqualTo(403);
    }

    private List<String> correlationIds(String query) {
        return TestServer.json(server.get(FILES + "/calls" + query, ACME))
                .path("items")
                .findValuesAsText("correlationId");
    }

    @Test
    void aBadgeIsAColourAndAFewWords() {
        assertThat(server.get(FILES + "/badge", ACME).body())
                .isEqualTo("{\"state\":\"failing\",\"colour\":\"red\",\"text\":\"20 of 30 calls failed in the last 5"
                        + " minutes\"}");
    }

    @Test
    void theConfigurationNamesItsOriginsAndTheBrandingIsForAnybody() {
        JsonNode first =
                TestServer.json(server.get("/api/configuration", ADMIN)).at("/items/0");
        assertThat(first.path("key").asText()).isEqualTo("events.retentionHours");
        assertThat(first.path("origin").asText()).isEqualTo("default");
        assertThat(server.get("/api/configuration", ACME).statusCode()).isEqualTo(403);

        assertThat(server.get("/api/branding", null).body())
                .isEqualTo("{\"name\":\"Maestro Conductor\",\"accent\":\"#0066cc\",\"supportUrl\":null}");
    }

    @Test
    void anInstanceThatIsNotThereHasNoHealth() {
        String none = "/api/tenants/acme/environments/prod/instances/none";

        assertThat(TestServer.code(server.get(none + "/health", ACME))).isEqualTo("instance-unknown");
        assertThat(TestServer.code(server.get(none + "/calls", ACME))).isEqualTo("instance-unknown");
        assertThat(TestServer.code(server.get(none + "/badge", ACME))).isEqualTo("instance-unknown");
    }

    @Test
    void listsThemPageByPage() {
        JsonNode page = TestServer.json(server.get("/api/tenants/acme/health?environment=prod", ACME));

        assertThat(page.at("/items/0/instance").asText()).isEqualTo("files");
        assertThat(page.path("next").asText()).isEqualTo("acme.more");
    }

    @Test
    void alertsOfATenantAreForWhoReadsThereAndThoseOfAllForWhoAuditsThePlatform() {
        assertThat(TestServer.json(server.get("/api/tenants/acme/alerts", ACME))
                        .at("/items/0/rule")
                        .asText())
                .isEqualTo("error-rate");
        assertThat(TestServer.json(server.get("/api/tenants/acme/alerts?environment=prod&instance=other", ACME))
                        .path("items"))
                .isEmpty();
        assertThat(server.get("/api/tenants/acme/alerts?instance=Other!", ACME).statusCode())
                .isEqualTo(400);
        assertThat(server.get("/api/tenants/globex/alerts", ACME).statusCode()).isEqualTo(403);
        assertThat(server.get("/api/alerts", ACME).statusCode()).isEqualTo(403);
        assertThat(TestServer.json(server.get("/api/alerts", ADMIN))
                        .at("/items/0/tenant")
                        .asText())
                .isEqualTo("any");
        assertThat(TestServer.json(server.get("/api/alerts/rules", ACME))
                        .at("/items/0/overSeconds")
                        .asInt())
                .isEqualTo(120);
    }
}
