package io.maestro.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.testing.rest.Endpoint;
import java.lang.reflect.Method;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever changes something asks the policy first, once. */
final class PolicyCheckTest {
    /** Those behind which the service asks; that they do is tested where they are. */
    private static final Set<String> ASKED_WITHIN = Set.of(
            "DELETE /api/adapters/{name}/{version}",
            "POST /api/adapters/{name}/rollouts",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/upgrade",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/rollback",
            "POST /api/adapters",
            "POST /api/tenants/{tenant}/environments/{environment}/instances",
            "POST /api/tenants/{tenant}/environments/{environment}/instance-trials",
            "DELETE /api/tenants/{tenant}/environments/{environment}/instances/{instance}",
            "PUT /api/tenants/{tenant}/environments/{environment}/instances/{instance}/configuration",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/configuration/trial",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/start",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/stop",
            "POST /api/tenants/{tenant}/environments/{environment}/instances/{instance}/operations/{operation}",
            "PUT /api/tenants/{tenant}/environments/{environment}/instances/{instance}/objects/{key}",
            "DELETE /api/tenants/{tenant}/environments/{environment}/instances/{instance}/objects/{key}",
            "PUT /api/tenants/{tenant}/environments/{environment}/data/{kind}/{key}",
            "POST /api/approvals/{id}/approve",
            "POST /api/approvals/{id}/reject");

    private static final Set<String> CHANGING_NOTHING = Set.of(
            "POST /api/policy:simulate",
            "POST /api/tenants/{tenant}/policy:simulate",
            "POST /api/tenants/{tenant}/environments/{environment}/requirements:validate");

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static List<Endpoint> changing() {
        return Endpoint.of(AuthorizationTableTest.OPEN_API).stream()
                .filter(endpoint -> !endpoint.verb().equals("GET"))
                .toList();
    }

    @Test
    void knowsEveryEndpointThatMayChangeSomething() {
        assertThat(changing()).hasSizeGreaterThan(30);
        assertThat(changing().stream().map(Endpoint::toString))
                .containsAll(ASKED_WITHIN)
                .containsAll(CHANGING_NOTHING);
        for (OpenApiDocument.Endpoint endpoint : OpenApiDocument.endpoints()) {
            Method method = endpoint.method();
            String name = endpoint.verb() + " " + endpoint.path();
            assertThat(method.isAnnotationPresent(AsksWithin.class)).as(name).isEqualTo(ASKED_WITHIN.contains(name));
            assertThat(method.isAnnotationPresent(ChangesNothing.class))
                    .as(name)
                    .isEqualTo(CHANGING_NOTHING.contains(name));
            assertThat(Guards.changes(method)
                            && !method.isAnnotationPresent(AsksWithin.class)
                            && !method.isAnnotationPresent(ChangesNothing.class))
                    .as(name)
                    .isEqualTo(method.isAnnotationPresent(Governed.class));
        }
    }

    @ParameterizedTest
    @MethodSource("changing")
    void asksOnceBeforeAnythingIsDone(Endpoint endpoint) {
        server.fakes.governance.refusal.set(Problem.of(PolicyProblem.POLICY_DENIED, "no", null));

        HttpResponse<String> answer = server.send(endpoint.request(server.base(), Map.of("tenant", "acme"))
                .header("Authorization", "Bearer " + Fakes.ADMIN));

        if (ASKED_WITHIN.contains(endpoint.toString()) || CHANGING_NOTHING.contains(endpoint.toString())) {
            assertThat(server.fakes.governance.asked).isEmpty();
        } else {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(TestServer.code(answer)).isEqualTo("policy-denied");
            assertThat(server.fakes.touched).isEmpty();
            assertThat(server.fakes.governance.asked).singleElement().satisfies(input -> {
                assertThat(input.action()).matches("[a-z][a-z-]*\\.[a-z][a-z-]*");
                assertThat(input.actor().standing().roles()).containsExactly("platform_admin");
            });
        }
    }

