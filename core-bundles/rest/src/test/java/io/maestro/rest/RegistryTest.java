package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry.DefinitionQuery;
import io.maestro.api.adapters.Registry.DefinitionSort;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Registry.InstanceSort;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.adapters.RequirementProblem;
import io.maestro.api.adapters.Sort;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.model.TypeName;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry's questions as they come over the wire. */
final class RegistryTest {
    private static final String CHECK = "/api/tenants/acme/environments/dev/requirements:validate";

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
    void listsTypesWithTheirOperations() {
        assertThat(TestServer.json(server.get("/api/adapter-types", ACME)).toString())
                .isEqualTo("{\"items\":[{\"name\":\"storage\",\"contractVersion\":\"1.0\","
                        + "\"operations\":[{\"name\":\"list\",\"changes\":false}]}],\"next\":null}");
    }

    @Test
    void takesEveryFilterOfDefinitions() {
        server.get(
                "/api/adapters?type=storage&name=storage-s3&publisher=maestro&risk=low&owner=Storage%20team"
                        + "&newest=true&preReleases=true&sort=-createdAt",
                ACME);

        assertThat(server.fakes.registry.asked)
                .containsExactly(new DefinitionQuery(
                        new TypeName("storage"),
                        new AdapterName("storage-s3"),
                        new PublisherName("maestro"),
                        "low",
                        "Storage team",
                        true,
                        true,
                        new Sort<>(DefinitionSort.CREATED_AT, true)));
    }

