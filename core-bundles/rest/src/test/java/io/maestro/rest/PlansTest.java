package io.maestro.rest;

import static io.maestro.rest.TestServer.code;
import static io.maestro.rest.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Role;
import io.maestro.model.TenantId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Acts on instances that are planned, done only as planned, and moves between versions. */
class PlansTest {
    private static final String INSTANCES = "/api/tenants/acme/environments/prod/instances";
    private static final String NEW = "{\"id\":\"files\",\"adapter\":\"storage-s3@1.0.0\"}";

    private final TestServer server = new TestServer();
    private final String admin = server.fakes.access.as(Role.PLATFORM_ADMIN, null, null);
    private final String tenant = server.fakes.access.as(Role.TENANT_ADMIN, new TenantId("acme"), null);

    @BeforeEach
    void create() {
        assertThat(server.post(INSTANCES, tenant, NEW).statusCode()).isEqualTo(201);
        server.fakes.touched.clear();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /files/upgrade, '{\"version\":\"1.1.0\"}'",
        "POST, /files/rollback, '{}'",
        "POST, /files/start, '{}'",
        "POST, /files/stop, '{}'",
        "PUT, /files/configuration, '{}'",
        "DELETE, /files, '{}'",
        "POST, '', '{\"id\":\"other\",\"adapter\":\"storage-s3@1.0.0\"}'",
    })
    void showsThePlanAndDoesNothing(String verb, String path, String body) {
        HttpResponse<String> planned = send(verb, path + "?dryRun=true", body);

        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(200);
        assertThat(json(planned).path("digest").asText()).startsWith("sha256:");
        assertThat(json(planned).at("/effects/tenantsTouched/0").asText()).isEqualTo("acme");
        assertThat(server.fakes.touched).contains("plan").doesNotContain("want", "createInstance", "deleteInstance");
        assertThat(server.fakes.instances.all).hasSize(1);

        String digest = json(planned).path("digest").asText().replace("sha256:", "");
        assertThat(send(verb, path + "?plan=" + digest, body).statusCode()).isBetween(200, 204);
    }

    @Test
    void triesAnInstanceOrAConfigurationAndMakesNothing() {
        HttpResponse<String> made = server.post(
                "/api/tenants/acme/environments/prod/instance-trials", tenant, NEW.replace("files", "other"));
        HttpResponse<String> changed = send("POST", "/files/configuration/trial", "{}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(made.body())
                .isEqualTo("{\"state\":\"up\",\"reason\":null,\"openingMillis\":12,\"answeringMillis\":3}");
        assertThat(json(changed).path("reason").asText()).isEqualTo("nobody answers");
        assertThat(server.fakes.instances.all).hasSize(1);
        assertThat(server.fakes.touched).contains("tryOut").doesNotContain("createInstance", "configure");
        assertThat(code(send("POST", "/none/configuration/trial", "{}"))).isEqualTo("instance-unknown");
    }

    @Test
    void doesNothingWhenThePlanIsAnother() {
        HttpResponse<String> refused = send("POST", "/files/upgrade?plan=" + "0".repeat(64), "{\"version\":\"1.1.0\"}");
        assertThat(code(refused)).isEqualTo("plan-changed");
        assertThat(code(send("POST", "/files/stop?plan=x", "{}"))).isEqualTo("invalid-digest");
        assertThat(code(send("POST", "/files/stop?dryRun=maybe", "{}"))).isEqualTo("invalid-request");
        assertThat(server.fakes.touched).doesNotContain("want");
    }

    @Test
    void movesOnlyTheRevisionThatWasSeen() {
        HttpResponse<String> refused = server.send(server.request(INSTANCES + "/files/rollback", tenant)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"7\"")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(code(refused)).isEqualTo("revision-changed");
        assertThat(code(send("POST", "/files/upgrade", "{}"))).isEqualTo("invalid-request");
        assertThat(code(send("POST", "/files/upgrade", "{\"version\":\"new\"}")))
                .isEqualTo("invalid-version");
    }

    @Test
    void listsTheVersionsThatAnInstanceHad() {
        HttpResponse<String> list = server.get(INSTANCES + "/files/versions", tenant);
        assertThat(json(list).at("/items/0/adapter").asText()).isEqualTo("storage-s3@1.0.0");
        assertThat(json(list).at("/items/0/why").asText()).isEqualTo("create");
    }

    @Test
    void runsRolloutsForThoseOfTheInstallation() {
        String body = """
                {"version":"1.1.0","steps":[{"tenants":["acme"],"percent":10,"holdSeconds":60},{}],
                 "gates":{"errors":0.01,"shadow":true}}""";
        assertThat(server.post("/api/adapters/storage-s3/rollouts", tenant, body)
                        .statusCode())
                .isEqualTo(403);

        HttpResponse<String> planned = server.post("/api/adapters/storage-s3/rollouts?dryRun=true", admin, body);
        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(200);
        assertThat(json(planned).at("/effects/instancesSwitched/0").asText()).isEqualTo("acme/prod/files");
        assertThat(server.fakes.touched).contains("plan").doesNotContain("startRollout");

        HttpResponse<String> begun = server.post("/api/adapters/storage-s3/rollouts", admin, body);

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        String path = begun.headers().firstValue("Location").orElseThrow();
        assertThat(path).contains("/api/rollouts/");
        HttpResponse<String> shown = server.get("/api/rollouts/" + FakeRollouts.ID, admin);
        assertThat(json(shown).path("state").asText()).isEqualTo("trying");
        assertThat(json(shown).at("/steps/0/percent").asInt()).isEqualTo(10);
        assertThat(json(shown).at("/steps/1/percent").asInt()).isEqualTo(100);
        assertThat(json(shown).at("/gates/errors").asDouble()).isEqualTo(0.01);
        assertThat(json(shown).at("/members/0/progress").asText()).isEqualTo("waiting");
        assertThat(json(server.get("/api/adapters/storage-s3/rollouts", admin)).path("items"))
                .hasSize(1);
        assertThat(server.post("/api/rollouts/" + FakeRollouts.ID + "/cancel", admin, "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(code(server.get("/api/rollouts/nonsense", admin))).isEqualTo("rollout-unknown");
    }

    private HttpResponse<String> send(String verb, String path, String body) {
        return server.send(server.request(INSTANCES + path, tenant)
                .header("Content-Type", "application/json")
                .method(verb, BodyPublishers.ofString(body)));
    }
}
