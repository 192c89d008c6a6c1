package io.maestro.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.AdapterProblem;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not as it should be: uninstalls, leaks, drift and causes over HTTP. */
final class UpkeepTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void uninstallsADefinition() {
        HttpResponse<String> answer = server.send(
                server.request("/api/adapters/storage-s3/1.0.0", Fakes.ADMIN).DELETE());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(server.fakes.touched).contains("uninstall storage-s3@1.0.0");
    }

    @Test
    void plansAnUninstallationAndDoesNotDoIt() {
        HttpResponse<String> answer =
                server.send(server.request("/api/adapters/storage-s3/1.0.0?dryRun=true", Fakes.ADMIN)
                        .DELETE());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"digest\"", "\"effects\"");
        assertThat(server.fakes.touched)
                .contains("planUninstall storage-s3@1.0.0")
                .noneMatch(call -> call.startsWith("uninstall"));
    }

    @Test
    void doesNotUninstallWhatIsInUse() {
        server.fakes.definitions.refuse = AdapterProblem.DEFINITION_IN_USE;

        HttpResponse<String> answer = server.send(
                server.request("/api/adapters/storage-s3/1.0.0", Fakes.ADMIN).DELETE());

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(TestServer.code(answer)).isEqualTo("definition-in-use");
    }

    @Test
    void uninstallsNothingForATenant() {
        HttpResponse<String> answer = server.send(
                server.request("/api/adapters/storage-s3/1.0.0", Fakes.ACME).DELETE());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(server.fakes.touched).noneMatch(call -> call.startsWith("uninstall"));
    }

    @Test
    void namesWhatHoldsClassesAndTheRuleThatItBreaks() {
        JsonNode leak = TestServer.json(server.get("/api/leaks", Fakes.ADMIN)).at("/items/0");

        assertThat(leak.at("/adapter").asText()).isEqualTo("storage-s3@1.0.0");
        assertThat(leak.at("/state").asText()).isEqualTo("held");
        assertThat(leak.at("/holders/0/kind").asText()).isEqualTo("thread");
        assertThat(leak.at("/holders/0/way").asText()).isEqualTo("com.acme.Poll");
        assertThat(leak.at("/holders/0/rule").asText()).isEqualTo("ends-its-threads");
        assertThat(leak.at("/holders/0/ruleText").asText()).isEqualTo("An adapter ends its threads in close().");
        assertThat(TestServer.json(server.get("/api/leaks?adapter=storage-s3@2.0.0", Fakes.ADMIN))
                        .path("items"))
                .isEmpty();
        assertThat(TestServer.code(server.get("/api/leaks?adapter=nonsense", Fakes.ADMIN)))
                .isEqualTo("invalid-name");
        assertThat(server.get("/api/leaks", Fakes.ACME).statusCode()).isEqualTo(403);
    }

    @Test
    void showsTheDriftOfAllTenantsOrOfOne() {
        JsonNode drift = TestServer.json(server.get("/api/drift", Fakes.ADMIN)).at("/items/0");

        assertThat(drift.at("/node").asText()).isEqualTo("node-2");
        assertThat(drift.at("/kind").asText()).isEqualTo("unknown");
        assertThat(drift.at("/ageSeconds").asLong()).isEqualTo(120);
        assertThat(drift.path("observed").isNull() || drift.path("observed").isMissingNode())
                .isTrue();
        assertThat(server.get("/api/drift", Fakes.ACME).statusCode()).isEqualTo(403);
        assertThat(server.get("/api/tenants/acme/drift", Fakes.ACME).statusCode())
                .isEqualTo(200);
        assertThat(server.fakes.touched).contains("drifts null", "drifts acme");
    }

    @Test
    void saysWhyWithEvidenceAndAnAct() {
        server.post(
                "/api/tenants/acme/environments/dev/instances",
                Fakes.ADMIN,
                "{\"id\":\"files\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":{}}");

        JsonNode why =
                TestServer.json(server.get("/api/tenants/acme/environments/dev/instances/files/why", Fakes.ACME));

        assertThat(why.at("/instance").asText()).isEqualTo("files");
        assertThat(why.at("/causes/0/code").asText()).isEqualTo("package-missing");
        assertThat(why.at("/causes/0/evidence/package").asText()).isEqualTo("com.example");
        assertThat(why.at("/causes/0/remedy/method").asText()).isEqualTo("POST");
        assertThat(why.at("/causes/0/remedy/cli").asText()).startsWith("maestro ");
        assertThat(TestServer.code(server.get("/api/tenants/acme/environments/dev/instances/nobody/why", Fakes.ACME)))
                .isEqualTo("instance-unknown");
    }
}
