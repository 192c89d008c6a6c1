package io.maestro.rest;

import static io.maestro.rest.TestServer.code;
import static io.maestro.rest.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.identity.Role;
import io.maestro.api.policy.Outcome;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grants and changes of the policy: planned, and done only as planned. */
class ChangePlansTest {
    private static final String MEMBER = "/api/tenants/acme/members/user:anna";
    private static final String GRANT = "{\"roles\":[\"tenant_developer\"],\"environment\":\"dev\"}";

    private final TestServer server = new TestServer();
    private final String admin = server.fakes.access.as(Role.PLATFORM_ADMIN, null, null);

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /api/tenants/acme/members/user:anna, application/json, '{\"roles\":[\"auditor\"]}', member.add",
        "PUT, /api/policy/settings, application/json, '{\"profile\":\"internal\"}', policy-settings.put",
        "PUT, /api/policy/modes, application/json, '{\"rules\":{\"R-1\":\"warn\"}}', policy-modes.put",
        "PUT, /api/tenants/acme/policy-settings, application/json, '{\"maxRisk\":\"low\"}', policy-settings.put",
        "PUT, /api/tenants/acme/policy-modes, application/json, '{\"packs\":{\"own\":\"warn\"}}', policy-modes.put",
        "PUT, /api/policy/packs/house, application/gzip, bundle, policy-pack.upload",
        "POST, /api/policy/packs/house/rollback, application/json, '{}', policy-pack.rollback",
        "DELETE, /api/policy/packs/house, application/json, '', policy-pack.remove",
        "PUT, /api/tenants/acme/policy-packs/own, application/gzip, bundle, policy-pack.upload",
        "POST, /api/tenants/acme/policy-packs/own/rollback, application/json, '{}', policy-pack.rollback",
        "DELETE, /api/tenants/acme/policy-packs/own, application/json, '', policy-pack.remove",
    })
    void showsThePlanDoesNothingAndDoesItWhenThePlanIsStillThisOne(
            String verb, String path, String type, String body, String action) {
        HttpResponse<String> planned = send(verb, path + "?dryRun=true", type, body);

        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(200);
        JsonNode plan = json(planned);
        assertThat(plan.path("action").asText()).isEqualTo(action);
        assertThat(plan.at("/policy/outcome").asText()).isEqualTo("allow");
        assertThat(server.fakes.touched).contains("before").doesNotContain("put settings", "putMember");
        assertThat(server.fakes.touched)
                .noneMatch(
                        done -> done.startsWith("upload") || done.startsWith("rollback") || done.startsWith("remove"));

        assertThat(code(send(verb, path + "?plan=" + "0".repeat(64), type, body)))
                .isEqualTo("plan-changed");
        assertIsNotDoneWithoutTheApprovalThatItNeeds(verb, path, type, body);
        String digest = plan.path("digest").asText().replace("sha256:", "");
        HttpResponse<String> done = send(verb, path + "?plan=" + digest, type, body);
        assertThat(done.statusCode()).as(done.body()).isBetween(200, 204);
        if (action.startsWith("policy-pack.")) {
            assertThat(server.fakes.touched.getLast()).endsWith(" as planned");
        }
    }

    private void assertIsNotDoneWithoutTheApprovalThatItNeeds(String verb, String path, String type, String body) {
        server.fakes.governance.outcome.set(Outcome.APPROVAL);
        String needing = digest(verb, path, type, body);
        int before = server.fakes.touched.size();
        assertThat(code(send(verb, path + "?plan=" + needing, type, body))).isEqualTo("approval-required");
        assertThat(server.fakes.touched.subList(before, server.fakes.touched.size()))
                .as("nothing but what a plan reads")
                .isSubsetOf("before", "settings", "modes");
        server.fakes.governance.outcome.set(Outcome.ALLOW);
    }

    private String digest(String verb, String path, String type, String body) {
        return json(send(verb, path + "?dryRun=true", type, body))
                .path("digest")
                .asText()
                .replace("sha256:", "");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/tenants, '{\"id\":\"acme\"}', dryRun=true",
        "POST, /api/tenants, '{\"id\":\"acme\"}', dryRun=false",
        "POST, /api/tenants, '{\"id\":\"acme\"}', plan=00",
        "PUT, /api/tenants/acme/environments/dev/secrets/db, '{\"value\":\"hush\"}', dryRun=true",
        "POST, /api/tenants/acme/environments/dev/instances/files/operations/echo, '{}', dryRun=true",
        "POST, /api/tenants/acme/offboard, '{\"confirm\":\"acme\"}', plan=00",
    })
    void anActWithoutAPlanIsNotDoneForWhoeverAsksForOne(String verb, String path, String body, String query) {
        HttpResponse<String> refused = send(verb, path + "?" + query, "application/json", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("this act takes no " + query.split("=", 2)[0]);
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void aGrantTellsWhatIsGainedAndLostAndHowToTakeItBack() {
        assertThat(send("PUT", MEMBER, "application/json", GRANT).statusCode()).isEqualTo(200);

        JsonNode plan = json(send("PUT", MEMBER + "?dryRun=true", "application/json", "{\"roles\":[\"auditor\"]}"));

        assertThat(plan.at("/permissions/gained/0").asText()).isEqualTo("role:auditor");
        assertThat(plan.at("/permissions/lost/0").asText()).isEqualTo("role:tenant_developer@dev");
        assertThat(plan.at("/effects/tenantsTouched/0").asText()).isEqualTo("acme");
        assertThat(plan.at("/undo/command").asText())
                .isEqualTo("maestro member put --tenant acme --role tenant_developer --environment dev --display-name"
                        + " 'user:anna' 'user:anna'");
        JsonNode removal = json(send("DELETE", MEMBER + "?dryRun=true", "application/json", ""));
        assertThat(removal.path("action").asText()).isEqualTo("member.remove");
        assertThat(removal.at("/permissions/lost/0").asText()).isEqualTo("role:tenant_developer@dev");
        assertThat(removal.at("/undo/action").asText()).isEqualTo("member.add");
        assertThat(server.fakes.members.all).hasSize(1);
    }

    @Test
    void aPlanHoldsOnlyForTheMemberThatItWasMadeFor() {
        String digest = json(send("PUT", MEMBER + "?dryRun=true", "application/json", GRANT))
                .path("digest")
                .asText()
                .replace("sha256:", "");
        assertThat(send("PUT", MEMBER, "application/json", "{\"roles\":[\"auditor\"]}")
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> refused = send("PUT", MEMBER + "?plan=" + digest, "application/json", GRANT);

        assertThat(code(refused)).isEqualTo("plan-changed");
        assertThat(json(refused).at("/plan/before/roles/0").asText()).isEqualTo("auditor");
    }

    @Test
    void nobodyIsAskedToApproveWhatIsNotAsPlanned() {
        server.fakes.governance.outcome.set(Outcome.APPROVAL);
        String digest = json(send("PUT", MEMBER + "?dryRun=true", "application/json", GRANT))
                .path("digest")
                .asText()
                .replace("sha256:", "");

        assertThat(code(send("PUT", MEMBER + "?plan=" + "0".repeat(64), "application/json", GRANT)))
                .isEqualTo("plan-changed");
        assertThat(server.fakes.governance.required).isEmpty();

        assertThat(code(send("PUT", MEMBER + "?plan=" + digest, "application/json", GRANT)))
                .isEqualTo("approval-required");
        assertThat(server.fakes.governance.required).hasSize(1);
        assertThat(server.fakes.members.all).isEmpty();
    }

    @Test
    void whatNeedsNoApprovalAnyMoreIsNotDoneByAPlanThatNeededOne() {
        server.fakes.governance.outcome.set(Outcome.APPROVAL);
        String digest = json(send("PUT", MEMBER + "?dryRun=true", "application/json", GRANT))
                .path("digest")
                .asText()
                .replace("sha256:", "");
        server.fakes.governance.outcome.set(Outcome.ALLOW);

        assertThat(code(send("PUT", MEMBER + "?plan=" + digest, "application/json", GRANT)))
                .isEqualTo("plan-changed");
        assertThat(server.fakes.members.all).isEmpty();
    }

    private HttpResponse<String> send(String verb, String path, String type, String body) {
        return server.send(
                server.request(path, admin).header("Content-Type", type).method(verb, BodyPublishers.ofString(body)));
    }
}
