package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.e2e.Api.Answer;
import io.maestro.testing.rest.Endpoint;
import io.maestro.testing.server.LaunchedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every endpoint of the OpenAPI document, asked by one tenant's principals with another tenant's identifiers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrossTenantTest {
    /** Stands in every name that is acme's own, so that a trace of any of them is found. */
    private static final String MARK = "of-acme";

    private static final String TENANT = "house-" + MARK;
    private static final String ENVIRONMENT = "lab-" + MARK;

    /** An environment that both tenants have, in which acme's things stand: whatever keeps them apart, it is not its name. */
    private static final String SHARED = "prod";

    private static final String SCOPE = "/api/tenants/" + TENANT + "/environments/" + SHARED;
    private static final String INSTANCE = "files-" + MARK;
    private static final String SECRET = "key-" + MARK;
    private static final String PROVIDER = "provider-" + MARK;
    private static final String MEMBER = "user:" + PROVIDER + "%2Falice";
    private static final String OBJECT = "report-" + MARK + ".txt";
    private static final String REGION = "region-" + MARK;
    private static final String KIND = "kind-" + MARK;
    private static final String NOBODYS_TOKEN = "8c0cf9b40fa3f1b5";
    private static final String NOBODYS_KEY = "sha256:" + "0".repeat(64);
    private static final Map<String, Object> ROLES_OF_A_MEMBER = Map.of("roles", List.of("tenant_developer"));

    /** These make the thing when it is not there. */
    private static final List<String> MAKING = List.of("putSecret", "putMember");

    /** What requests say that would be good if their path named things of the own tenant. */
    private static final Map<String, Object> BODIES = Map.of(
            "putSecret", Map.of("value", "of globex"),
            "putMember", ROLES_OF_A_MEMBER,
            "changeTenantIdentityProvider",
                    Map.of(
                            "displayName",
                            "Taken",
                            "environment",
                            SHARED,
                            "instance",
                            PROVIDER,
                            "roles",
                            List.of("tenant_developer")),
            "rotateTenantToken", Map.of("graceMinutes", 0),
            "putStorageRoute", Map.of("instance", INSTANCE),
            "startTransfer", Map.of("source", INSTANCE, "target", PROVIDER, "region", "eu"),
            "upgradeInstance", Map.of("version", "1.0.0"));

    private static final List<String> ROLES = List.of("tenant_admin", "tenant_developer", "auditor", "service");

    private final Map<String, String> foreign = new HashMap<>();

    /** What is called just id, by the path segment before it. */
    private final Map<String, String> ids = new HashMap<>();

    private final List<Api> strangers = new ArrayList<>();
    private LaunchedServer server;
    private Api admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        admin = Api.admin(server);
        admin.install("storage.file", "storage.s3", "identity.oidc");
        admin.tenant(TENANT);
        admin.tenant("globex");
        expect(201, admin.post("/api/tenants/" + TENANT + "/environments", Map.of("name", ENVIRONMENT)));
        admin.instance(TENANT + "/" + SHARED, INSTANCE, "storage-file@1.0.0", Map.of());
        expect(200, admin.put(SCOPE + "/instances/" + INSTANCE + "/objects/" + OBJECT, "secret plans".getBytes(UTF_8)));
        expect(201, admin.putJson(SCOPE + "/secrets/" + SECRET, Map.of("value", "secret-value-" + MARK)));
        Map<String, Object> oidc =
                Map.of("issuer", "http://127.0.0.1:9", "clientId", "maestro", "clientSecret", "client-secret-" + MARK);
        admin.instance(TENANT + "/" + SHARED, PROVIDER, "identity-oidc@1.0.0", oidc);
        Map<String, Object> provider = Map.of(
                "name", PROVIDER, "environment", SHARED, "instance", PROVIDER, "roles", List.of("tenant_developer"));
        expect(201, admin.post("/api/tenants/" + TENANT + "/identity-providers", provider));
        expect(200, admin.putJson("/api/tenants/" + TENANT + "/members/" + MEMBER, ROLES_OF_A_MEMBER));
        expect(200, admin.putJson(SCOPE + "/storage-routes/" + REGION + "/" + KIND, Map.of("instance", INSTANCE)));
        expect(
                200,
                admin.put(SCOPE + "/data/" + KIND + "/" + OBJECT + "?region=" + REGION, "evidence".getBytes(UTF_8)));
        ids.put("callback", "0".repeat(16));
        ids.put("sessions", NOBODYS_TOKEN);
        ids.put("approvals", "00000000-0000-7000-8000-000000000000");
        ids.put("receipt-keys", NOBODYS_KEY);
        ids.put(
                "receipts",
                expect(200, admin.get("/api/tenants/" + TENANT + "/receipts?limit=1"))
                        .at("/items/0/id")
                        .asText());
        String token = expect(
                        201,
                        admin.post(
                                "/api/tenants/" + TENANT + "/tokens",
                                Map.of("name", "token-" + MARK, "roles", List.of("tenant_admin"))))
                .path("token")
                .path("id")
                .asText();
        ids.put("tokens", token);
        foreign.putAll(Map.of(
                "tenant", TENANT,
                "environment", SHARED,
                "instance", INSTANCE,
                "operation", "list",
                "key", OBJECT,
                "secret", SECRET,
                "member", MEMBER,
                "name", "storage-file",
                "version", "1.0.0",
                "fingerprint", NOBODYS_KEY));
        foreign.put("provider", PROVIDER);
        foreign.put("region", REGION);
        foreign.put("kind", KIND);
        foreign.put("transfer", "0192a1b2-0000-7000-8000-000000000000");
        foreign.put("kid", "key-" + MARK);
        foreign.put("eventType", "act.done");
        // those of all tenants are the installation's: who is of a tenant is not asked which
        foreign.put("rollout", "0192a1b2-0000-7000-8000-000000000000");
        for (String role : ROLES) {
            String bearer = expect(
                            201, admin.post("/api/tenants/globex/tokens", Map.of("name", role, "roles", List.of(role))))
                    .path("bearer")
                    .asText();
            strangers.add(admin.as(bearer));
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void everyEndpointOfATenantRefusesThePrincipalsOfAnother() {
        List<Endpoint> endpoints =
                admin.endpoints().stream().filter(Endpoint::ofTenant).toList();
        assertThat(endpoints).hasSizeGreaterThan(20);
        for (Endpoint endpoint : endpoints) {
            for (Api stranger : strangers) {
                Answer answer = stranger.send(endpoint, filled(endpoint, foreign), "{}");
                assertThat(answer.status())
                        .as("%s: %s", endpoint, answer.body())
                        .isEqualTo(403);
                assertThat(traces(answer)).as("%s", endpoint).doesNotContain(MARK);
            }
        }
    }

    @Test
    void whatBelongsToNoTenantShowsNothingOfAnother() {
        for (Endpoint endpoint : admin.endpoints()) {
            if (!endpoint.ofTenant() && endpoint.reads()) {
                for (Api stranger : strangers) {
                    Answer answer = stranger.get(filled(endpoint, foreign));
                    String told = traces(answer);
                    // what the caller has just said itself is no secret
                    for (String parameter : endpoint.parameters()) {
                        told = told.replace(foreign.getOrDefault(parameter, "{" + parameter + "}"), "");
                    }
                    assertThat(told).as("%s", endpoint).doesNotContain(MARK);
                }
            }
        }
    }

    @Test
    void whatBelongsToNoTenantIsNotWrittenByAnyPrincipalOfOne() {
        String before = holdings();
        for (Endpoint endpoint : admin.endpoints()) {
            if (!endpoint.ofTenant()
                    && !endpoint.reads()
                    && !endpoint.open()
                    && !endpoint.action().equals("SELF")) {
                for (Api stranger : strangers) {
                    // approvals of all tenants have one address; whoever may decide finds those of their own
                    boolean deciding = endpoint.action().equals("APPROVAL_DECIDE");
                    String body = deciding ? "{\"reason\":\"none\"}" : "{}";
                    Answer answer = stranger.send(endpoint, filled(endpoint, foreign), body);
                    assertThat(answer.status())
                            .as("%s: %s", endpoint, answer.body())
                            .isIn(deciding ? List.of(403, 404) : List.of(403));
                }
            }
        }
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void foreignIdentifiersAreAnsweredAsThoseThatNobodyHas() {
        String before = holdings();
        for (Endpoint endpoint : ofOneThing()) {
            if (!endpoint.verb().equals("PUT")) {
                assertUnknown(endpoint, SHARED);
            }
        }
        // last, since some of these make a thing of the own tenant that is called as acme's is
        for (Endpoint endpoint : ofOneThing()) {
            if (endpoint.verb().equals("PUT") && !MAKING.contains(endpoint.operation())) {
                assertUnknown(endpoint, SHARED);
            }
        }
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void aForeignEnvironmentIsUnknownToEveryEndpoint() {
        for (Endpoint endpoint : admin.endpoints()) {
            if (endpoint.parameters().containsAll(List.of("tenant", "environment"))) {
                assertUnknown(endpoint, ENVIRONMENT);
            }
        }
    }

    @Test
    void aThingOfTheSameNameInTheOwnTenantIsAnother() {
        String before = holdings();
        Api globex = strangers.getFirst();
        String own = "/api/tenants/globex/environments/" + SHARED;
        expect(201, globex.putJson(own + "/secrets/" + SECRET, Map.of("value", "of globex")));
        assertThat(expect(200, globex.get(own + "/secrets/" + SECRET)).toString())
                .doesNotContain(INSTANCE);
        expect(200, globex.putJson("/api/tenants/globex/members/" + MEMBER, ROLES_OF_A_MEMBER));
        globex.instance("globex/" + SHARED, INSTANCE, "storage-file@1.0.0", Map.of());
        assertThat(globex.get(own + "/instances/" + INSTANCE + "/objects/" + OBJECT)
                        .status())
                .isEqualTo(404);
        assertThat(expect(200, globex.get(own + "/instances/" + INSTANCE + "/objects"))
                        .path("items"))
                .isEmpty();
        expect(
                200,
                globex.put(own + "/instances/" + INSTANCE + "/objects/" + OBJECT, "plans of globex".getBytes(UTF_8)));
        assertThat(holdings()).isEqualTo(before);

        expect(204, globex.delete(own + "/instances/" + INSTANCE + "/objects/" + OBJECT));
        expect(204, globex.delete(own + "/instances/" + INSTANCE));
        expect(204, globex.delete(own + "/secrets/" + SECRET));
        expect(204, globex.delete("/api/tenants/globex/members/" + MEMBER));
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void foreignIdentifiersInABodyAreAnsweredAsThoseThatNobodyHas() {
        String before = holdings();
        Map<String, Object> provider = Map.of(
                "name", "mine", "environment", SHARED, "instance", PROVIDER, "roles", List.of("tenant_developer"));
        assertUnknown("/identity-providers", provider);
        assertUnknown("/identity-providers", with(provider, "environment", ENVIRONMENT));
        assertUnknown("/tokens", Map.of("name", "mine", "roles", List.of("service"), "environment", ENVIRONMENT));
        Map<String, Object> s3 = Map.of(
                "endpoint",
                "http://127.0.0.1:9",
                "bucket",
                "files",
                "accessKeyId",
                "identity",
                "secretAccessKey",
                Map.of("$secret", SECRET));
        assertUnknown(
                "/environments/" + SHARED + "/instances",
                Map.of("id", "mine", "adapter", "storage-s3@1.0.0", "configuration", s3));

        Answer forOthers =
                strangers.getFirst().post("/api/tenants/globex/identity-providers", with(provider, "tenant", TENANT));
        assertThat(forOthers.status()).as("%s", forOthers.body()).isBetween(400, 499);
        for (String filter :
                List.of("environment=" + ENVIRONMENT, "subject=" + PROVIDER, "actor=token:" + ids.get("tokens"))) {
            Answer answer = strangers.getFirst().get("/api/tenants/globex/receipts?" + filter);
            assertThat(answer.body().path("items")).as(filter).isEmpty();
        }
        assertThat(traces(strangers.getFirst().get("/api/tenants/globex/instances?environment=" + ENVIRONMENT)))
                .doesNotContain(INSTANCE, PROVIDER);
        assertThat(holdings()).isEqualTo(before);
    }

    @Test
    void aCursorOfOneTenantIsRefusedByEveryListOfAnother() {
        Map<String, String> own = new HashMap<>(foreign);
        own.put("tenant", "globex");
        int cursors = 0;
        for (Endpoint endpoint : admin.endpoints()) {
            if (endpoint.ofTenant() && endpoint.reads() && endpoint.queries().contains("cursor")) {
                String next = admin.get(filled(endpoint, foreign) + "?limit=1")
                        .body()
                        .path("next")
                        .asText("");
                cursors += next.isEmpty() ? 0 : 1;
                String cursor = next.isEmpty() ? TENANT + ".x" : next;
                Answer answer = strangers.getFirst().get(filled(endpoint, own) + "?cursor=" + cursor);
                assertThat(answer.status())
                        .as("%s: %s", endpoint, answer.body())
                        .isEqualTo(403);
                assertThat(traces(answer)).as("%s", endpoint).doesNotContain(MARK);
            }
        }
        assertThat(cursors).isGreaterThanOrEqualTo(4);
    }

    @Test
    void followingACursorOfAnotherTenantIsOnRecord() {
        String resource = Api.instances("globex/" + SHARED);
        String cursor = expect(200, admin.get(Api.instances(TENANT + "/" + SHARED) + "?limit=1"))
                .path("next")
                .asText();

        // so many attempts of a second are written down, and the other tests make many
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            expect(403, strangers.getFirst().get(resource + "?cursor=" + cursor));
            assertThat(expect(200, admin.get("/api/security-events?limit=500&rule=tenant-boundary&tenant=" + TENANT))
                            .path("items"))
                    .anySatisfy(
                            event -> assertThat(event.path("resource").asText()).isEqualTo(resource));
        });
    }

    @Test
    void theAttemptsAreOnRecordForPlatformAdminsOnly() {
        strangers.getFirst().get(Api.instances(TENANT + "/" + ENVIRONMENT));

        assertThat(expect(200, admin.get("/api/security-events?limit=500")).path("items"))
                .anySatisfy(event -> {
                    assertThat(event.path("rule").asText()).isEqualTo("tenant-boundary");
                    assertThat(event.path("tenant").asText()).isEqualTo(TENANT);
                    assertThat(event.path("principal").asText()).startsWith("token:");
                    assertThat(event.path("address").asText()).isEqualTo("127.0.0.1");
                });
        strangers.forEach(stranger ->
                assertThat(stranger.get("/api/security-events").status()).isEqualTo(403));
    }

    private List<Endpoint> ofOneThing() {
        return admin.endpoints().stream()
                .filter(Endpoint::ofTenant)
                .filter(endpoint -> endpoint.parameters().stream()
                        .anyMatch(name -> !List.of("tenant", "environment").contains(name)))
                .toList();
    }

    /** Below globex, acme's things get the same answer as those that nobody has, and that is that they are not there. */
    private void assertUnknown(Endpoint endpoint, String environment) {
        Map<String, String> acmes = new HashMap<>(foreign);
        acmes.put("tenant", "globex");
        acmes.put("environment", environment);
        String path = filled(endpoint, acmes);
        Api globex = strangers.getFirst();
        String body = Api.json(BODIES.getOrDefault(endpoint.operation(), Map.of()));
        Answer answer = globex.send(endpoint, path, body);
        // a write may find other faults first, but the same ones
        assertThat(answer.status()).as("%s: %s", endpoint, answer.body()).isGreaterThanOrEqualTo(400);
        if (endpoint.reads() || endpoint.verb().equals("DELETE")) {
            assertThat(answer.status()).as("%s: %s", endpoint, answer.body()).isEqualTo(404);
        }
        Answer other = globex.send(endpoint, nobodys(path), nobodys(body));
        assertThat(nobodys(traces(answer))).as("%s", endpoint).isEqualTo(traces(other));
    }

    private void assertUnknown(String path, Map<String, Object> body) {
        Api globex = strangers.getFirst();
        Answer answer = globex.post("/api/tenants/globex" + path, body);
        assertThat(answer.status()).as("%s: %s", path, answer.body()).isGreaterThanOrEqualTo(400);
        Answer other = globex.send("POST", "/api/tenants/globex" + path, nobodys(Api.json(body)));
        assertThat(nobodys(traces(answer))).as("%s", path).isEqualTo(traces(other));
    }

    /** The same with names and ids that nobody has. */
    private String nobodys(String text) {
        String receipt = ids.getOrDefault("receipts", "");
        return text.replace(MARK, "of-none")
                .replace(ids.getOrDefault("tokens", ""), NOBODYS_TOKEN)
                .replace(receipt, receipt.substring(0, receipt.length() - 4) + "0000");
    }

    private static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
        Map<String, Object> other = new HashMap<>(body);
        other.put(name, value);
        return other;
    }

    /** All that acme has, as it is now. */
    private String holdings() {
        String tenant = "/api/tenants/" + TENANT;
        StringBuilder all = new StringBuilder();
        for (String path : List.of(
                tenant,
                tenant + "/environments",
                tenant + "/instances",
                tenant + "/identity-providers",
                tenant + "/members",
                tenant + "/tokens",
                tenant + "/storage-locations",
                SCOPE + "/storage-routes",
                SCOPE + "/data",
                SCOPE + "/secrets/" + SECRET,
                SCOPE + "/instances/" + INSTANCE + "/objects/" + OBJECT)) {
            all.append(expect(200, admin.get(path))).append('\n');
        }
        return all.toString();
    }

    /** The endpoint's path; a parameter without a value is a fault of this test. */
    private String filled(Endpoint endpoint, Map<String, String> values) {
        Map<String, String> all = new HashMap<>(values);
        ids.forEach((kind, id) -> {
            if (endpoint.path().contains("/" + kind + "/{id}")) {
                all.put("id", id);
            }
        });
        assertThat(all.keySet()).as("%s", endpoint).containsAll(endpoint.parameters());
        return endpoint.path(all);
    }

    /** The answer without the caller's own words: a problem repeats the path that was asked. */
    private static String traces(Answer answer) {
        if (answer.body() instanceof ObjectNode problem && problem.has("status")) {
            return problem.deepCopy()
                    .without(List.of("instance", "correlationId"))
                    .toString();
        }
        return answer.body().toString();
    }
}