    @Test
    void asksNobodyWhoMayNotAnyway() {
        server.post("/api/tenants/globex/environments", Fakes.ACME, "{\"name\":\"x\"}");

        assertThat(server.fakes.governance.asked).isEmpty();
    }

    @Test
    void showsThePolicyTheBodyWithoutItsSecrets() {
        server.send(server.request("/api/tenants/acme/members/user:idp%2Fada", Fakes.ACME)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(
                        "{\"displayName\":\"Ada\",\"roles\":[\"auditor\"],\"deep\":{\"clientSecret\":\"hush\"}}")));

        PolicyInput input = server.fakes.governance.asked.getFirst();
        assertThat(input.action()).isEqualTo("member.change");
        assertThat(input.subject()).isEqualTo("user:idp/ada");
        assertThat(Objects.requireNonNull(input.tenant()).value()).isEqualTo("acme");
        assertThat(input.more())
                .containsExactly(Map.entry(
                        "configuration", new Json("{\"displayName\":\"Ada\",\"roles\":[\"auditor\"],\"deep\":{}}")));
        assertThat(input.actor().standing().tenant()).isEqualTo(input.tenant());
    }

    @Test
    void showsThePolicyNoValueOfASecret() {
        server.send(server.request("/api/tenants/acme/environments/dev/secrets/db", Fakes.ACME)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"value\":\"hush\"}")));

        assertThat(server.fakes.governance.asked.getFirst().more()).isEmpty();
    }

    @Test
    void givesTheActTheDecisionThatAllowsIt() {
        HttpResponse<String> answer = server.send(server.request("/api/tenants/acme/policy-settings", Fakes.ADMIN)
                .header("Content-Type", "application/json")
                .header("Maestro-Approval", "01980000-0000-7000-8000-000000000009")
                .PUT(BodyPublishers.ofString("{\"regions\":[\"eu\"]}")));

        assertThat(answer.statusCode()).isEqualTo(200);
        PolicyInput input = server.fakes.governance.asked.getFirst();
        assertThat(input.entryPoint()).isEqualTo(EntryPoint.TENANT_ALLOW);
        assertThat(input.more()).containsEntry("configuration", new Json("{\"regions\":[\"eu\"]}"));
        assertThat(input.actor().approval()).isEqualTo("01980000-0000-7000-8000-000000000009");
        assertThat(server.fakes.governance.actors)
                .extracting(Actor::decision)
                .containsExactly(FakeGovernance.ID.toString());
    }

    @Test
    void tellsActsApartThatDifferInWhatThePolicyIsNotShown() {
        String secret = "/api/tenants/acme/environments/dev/secrets/db";
        put(secret, "application/json", "{\"value\":\"hush\"}");
        put(secret, "application/json", "{\"value\":\"hush\"}");
        put(secret, "application/json", "{\"value\":\"other\"}");
        put(secret + "?other=true", "application/json", "{\"value\":\"hush\"}");
        put("/api/policy/packs/house", "application/gzip", "one");
        put("/api/policy/packs/house", "application/gzip", "two");

        assertThat(server.fakes.governance.asked)
                .hasSize(6)
                .allSatisfy(input -> assertThat(input.more()).isEmpty());
        List<Digest> contents = server.fakes.governance.asked.stream()
                .map(input -> Objects.requireNonNull(input.content()).get().digest())
                .toList();
        assertThat(server.fakes.governance.asked.getLast().content())
                .extracting(content -> content.get().shown())
                .isEqualTo(new Json("{\"size\":3}"));
        assertThat(contents.get(1)).isEqualTo(contents.getFirst());
        assertThat(contents.stream().distinct()).hasSize(5);
    }

    @Test
    void hasActsCarryTheApprovalThatTheyUseUpAndUsesItForThoseThatLeaveNoReceipt() {
        UUID approval = UUID.randomUUID();
        server.fakes.governance.approval.set(approval);

        put("/api/policy/settings", "application/json", "{}");

        assertThat(server.fakes.governance.actors).extracting(Actor::approval).containsExactly(approval.toString());
        assertThat(server.fakes.governance.used).hasSize(1);
    }

    @Test
    void usesNoApprovalForWhatFails() {
        server.fakes.governance.approval.set(UUID.randomUUID());
        server.post("/api/tenants", Fakes.ADMIN, "{\"id\":\"acme\"}");
        server.fakes.governance.used.clear();

        HttpResponse<String> again = server.post("/api/tenants", Fakes.ADMIN, "{\"id\":\"acme\"}");

        assertThat(TestServer.code(again)).isEqualTo("tenant-exists");
        assertThat(server.fakes.governance.used).isEmpty();
    }

    @Test
    void namesNoApprovalInAnActThatNeedsNone() {
        server.send(server.request("/api/policy/settings", Fakes.ADMIN)
                .header("Content-Type", "application/json")
                .header(PolicyCheck.APPROVAL, UUID.randomUUID().toString())
                .PUT(BodyPublishers.ofString("{}")));

        assertThat(server.fakes.governance.asked.getFirst().actor().approval()).isNotNull();
        assertThat(server.fakes.governance.actors).extracting(Actor::approval).containsOnlyNulls();
        assertThat(server.fakes.governance.used).isEmpty();
    }

    private void put(String path, String type, String body) {
        server.send(server.request(path, path.startsWith("/api/policy/") ? Fakes.ADMIN : Fakes.ACME)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofString(body)));
    }

    static List<byte[]> unreadable() {
        return List.of(
                "{\"regions\":[\"eu\"],\"regions\":[]}".getBytes(UTF_8),
                "{\"regions\":[\"\u00e9\"]}".getBytes(ISO_8859_1),
                ("{\"a\":" + "[".repeat(70) + "]".repeat(70) + "}").getBytes(UTF_8),
                "{} {}".getBytes(UTF_8),
                "{\"regions\"".getBytes(UTF_8),
                "[]".getBytes(UTF_8),
                "null".getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void letsNoDocumentPastThatThePolicyCannotBeShown(byte[] body) {
        for (String path : List.of("/api/policy/settings", "/api/policy/modes", "/api/tenants/acme/policy-settings")) {
            HttpResponse<String> answer = server.send(server.request(path, Fakes.ADMIN)
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofByteArray(body)));

            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(TestServer.json(answer).path("detail").asText()).isNotEmpty();
        }
        assertThat(server.fakes.governance.asked).isEmpty();
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void tellsWhatIsOnlyWarnedOf() {
        server.fakes.governance.warning.set(FakeGovernance.reason(Mode.WARN));

        HttpResponse<String> answer = server.post("/api/tenants", Fakes.ADMIN, "{\"id\":\"initech\"}");

        assertThat(answer.headers().allValues(PolicyCheck.WARNING)).containsExactly("R-1: it is not so");
    }

    @Test
    void tellsRuleFactsAndApprovalOfARefusal() {
        server.fakes.governance.refusal.set(Problem.of(PolicyProblem.APPROVAL_REQUIRED, "two are needed", "Ask.")
                .with(Map.of("approvalId", new Json("\"x\""), "facts", new Json("{\"risk\":\"high\"}"))));

        HttpResponse<String> answer = server.post("/api/tenants", Fakes.ADMIN, "{\"id\":\"initech\"}");

        assertThat(TestServer.code(answer)).isEqualTo("approval-required");
        assertThat(TestServer.json(answer).path("approvalId").asText()).isEqualTo("x");
        assertThat(TestServer.json(answer).at("/facts/risk").asText()).isEqualTo("high");
        assertThat(TestServer.json(answer).has("members")).isFalse();
    }
}
