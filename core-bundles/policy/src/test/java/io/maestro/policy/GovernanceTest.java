package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.GLOBEX;
import static io.maestro.policy.OfficeOfTests.act;
import static io.maestro.policy.OfficeOfTests.admin;
import static io.maestro.policy.OfficeOfTests.call;
import static io.maestro.policy.OfficeOfTests.install;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Decisions.Explanation;
import io.maestro.api.policy.Decisions.Recorded;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.Reason;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class GovernanceTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Duration LONG = Duration.ofSeconds(60);

    private TestPostgres.TestDatabase rows;
    private OfficeOfTests tests;

    @BeforeEach
    void open() {
        rows = TestPostgres.fresh();
        tests = new OfficeOfTests(rows);
    }

    @AfterEach
    void close() {
        tests.close();
        TestPostgres.drop(rows);
    }

    private static Problem refused(OfficeOfTests tests, PolicyInput input) {
        return Objects.requireNonNull(catchThrowableOfType(
                        ProblemException.class, () -> tests.governance().require(input)))
                .problem();
    }

    @Test
    void allowsWhatARuleAllowsAndSaysSoInTheRecord() {
        Decision decision = tests.governance().require(install(admin("user:ada"), "1.0.0", "low", "eu"));

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.reasons()).isEmpty();
        Recorded recorded = await().atMost(LONG)
                .until(() -> tests.recorded(null), all -> !all.isEmpty())
                .getFirst();
        assertThat(recorded.id()).isEqualTo(decision.id());
        assertThat(recorded.id().version()).isEqualTo(7);
        assertThat(recorded.bundles()).containsExactly(Map.entry("maestro", "7"));
        assertThat(recorded.input().text())
                .contains("\"entryPoint\":\"adapter/install\"", "\"kind\":\"user\"", "\"roles\":[\"tenant_admin\"]");
        assertThat(recorded.actor()).isEqualTo("user:ada");
        assertThat(recorded.correlationId()).isEqualTo("request-1");
    }

    @Test
    void forbidsWhatNoRuleAllows() {
        Problem problem = refused(tests, install(OfficeOfTests.of("user:eve", "auditor"), "1.0.0", "low", "eu"));

        assertThat(problem.code()).isEqualTo("policy-denied");
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.detail()).contains("NOT-ALLOWED", "no rule of the policy allows adapter/install");
    }

    @Test
    void forbidsWhatNoPackKnows() {
        assertThat(refused(tests, act(EntryPoint.ACT, admin("user:ada"), ACME)).code())
                .isEqualTo("policy-denied");
    }

    @Test
    void tellsRuleFactsAndRemediationOfARefusal() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));

        Problem problem = refused(tests, install(admin("user:ada"), "1.0.0", "low", "us"));

        assertThat(problem.detail())
                .isEqualTo("instance.create of adapter-instance \"files\" is not allowed: the region us is none of acme"
                        + " (rule R-REGION)");
        assertThat(problem.fix()).isEqualTo("Choose a region of the tenant.");
        assertThat(problem.members())
                .containsEntry("rule", new Json("\"R-REGION\""))
                .containsEntry("facts", new Json("{\"region\":\"us\"}"))
                .containsKeys("decisionId", "reasons");
        assertThat(tests.governance()
                        .require(install(admin("user:ada"), "1.0.0", "low", "eu"))
                        .allowed())
                .isTrue();
    }

    @Test
    void takesRulesAsSeriouslyAsTheirModeSays() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));
        PolicyInput abroad = install(admin("user:ada"), "1.0.0", "low", "us");

        tests.office
                .settings()
                .putModes(null, new Json("{\"rules\":{\"R-REGION\":\"warn\"}}"), null, admin("user:ada"));
        Decision warned = tests.governance().require(abroad);
        assertThat(warned.warnings()).extracting(Reason::rule).containsExactly("R-REGION");

        tests.office.settings().putModes(null, new Json("{\"packs\":{\"maestro\":\"shadow\"}}"), 1L, admin("user:ada"));
        Decision shadowed = tests.governance().require(abroad);
        assertThat(shadowed.warnings()).isEmpty();
        assertThat(shadowed.reasons()).extracting(Reason::mode).containsExactly(Mode.SHADOW);

        tests.office.settings().putModes(null, new Json("{}"), null, admin("user:ada"));
        assertThat(refused(tests, abroad).code()).isEqualTo("policy-denied");
        assertThat(tests.count("mc_policy_rule_hits_total R-REGION warn")).isEqualTo(1);
        assertThat(tests.count("mc_policy_rule_hits_total R-REGION shadow")).isEqualTo(1);
        assertThat(tests.count("mc_policy_rule_hits_total R-REGION enforce")).isEqualTo(1);
    }

    @Test
    void warnsOfWhatARuleOnlyWarnsOf() {
        Decision decision = tests.governance().require(install(admin("user:ada"), "0.1.0", "low", "eu"));

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).extracting(Reason::message).containsExactly("the version is old");
    }

    @Test
    void forbidsWhenThePolicyTakesTooMuch() {
        Problem problem = refused(tests, act(EntryPoint.ADAPTER_STOP, admin("user:ada"), ACME));

        assertThat(problem.code()).isEqualTo("policy-unavailable");
        assertThat(problem.status()).isEqualTo(503);
        await().atMost(LONG).until(() -> tests.recorded(null).size() == 1);
        assertThat(tests.recorded(null).getFirst().outcome()).isEqualTo(Outcome.UNAVAILABLE);
    }

    @Test
    void forbidsWhenAPackAnswersInAnotherForm() {
        assertThat(refused(tests, act(EntryPoint.ADAPTER_UPGRADE, admin("user:ada"), ACME))
                        .detail())
                .contains("MALFORMED");
    }

    @Test
    void letsAPlatformAdminMendPacksThatCannotBeAsked() {
        try (OfficeOfTests broken =
                new OfficeOfTests(rows, Map.of("a.rego", "package a\n\nb := "), OfficeOfTests.QUICK)) {
            Actor root = OfficeOfTests.of("token:root", "platform_admin");
            PolicyInput mend = new PolicyInput(
                    EntryPoint.ACT, "policy-pack.upload", root, null, null, "policy-pack", "maestro", Map.of());

            assertThat(broken.governance().require(mend).warnings())
                    .extracting(Reason::rule)
                    .containsExactly("POLICY-REPAIR");
            PolicyInput other =
                    new PolicyInput(EntryPoint.ACT, "token.create", root, null, null, "token", "x", Map.of());
            assertThat(refused(broken, other).code()).isEqualTo("policy-unavailable");
            PolicyInput stranger = new PolicyInput(
                    EntryPoint.ACT,
                    "policy-pack.upload",
                    admin("user:ada"),
                    null,
                    null,
                    "policy-pack",
                    "maestro",
                    Map.of());
            assertThat(refused(broken, stranger).code()).isEqualTo("policy-unavailable");
        }
    }

    @Test
    void decidesTheSameCallOnceAMinuteAndCountsTheOthers() {
        Decision first = tests.governance().require(call(admin("user:ada"), "echo"));
        for (int i = 0; i < 9; i++) {
            assertThat(tests.governance()
                            .require(call(admin("user:ada"), "echo"))
                            .id())
                    .isEqualTo(first.id());
        }
        Actor other = new Actor("user:ada", "c")
                .with(new Standing(List.of("tenant_admin"), ACME.tenant(), ACME.environment(), Map.of(), null));
        assertThat(tests.governance().require(call(other, "echo")).id()).isNotEqualTo(first.id());
        assertThat(tests.governance().require(call(admin("user:bob"), "echo")).id())
                .isNotEqualTo(first.id());

        await().atMost(LONG)
                .until(() -> tests.recorded(null).stream()
                        .filter(one -> one.id().equals(first.id()))
                        .anyMatch(one -> one.times() == 10));
        assertThat(tests.recorded(null)).hasSize(3);
        assertThat(tests.count("mc_policy_decisions_total adapter/call allow")).isEqualTo(12);
    }

    @Test
    void neverRemembersARefusalNorWhatLooksAtTheTime() {
        assertThat(refused(tests, call(admin("user:ada"), "forbidden"))
                        .members()
                        .get("decisionId"))
                .isNotEqualTo(refused(tests, call(admin("user:ada"), "forbidden"))
                        .members()
                        .get("decisionId"));
        assertThat(tests.governance()
                        .require(act(EntryPoint.ADAPTER_START, admin("user:ada"), ACME))
                        .id())
                .isNotEqualTo(tests.governance()
                        .require(act(EntryPoint.ADAPTER_START, admin("user:ada"), ACME))
                        .id());
    }

    @Test
    void forgetsWhatItRemembersWhenSettingsChange() {
        Decision first = tests.governance().require(call(admin("user:ada"), "echo"));

        tests.office.settings().put(null, new Json("{\"x\":1}"), null, admin("user:ada"));

        assertThat(tests.governance().require(call(admin("user:ada"), "echo")).id())
                .isNotEqualTo(first.id());
    }

    @Test
    void takesUpWhatAnotherNodeChanges() {
        try (OfficeOfTests other = new OfficeOfTests(rows)) {
            other.governance().decide(call(admin("user:ada"), "echo"));
            tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));

            await().atMost(LONG)
                    .until(() -> !other.governance()
                            .decide(install(admin("user:ada"), "1.0.0", "low", "us"))
                            .allowed());
        }
    }

    @Test
    void showsATenantItsOwnDecisionsOnly() {
        tests.governance().decide(act(EntryPoint.ADAPTER_START, admin("user:ada"), ACME));
        tests.governance().decide(act(EntryPoint.ADAPTER_START, admin("user:ada"), GLOBEX));

        await().atMost(LONG).until(() -> tests.recorded(null).size() == 2);
        assertThat(tests.recorded(ACME.tenant())).extracting(Recorded::tenant).containsExactly(ACME.tenant());
        Recorded foreign = tests.recorded(GLOBEX.tenant()).getFirst();
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> tests.office.decisions().explain(ACME.tenant(), foreign.id())))
                .hasMessageContaining("decision-unknown");
    }

    @Test
    void explainsWithFileAndLineAndWhatTheRuleRead() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));
        Decision denied = tests.governance().decide(install(admin("user:ada"), "1.0.0", "low", "us"));
        await().atMost(LONG).until(() -> !tests.recorded(null).isEmpty());

        Explanation explanation = tests.office.decisions().explain(ACME.tenant(), denied.id());

        assertThat(explanation.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.reason().rule()).isEqualTo("R-REGION");
            assertThat(rule.file()).isEqualTo("maestro/adapter/install.rego");
            assertThat(rule.row()).isEqualTo(16);
            assertThat(rule.facts())
                    .containsEntry("/configuration/region", new Json("\"us\""))
                    .containsEntry("/scope/tenant", new Json("\"acme\""));
        });
        assertThat(tests.office.decisions().explainAll(ACME.tenant(), "request-1"))
                .hasSize(1);
    }

    private static Explanation explained(OfficeOfTests tests, PolicyInput input) {
        Decision decision = tests.governance().decide(input);
        await().atMost(LONG)
                .until(() ->
                        tests.recorded(null).stream().anyMatch(one -> one.id().equals(decision.id())));
        return tests.office.decisions().explain(ACME.tenant(), decision.id());
    }

    @Test
    void tellsTheSmallestChangeThatWouldBeAllowed() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));

        Explanation abroad = explained(tests, install(admin("user:ada"), "1.0.0", "low", "us"));
        assertThat(abroad.smallestChange()).isEqualTo(new Json("{\"/configuration/region\":\"eu\"}"));
        assertThat(abroad.whyNoChange()).isNull();

        Explanation allowed = explained(tests, install(admin("user:ada"), "1.0.0", "low", "eu"));
        assertThat(allowed.smallestChange()).isNull();
        assertThat(allowed.whyNoChange()).isNull();
    }

    @Test
    void proposesNothingThatWhoeverAskedCannotChange() {
        Explanation role = explained(tests, install(OfficeOfTests.of("user:eve", "auditor"), "1.0.0", "low", "eu"));
        assertThat(role.smallestChange()).isNull();
        assertThat(role.whyNoChange()).isEqualTo("no small change was found");

        Explanation risk = explained(tests, install(admin("user:ada"), "1.0.0", "high", "eu"));
        assertThat(risk.decision().outcome()).isEqualTo(Outcome.APPROVAL);
        assertThat(risk.smallestChange()).as("an adapter has some risk").isNull();
        assertThat(risk.whyNoChange()).isEqualTo("no small change was found");
    }

    @Test
    void proposesNothingOnceSettingsHaveChanged() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"eu\"]}"), null, admin("user:ada"));
        Explanation before = explained(tests, install(admin("user:ada"), "1.0.0", "low", "us"));
        tests.office.settings().put(ACME.tenant(), new Json("{\"regions\":[\"us\"]}"), 1L, admin("user:ada"));

        Explanation after = tests.office
                .decisions()
                .explain(ACME.tenant(), before.decision().id());

        assertThat(after.smallestChange()).isNull();
        assertThat(after.whyNoChange()).isEqualTo("settings or modes have changed since");
        assertThat(after.rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.row()).isEqualTo(16));
    }

    /** An act in acme with a configuration, under a policy that asks for something of it. */
    private Explanation configured(String rule, String configuration) {
        Map<String, String> pack = Map.of(
                ".manifest",
                "{\"revision\":\"1\",\"roots\":[\"maestro\"]}",
                "start.rego",
                "package maestro.adapter.start\n\ndefault allow := false\n\nallow if " + rule + "\n");
        try (OfficeOfTests own = new OfficeOfTests(rows, pack, OfficeOfTests.QUICK)) {
            own.office
                    .settings()
                    .put(OfficeOfTests.GLOBEX.tenant(), new Json("{\"code\":\"theirs\"}"), null, admin("user:ada"));
            return explained(
                    own,
                    PolicyInput.in(
                            ACME,
                            EntryPoint.ADAPTER_START,
                            "instance.start",
                            admin("user:ada"),
                            "adapter-instance",
                            "files",
                            Map.of("configuration", new Json(configuration))));
        }
    }

    @Test
    void proposesNothingWhereThePolicyReadsWhatWasErased() {
        Explanation explanation = configured("input.configuration.password == \"open\"", "{\"password\":\"hush\"}");

        assertThat(explanation.smallestChange()).isNull();
        assertThat(explanation.whyNoChange()).isEqualTo("the policy reads what was erased from the input");
        assertThat(explanation.toString()).doesNotContain("hush", "open");

        Explanation beside = configured("input.configuration.size == 1", "{\"password\":\"hush\",\"size\":2}");
        assertThat(beside.smallestChange()).isEqualTo(new Json("{\"/configuration/size\":1}"));
    }

    @Test
    void proposesNoSecretsNorWhatOnlyOtherTenantsKnow() {
        Explanation secret = configured("input.configuration.api_token == \"open\"", "{}");
        assertThat(secret.smallestChange()).isNull();
        assertThat(secret.whyNoChange()).isEqualTo("what would have to change is named like a secret");

        Explanation foreign =
                configured("input.configuration.code == data.settings.tenants.globex.code", "{\"code\":\"mine\"}");
        assertThat(foreign.smallestChange()).isNull();
    }

    @Test
    void keepsNoValueThatLooksLikeASecret() {
        PolicyInput input = PolicyInput.in(
                ACME,
                EntryPoint.ADAPTER_START,
                "instance.start",
                admin("user:ada"),
                "adapter-instance",
                "files",
                Map.of(
                        "configuration",
                        new Json("{\"bucket\":\"b\",\"auth\":{\"api_key\":\"hush\",\"dbPassword\":\"hush\"}}")));
        tests.governance().decide(input);
        await().atMost(LONG).until(() -> !tests.recorded(null).isEmpty());

        Recorded recorded = tests.recorded(null).getFirst();
        assertThat(recorded.input().text()).doesNotContain("hush").contains("\"bucket\":\"b\"");
        assertThat(recorded.erased())
                .containsExactlyInAnyOrder("/configuration/auth/api_key", "/configuration/auth/dbPassword");
    }

    @Test
    void countsWhatItCannotWriteDown() {
        Recorder.Pace narrow =
                new Recorder.Pace(1, Duration.ofMillis(200), 1, Duration.ofSeconds(30), Duration.ofHours(1));
        try (OfficeOfTests busy = new OfficeOfTests(rows, OfficeOfTests.PACK, narrow)) {
            for (int i = 0; i < 50; i++) {
                busy.governance().decide(act(EntryPoint.ADAPTER_START, admin("user:ada"), ACME));
            }
            busy.office.close();
            assertThat(busy.count("mc_policy_decisions_shed_total")).isPositive();
            assertThat(tests.recorded(null).size() + busy.count("mc_policy_decisions_shed_total"))
                    .isEqualTo(50);
        }
    }
}
