package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.Instances.Observed;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What each resource takes and gives when all is well, and its ordinary refusals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResourcesTest {
    private static final String INSTANCES = "/api/tenants/acme/environments/dev/instances";

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
    void createsTenant() {
        HttpResponse<String> made =
                server.post("/api/tenants", ADMIN, "{\"id\":\"made\",\"displayName\":\"Made ş Inc.\"}");

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/tenants/made");
        assertThat(TestServer.json(made).toString())
                .isEqualTo("{\"id\":\"made\",\"displayName\":\"Made ş Inc.\",\"state\":\"active\",\"revision\":1,"
                        + "\"createdAt\":\"2026-11-20T22:00:00Z\"}");
        assertThat(server.get("/api/tenants/made", ADMIN).body()).isEqualTo(made.body());
        assertThat(TestServer.code(server.post("/api/tenants", ADMIN, "{\"id\":\"made\"}")))
                .isEqualTo("tenant-exists");
    }

    @Test
    void namesTenantAfterItsIdWhenNoNameIsGiven() {
        assertThat(TestServer.json(server.post("/api/tenants", ADMIN, "{\"id\":\"plain\"}"))
                        .path("displayName")
                        .asText())
                .isEqualTo("plain");
    }

    @Test
    void showsTenantPrincipalOnlyItsOwnTenant() {
        server.post("/api/tenants", ADMIN, "{\"id\":\"acme\"}");
        server.post("/api/tenants", ADMIN, "{\"id\":\"other\"}");

        assertThat(TestServer.json(server.get("/api/tenants", ACME))
                        .path("items")
                        .findValuesAsText("id"))
                .containsExactly("acme");
        assertThat(TestServer.json(server.get("/api/tenants", ADMIN))
                        .path("items")
                        .findValuesAsText("id"))
                .contains("acme", "other");
    }

    @Test
    void pagesLists() {
        server.post("/api/tenants", ADMIN, "{\"id\":\"page-a\"}");
        server.post("/api/tenants", ADMIN, "{\"id\":\"page-b\"}");

        JsonNode page = TestServer.json(server.get("/api/tenants?limit=1", ADMIN));

        assertThat(page.path("items")).hasSize(1);
        assertThat(page.path("next").asText()).isEqualTo("more");
        assertThat(TestServer.code(server.get("/api/tenants?limit=501", ADMIN))).isEqualTo("invalid-request");
        assertThat(TestServer.code(server.get("/api/tenants?limit=x", ADMIN))).isEqualTo("invalid-request");
    }

    @Test
    void createsEnvironment() {
        HttpResponse<String> made = server.post("/api/tenants/acme/environments", ACME, "{\"name\":\"qa\"}");

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(TestServer.json(made).path("name").asText()).isEqualTo("qa");
        assertThat(TestServer.json(server.get("/api/tenants/acme/environments", ACME))
                        .path("items")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("dev");
    }

    @Test
    void showsNewTokenOnce() {
        HttpResponse<String> made = server.post(
                "/api/tenants/acme/tokens",
                ACME,
                "{\"name\":\"ci\",\"roles\":[\"tenant_developer\"],\"lifetimeDays\":1}");

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/tenants/acme/tokens/t1");
        assertThat(TestServer.json(made).path("bearer").asText()).isEqualTo("mst_t1_secret");
        assertThat(TestServer.json(made).path("token").path("expiresAt").asText())
                .isEqualTo("2026-11-21T22:00:00Z");
        assertThat(server.get("/api/tenants/acme/tokens", ACME).body()).doesNotContain("mst_");
        assertThat(server.send(server.request("/api/tenants/acme/tokens/t1", ACME)
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void createsAndListsPlatformTokens() {
        assertThat(server.post("/api/tokens", ADMIN, "{\"name\":\"ops\",\"roles\":[\"platform_admin\"]}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(server.get("/api/tokens", ADMIN).statusCode()).isEqualTo(200);
        assertThat(server.send(server.request("/api/tokens/t1", ADMIN).DELETE()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void trustsAndRevokesPublisherKeys() {
        HttpResponse<String> made =
                server.post("/api/publishers", ADMIN, "{\"name\":\"maestro\",\"certificate\":\"-----BEGIN x\"}");

        assertThat(made.statusCode()).isEqualTo(201);
        String fingerprint = TestServer.json(made).path("fingerprint").asText();
        HttpResponse<String> revoked = server.post(
                "/api/publishers/maestro/keys/" + fingerprint + "/revoke", ADMIN, "{\"reason\":\"stolen\"}");
        assertThat(TestServer.json(revoked).path("revokedReason").asText()).isEqualTo("stolen");
        assertThat(TestServer.json(server.get("/api/publishers", ADMIN))
                        .path("items")
                        .path(0)
                        .path("keys"))
                .hasSize(1);
        assertThat(TestServer.code(
                        server.post("/api/publishers", ADMIN, "{\"name\":\"maestro\",\"certificate\":\"junk\"}")))
                .isEqualTo("certificate-invalid");
    }

    @Test
    void installsAdapter() {
        HttpResponse<String> made = server.send(server.request("/api/adapters", ADMIN)
                .header("Content-Type", "application/java-archive")
                .POST(BodyPublishers.ofByteArray(new byte[100])));

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/adapters/storage-s3/1.0.0");
        assertThat(TestServer.json(made)
                        .path("configurationSchema")
                        .path("type")
                        .asText())
                .isEqualTo("object");
        assertThat(server.fakes.definitions.received).isEqualTo(100);
    }

    @Test
    void answersKnownArtifactWith200() {
        assertThat(server.send(server.request("/api/adapters", ADMIN)
                                .header("Content-Type", "application/octet-stream")
                                .POST(BodyPublishers.ofByteArray(new byte[5])))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersUnchangedDefinitionWith304() {
        HttpResponse<String> first = server.get("/api/adapters/storage-s3/1.0.0", ACME);
        String tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(first.statusCode()).isEqualTo(200);
        HttpResponse<String> second = server.send(
                server.request("/api/adapters/storage-s3/1.0.0", ACME).header("If-None-Match", tag));
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(TestServer.code(server.get("/api/adapters/nope/1.0.0", ACME)))
                .isEqualTo("definition-unknown");
        assertThat(TestServer.code(server.get("/api/adapters/nope/one", ACME))).isEqualTo("invalid-version");
        assertThat(TestServer.json(server.get("/api/adapters?name=storage-s3", ACME))
                        .path("items"))
                .hasSize(1);
    }

    @Test
    void listsQuarantineWithCauseAndFix() {
        JsonNode refused = TestServer.json(server.get("/api/quarantine", ADMIN))
                .path("items")
                .path(0);

        assertThat(refused.path("problem").path("code").asText()).isEqualTo("signature-missing");
        assertThat(refused.path("problem").path("fix").asText()).isEqualTo("Sign it.");
        assertThat(refused.path("problem").has("correlationId")).isFalse();
        assertThat(refused.path("digest").isNull()).isTrue();
    }

    @Test
    void listsSecurityEvents() {
        assertThat(TestServer.json(server.get("/api/security-events", ADMIN))
                        .path("items")
                        .path(0)
                        .path("rule")
                        .asText())
                .isEqualTo("tenant-boundary");
    }

    @Test
    void changesTheConfigurationOfAnInstanceAtTheRevisionThatWasSeen() {
        server.post(INSTANCES, ACME, "{\"id\":\"changing\",\"adapter\":\"storage-s3@1.0.0\"}");

        HttpResponse<String> changed =
                server.send(server.request(INSTANCES + "/changing/configuration?waitSeconds=3", ACME)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "\"1-abc\"")
                        .PUT(BodyPublishers.ofString("{\"bucket\":\"other\"}")));

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag").orElseThrow()).startsWith("\"2-");
        assertThat(TestServer.json(changed).path("observed").asText()).isEqualTo("running");
        assertThat(TestServer.json(changed).at("/configuration/bucket").asText())
                .isEqualTo("other");
        HttpResponse<String> late = server.send(server.request(INSTANCES + "/changing/configuration", ACME)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"1\"")
                .PUT(BodyPublishers.ofString("{}")));
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(TestServer.code(late)).isEqualTo("revision-changed");
    }

    @Test
    void givesMetricsInPrometheusTextFormatToThoseWhoAudit() {
        server.fakes
                .metrics
                .counter("mc_tests_total", "Tests.", "tenant", "acme")
                .add(3);

        HttpResponse<String> open = server.send(server.request("/api/metrics", ADMIN)
                .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4"));
        assertThat(open.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(open.body()).contains("# TYPE mc_tests counter\n").endsWith("# EOF\n");

        HttpResponse<String> answer = server.get("/api/metrics", ADMIN);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/plain")
                .contains("version=0.0.4");
        assertThat(answer.body())
                .contains("# TYPE mc_tests_total counter\nmc_tests_total{tenant=\"acme\"} 3\n")
                .endsWith("\n");
        assertThat(TestServer.code(server.get("/api/metrics", ACME))).isEqualTo("forbidden");
    }

    @Test
    void givesOfTheMetricsThoseThatAreNamedAddedUpWhenThatIsWanted() {
        for (String tenant : List.of("acme", "globex")) {
            server.fakes
                    .metrics
                    .counter("mc_sums_total", "Tests.", "tenant", tenant)
                    .add(3);
        }

        assertThat(server.get("/api/metrics?metric=mc_sums_total&metric=mc_none&sum=true", ADMIN)
                        .body())
                .isEqualTo("# HELP mc_sums_total Tests.\n# TYPE mc_sums_total counter\nmc_sums_total 6\n");
        assertThat(server.get("/api/metrics?metric=mc_none", ADMIN).body()).isEmpty();
        assertThat(server.get("/api/metrics?metric=other", ADMIN).statusCode()).isEqualTo(400);
        assertThat(server.get("/api/metrics?" + "metric=mc_none&".repeat(21), ADMIN)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void waitsForInstanceToRun() {
        HttpResponse<String> made = server.post(
                INSTANCES,
                ACME,
                "{\"id\":\"runs\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":{\"limit\":1.50,\"ş\":[1e3]}}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains(INSTANCES + "/runs");
        assertThat(TestServer.json(made).path("observed").asText()).isEqualTo("running");
        assertThat(TestServer.json(made).path("configuration").path("limit").asDouble())
                .isEqualTo(1.5);
        assertThat(server.fakes.touched).contains("await 10");
        assertThat(server.fakes.instances.configurations).contains("{\"limit\":1.50,\"ş\":[1E+3]}");
    }

    @Test
    void tellsWhyInstanceDoesNotRun() {
        server.fakes.instances.outcome = Observed.FAILED;
        try {
            HttpResponse<String> made = server.post(
                    INSTANCES + "?waitSeconds=3", ACME, "{\"id\":\"fails\",\"adapter\":\"storage-s3@1.0.0\"}");

            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(TestServer.json(made).path("problem").path("code").asText())
                    .isEqualTo("instance-open-failed");
            assertThat(server.fakes.touched).contains("await 3");
        } finally {
            server.fakes.instances.outcome = Observed.RUNNING;
        }
    }

    @Test
    void doesNotWaitWhenToldSo() {
        HttpResponse<String> made =
                server.post(INSTANCES + "?waitSeconds=0", ACME, "{\"id\":\"later\",\"adapter\":\"storage-s3@1.0.0\"}");

        assertThat(TestServer.json(made).path("observed").asText()).isEqualTo("pending");
        assertThat(TestServer.code(server.post(
                        INSTANCES + "?waitSeconds=31", ACME, "{\"id\":\"never\",\"adapter\":\"storage-s3@1.0.0\"}")))
                .isEqualTo("invalid-request");
        assertThat(TestServer.code(server.get(INSTANCES + "/never", ACME))).isEqualTo("instance-unknown");
    }

    @Test
    void changesInstanceOnlyInTheExpectedState() {
        String made = server.post(INSTANCES, ACME, "{\"id\":\"tagged\",\"adapter\":\"storage-s3@1.0.0\"}")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpResponse<String> stopped = server.send(server.request(INSTANCES + "/tagged/stop", ACME)
                .header("If-Match", made)
                .POST(BodyPublishers.noBody()));
        assertThat(stopped.statusCode()).isEqualTo(200);
        assertThat(TestServer.json(stopped).path("observed").asText()).isEqualTo("stopped");

        assertThat(TestServer.code(server.send(server.request(INSTANCES + "/tagged/start", ACME)
                        .header("If-Match", made)
                        .POST(BodyPublishers.noBody()))))
                .isEqualTo("revision-changed");
        assertThat(TestServer.code(server.send(server.request(INSTANCES + "/tagged", ACME)
                        .header("If-Match", "\"junk\"")
                        .DELETE())))
                .isEqualTo("revision-changed");
        assertThat(server.send(server.request(INSTANCES + "/tagged", ACME)
                                .header(
                                        "If-Match",
                                        stopped.headers().firstValue("ETag").orElseThrow())
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(TestServer.code(server.get(INSTANCES + "/tagged", ACME))).isEqualTo("instance-unknown");
    }

    @Test
    void changesTagWhenOnlyWhatIsObservedChanges() {
        String pending = server.post(
                        INSTANCES + "?waitSeconds=0", ACME, "{\"id\":\"moving\",\"adapter\":\"storage-s3@1.0.0\"}")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(server.send(server.request(INSTANCES + "/moving", ACME).header("If-None-Match", pending))
                        .statusCode())
                .isEqualTo(304);

        server.fakes.instances.await(
                io.maestro.model.Scope.of("acme", "dev"),
                new io.maestro.model.InstanceId("moving"),
                java.time.Duration.ZERO);

        assertThat(server.send(server.request(INSTANCES + "/moving", ACME).header("If-None-Match", pending))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void callsOperationWithTheBytesAsSent() {
        HttpResponse<String> answer =
                server.post(INSTANCES + "/files/operations/echo?timeoutSeconds=7", ACME, "{ \"a\" : 1.0 }");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{ \"a\" : 1.0 }");
        assertThat(server.fakes.calls.options.getLast().deadline()).hasSeconds(7);
        assertThat(server.fakes.calls.options.getLast().principal()).isEqualTo("token:acme");
    }

    @Test
    void callsOperationWithoutInput() {
        assertThat(server.send(server.request(INSTANCES + "/files/operations/echo", ACME)
                                .POST(BodyPublishers.noBody()))
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void handsIdempotencyKeyToTheAdapter() {
        server.send(server.request(INSTANCES + "/files/operations/echo", ACME)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once-1")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(server.fakes.calls.options.getLast().idempotencyKey()).isEqualTo("once-1");
    }

    @Test
    void refusesCallsWithAnswerableProblems() {
        assertThat(TestServer.code(server.post(INSTANCES + "/files/operations/nope", ACME, "{}")))
                .isEqualTo("operation-unknown");
        assertThat(TestServer.code(server.post(INSTANCES + "/files/operations/Not-Valid", ACME, "{}")))
                .isEqualTo("invalid-name");
        HttpResponse<String> busy = server.post(INSTANCES + "/files/operations/busy", ACME, "{}");
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(busy.headers().firstValue("Retry-After")).contains("2");
        assertThat(TestServer.json(busy).path("retryAfterMs").asLong()).isEqualTo(1500);
        assertThat(TestServer.json(busy).path("retryable").asBoolean()).isTrue();
    }

    @Test
    void tellsWhoTheCallerIs() {
        assertThat(server.get("/api/whoami", ACME).body())
                .isEqualTo("{\"id\":\"token:acme\",\"name\":\"acme\",\"roles\":[\"tenant_admin\"],\"attributes\":{},"
                        + "\"tenant\":\"acme\",\"environment\":null,\"expiresAt\":null}");
    }

    @Test
    void isAliveAndReadyWithoutToken() {
        assertThat(server.get("/api/health/live", null).body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(server.get("/api/health/ready", null).statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhileACheckFails() {
        server.checks.add(check("database", () -> Optional.of("no connection")));
        server.checks.add(check("broken", () -> {
            throw new IllegalStateException("password=hunter2");
        }));
        try {
            HttpResponse<String> answer = server.get("/api/health/ready", null);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("no connection").doesNotContain("hunter2");
        } finally {
            server.checks.clear();
        }
    }

    @Test
    void isNotReadyWhenACheckHangs() {
        server.checks.add(check("hangs", () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }));
        try {
            assertThat(server.get("/api/health/ready", null).body()).contains("did not answer in time");
        } finally {
            server.checks.clear();
        }
    }

    private static io.maestro.api.node.ReadinessCheck check(
            String name, java.util.function.Supplier<Optional<String>> question) {
        return new io.maestro.api.node.ReadinessCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> unready() {
                return question.get();
            }
        };
    }
}