    @Test
    void takesEveryFilterOfInstances() {
        String filter = "type=storage&adapter=storage-s3&wanted=stopped&observed=failed&sort=adapter";
        server.get("/api/tenants/acme/instances?environment=prod&" + filter, ACME);
        server.get("/api/tenants/acme/environments/prod/instances?" + filter, ACME);

        InstanceQuery wanted = new InstanceQuery(
                new Environment("prod"),
                new TypeName("storage"),
                new AdapterName("storage-s3"),
                null,
                Wanted.STOPPED,
                Observed.FAILED,
                Sort.ascending(InstanceSort.ADAPTER));
        assertThat(server.fakes.registry.asked).containsExactly(wanted, wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=digest",
                "sort=",
                "sort=-",
                "sort=NAME",
                "sort=name;drop%20table",
                "sort=name,createdAt",
                "risk=extreme",
                "risk=",
                "newest=yes",
                "newest=",
                "preReleases=1",
                "owner=",
                "owner=%00",
                "owner=%20",
                "type=Storage",
                "type='%20or%201=1",
                "name=%2e%2e",
                "publisher="
            })
    void refusesAFilterThatIsNone(String query) {
        HttpResponse<String> answer = server.get("/api/adapters?" + query, ACME);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(TestServer.code(answer)).isIn("invalid-request", "invalid-name");
        assertThat(server.fakes.registry.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wanted=failed", "observed=RUNNING", "sort=observed", "adapter=a@1", "environment=a/b"})
    void refusesAFilterOfInstancesThatIsNone(String query) {
        assertThat(server.get("/api/tenants/acme/instances?" + query, ACME).statusCode())
                .isEqualTo(400);
        assertThat(server.fakes.registry.asked).isEmpty();
    }

    @Test
    void showsATenantsPrincipalOnlyItsOwnInstancesOfADefinition() {
        server.get("/api/adapters/storage-s3/1.0.0/instances", ACME);
        server.get("/api/adapters/storage-s3/1.0.0/instances", ADMIN);

        assertThat(server.fakes.registry.asked)
                .containsExactly("storage-s3@1.0.0 acme null", "storage-s3@1.0.0 null null");
    }

    @Test
    void listsWhatIsInstalledAndWhatIsNewer() {
        assertThat(server.get("/api/tenants/acme/adapters?type=storage", ACME).body())
                .isEqualTo("{\"items\":[{\"environment\":\"dev\",\"adapter\":\"storage-s3@1.0.0\",\"type\":\"storage\","
                        + "\"instances\":3,\"newest\":null}],\"next\":null}");
        server.get("/api/tenants/acme/environments/prod/adapters", ACME);
        assertThat(server.get("/api/adapters/outdated?preReleases=true", ACME).body())
                .isEqualTo("{\"items\":[{\"adapter\":\"storage-s3@1.0.0\",\"newest\":\"1.1.0\"}],\"next\":null}");
        assertThat(server.get("/api/tenants/acme/upgrades?environment=dev", ACME)
                        .body())
                .isEqualTo("{\"items\":[{\"tenant\":\"acme\",\"environment\":\"dev\",\"instance\":\"files\","
                        + "\"adapter\":\"storage-s3@1.0.0\",\"newest\":\"1.1.0\"}],\"next\":null}");
        assertThat(server.fakes.registry.asked)
                .containsExactly("acme null storage", "acme prod null", true, "acme dev false");
    }

    @Test
    void tellsWhatDependsOnAnInstance() {
        assertThat(server.get("/api/tenants/acme/environments/dev/instances/files/dependents", ACME)
                        .body())
                .isEqualTo("{\"items\":[{\"kind\":\"workflow\",\"id\":\"w1\",\"name\":\"Onboarding\"}],\"next\":null}");
    }

    @Test
    void tellsWhatAConfigurationTakes() {
        assertThat(TestServer.json(server.get("/api/adapters/storage-s3/1.0.0", ACME))
                        .path("settings")
                        .toString())
                .isEqualTo("[{\"pointer\":\"/bucket\",\"required\":true,\"secret\":false}]");
    }

    @Test
    void checksRequirements() {
        server.fakes.registry.findings.add(
                new Finding.Satisfied(new InstanceId("files"), DefinitionId.parse("storage-s3@1.0.0")));
        server.fakes.registry.findings.add(new Finding.Missed(
                Problem.of(RequirementProblem.REQUIREMENT_INSTANCE_STOPPED, "it is stopped", "Start it.")));

        JsonNode answer = TestServer.json(server.post(
                CHECK,
                ACME,
                "{\"requirements\":[{\"type\":\"storage\",\"adapter\":\"storage-s3\",\"versionRange\":\"^1.0.0\","
                        + "\"contractVersion\":\"1.0\",\"operations\":[\"list\"],\"instance\":\"files\"},"
                        + "{\"type\":\"storage\"}]}"));

        assertThat(answer.path("satisfied").asBoolean()).isFalse();
        assertThat(answer.path("findings").path(0).toString())
                .isEqualTo("{\"satisfied\":true,\"instance\":\"files\",\"adapter\":\"storage-s3@1.0.0\","
                        + "\"problem\":null}");
        assertThat(answer.path("findings").path(1).path("problem").path("code").asText())
                .isEqualTo("requirement-instance-stopped");
        assertThat(server.fakes.registry.asked)
                .containsExactly(
                        new Requirement(
                                new TypeName("storage"),
                                new AdapterName("storage-s3"),
                                "^1.0.0",
                                "1.0",
                                List.of(new OperationName("list")),
                                new InstanceId("files")),
                        new Requirement(new TypeName("storage"), null, null, null, List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"requirements\":null}",
                "{\"requirements\":[null]}",
                "{\"requirements\":[{}]}",
                "{\"requirements\":[{\"type\":\"storage\",\"operations\":[null]}]}",
                "{\"requirements\":[{\"type\":\"storage\",\"operations\":[\"no such name\"]}]}",
                "{\"requirements\":[{\"type\":\"storage\",\"more\":1}]}",
                "{\"requirements\":{}}"
            })
    void refusesRequirementsThatAreNone(String body) {
        HttpResponse<String> answer = server.post(CHECK, ACME, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(server.fakes.touched).doesNotContain("check");
    }

    @Test
    void refusesMoreRequirementsThanOneCheckTakes() {
        String body = "{\"requirements\":[" + "{\"type\":\"storage\"},".repeat(100) + "{\"type\":\"storage\"}]}";

        assertThat(TestServer.code(server.post(CHECK, ACME, body))).isEqualTo("invalid-request");
        assertThat(server.fakes.touched).doesNotContain("check");
    }
}
