package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.peers.ScimServer;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The SCIM adapter of the distribution keeps the users of two tenants' directories, through the operations of their instances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UserDirectoryTest {
    private static final String ACME = Api.instances("acme/prod") + "/people/operations/";

    private ScimServer scim;
    private ScimServer.Directory directory;
    private LaunchedServer server;
    private Api admin;
    private Api acme;
    private Api globex;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        scim = ScimServer.start(folder.resolve("scim"));
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        admin = Api.admin(server);
        admin.install("provisioning.scim");
        directory = scim.newDirectory();
        acme = tenant("acme", directory);
        globex = tenant("globex", scim.newDirectory());
    }

    @AfterAll
    void stop() {
        server.close();
        scim.close();
    }

    private Api tenant(String name, ScimServer.Directory itsDirectory) {
        admin.tenant(name);
        JsonNode instance = admin.instance(
                name + "/prod",
                "people",
                "provisioning-scim@1.0.0",
                Map.of("baseUrl", itsDirectory.baseUrl().toString(), "token", itsDirectory.token()));
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
        assertThat(instance.toString()).doesNotContain(itsDirectory.token());
        JsonNode token = expect(
                201,
                admin.post(
                        "/api/tenants/" + name + "/tokens",
                        Map.of("name", "e2e", "roles", List.of("tenant_developer"))));
        return admin.as(token.path("bearer").asText());
    }

    private static Map<String, Object> user(String name) {
        return Map.of(
                "externalId",
                "person-" + name,
                "attributes",
                Map.of("userName", name, "givenName", "Given", "emails", List.of(name + "@example.org")));
    }

    private JsonNode create(String name) {
        return expect(200, acme.post(ACME + "create_user", user(name)));
    }

    private JsonNode found(Api caller, String operations, String userName) {
        return expect(200, caller.post(operations + "list_users", Map.of("userName", userName)))
                .path("users");
    }

    @Test
    void aUserIsCreatedDeactivatedAndReactivated() throws Exception {
        JsonNode created = create("ada");
        assertThat(created.path("active").asBoolean()).isTrue();
        assertThat(created.path("externalId").asText()).isEqualTo("person-ada");
        Map<String, String> ada = Map.of("id", created.path("id").asText());

        JsonNode deactivated = expect(200, acme.post(ACME + "deactivate_user", ada));
        assertThat(deactivated.path("active").asBoolean()).isFalse();
        assertThat(expect(200, acme.post(ACME + "get_user", ada))).isEqualTo(deactivated);
        assertThat(create("ada")).as("created again").isEqualTo(deactivated);

        String group = scim.newGroup(directory, "engineers");
        Map<String, String> membership = Map.of("userId", created.path("id").asText(), "target", group);
        assertThat(expect(200, acme.post(ACME + "assign_group", membership))
                        .path("member")
                        .asBoolean())
                .isTrue();
        JsonNode reactivated = expect(200, acme.post(ACME + "reactivate_user", ada));
        assertThat(reactivated.path("active").asBoolean()).isTrue();
        assertThat(reactivated.path("groups")).hasSize(1);
        assertThat(reactivated.at("/groups/0").asText()).isEqualTo(group);
    }

    @Test
    void whatFailsForTheMomentIsTriedAgainByTheServer() throws Exception {
        scim.fault(Map.of("status", 429, "retryAfter", 1));
        scim.fault(Map.of("status", 503, "methods", List.of("POST")));
        assertThat(create("patience").path("id").asText()).isNotEmpty();

        // done, and the answer lost: the second try finds the user of the first
        scim.fault(Map.of("cut", "after", "methods", List.of("POST")));
        JsonNode created = create("once");
        assertThat(found(acme, ACME, "once")).hasSize(1).first().isEqualTo(created);
        assertThat(metrics()).containsPattern("mc_adapter_call_retries_total\\{[^}]*instance=\"people\"");
    }

    private String metrics() {
        return new String(admin.get("/api/metrics").bytes(), UTF_8);
    }

    @Test
    void aRefusalNamesUserAttributeAndReasonAndNoSecret() {
        create("taken");
        Api.Answer refused = acme.post(
                ACME + "create_user", Map.of("externalId", "another", "attributes", Map.of("userName", "taken")));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("provisioning-user-exists");
        assertThat(refused.body().path("detail").asText())
                .contains("\"taken\"", "attribute userName", "409 uniqueness", "is taken")
                .doesNotContain(directory.token());
    }

    @Test
    void tenantsHaveDirectoriesOfTheirOwn() {
        create("shared");
        assertThat(found(globex, ACME.replace("acme", "globex"), "shared")).isEmpty();
        assertThat(globex.post(ACME + "list_users", Map.of()).status()).isEqualTo(403);
    }

    @Test
    void theTokenIsInNoAnswerAndNoLog() throws IOException {
        create("logged");
        assertThat(admin.get(Api.instances("acme/prod") + "/people").body().toString())
                .doesNotContain(directory.token());
        assertThat(Files.readString(server.data().resolve("logs/maestro.log"))).doesNotContain(directory.token());
    }
}
