package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.GLOBEX;
import static io.maestro.policy.OfficeOfTests.admin;
import static io.maestro.policy.OfficeOfTests.install;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.policy.Approvals.Request;
import io.maestro.api.policy.Approvals.State;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.testing.TestPostgres;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DualControlTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

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

    private static PolicyInput risky(String who, @Nullable UUID approval) {
        return install(admin(who, approval == null ? null : approval.toString()), "1.0.0", "high", "eu");
    }

    private Problem refused(PolicyInput input) {
        return problem(() -> tests.governance().require(input));
    }

    private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                .problem();
    }

    private UUID ask(String who) {
        return named(refused(risky(who, null)));
    }

    private static UUID named(Problem problem) {
        assertThat(problem.code()).isEqualTo("approval-required");
        String text =
                Objects.requireNonNull(problem.members().get("approvalId")).text();
        return UUID.fromString(text.substring(1, text.length() - 1));
    }

    private Request decide(UUID id, boolean approve, String who) {
        Principal principal = Principal.of(who, who, Role.TENANT_ADMIN, ACME.tenant(), null);
        return tests.office.approvals().decide(id, approve, "looked at it", principal, admin(who));
    }

    @Test
    void letsASecondPersonAllowItOnce() {
        UUID id = ask("user:ada");
        assertThat(refused(risky("user:ada", id)).detail()).contains("nobody has decided on it yet");

        assertThat(decide(id, true, "user:bob").state()).isEqualTo(State.APPROVED);
        Decision decision = tests.governance().require(risky("user:ada", id));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.approval()).isEqualTo(id);
        tests.governance().use(risky("user:ada", id), decision);

        assertThat(tests.office.approvals().request(ACME.tenant(), null, id).state())
                .isEqualTo(State.USED);
        Problem again = refused(risky("user:ada", id));
        assertThat(again.code()).isEqualTo("approval-not-valid");
        assertThat(again.detail()).contains("used already");
    }

    @Test
    void bindsAnApprovalToTheVeryActAndToWhoAsked() {
        UUID id = ask("user:ada");
        decide(id, true, "user:bob");

        assertThat(refused(install(admin("user:ada", id.toString()), "1.0.0", "high", "us"))
                        .detail())
                .contains("for other values");
        assertThat(refused(risky("user:carl", id)).detail()).contains("somebody else asked for it");
        assertThat(refused(risky("user:ada", UUID.randomUUID())).detail()).contains("there is no such approval here");
        assertThat(tests.office.approvals().request(ACME.tenant(), null, id).state())
                .isEqualTo(State.APPROVED);
    }

    @Test
    void bindsAnApprovalToTheContentThatNoPolicyIsShown() {
        Digest seen = new Digest("1".repeat(64));
        Problem problem = refused(risky("user:ada", null).of(seen));
        String text =
                Objects.requireNonNull(problem.members().get("approvalId")).text();
        UUID id = UUID.fromString(text.substring(1, text.length() - 1));
        assertThat(decide(id, true, "user:bob").input().text()).doesNotContain(seen.hex());

        assertThat(refused(risky("user:ada", id).of(new Digest("2".repeat(64)))).detail())
                .contains("for another act");
        assertThat(refused(risky("user:ada", id)).detail()).contains("for another act");
        assertThat(tests.governance().require(risky("user:ada", id).of(seen)).allowed())
                .isTrue();
    }

    @Test
    void isNotUsedUpByAnActThatFails() {
        UUID id = approved();
        Actor actor = tests.governance().allow(risky("user:ada", id));

        assertThatThrownBy(() -> tests.database.act(ACME.tenant(), actor, sql -> {
                    throw new IllegalStateException("the disk is full");
                }))
                .hasMessage("the disk is full");
        String unchanged = tests.database.act(ACME.tenant(), actor, sql -> Act.unchanged("as it was"));
        assertThat(unchanged).isEqualTo("as it was");
        assertThat(state(id)).isEqualTo(State.APPROVED);

        make(ACME.tenant(), tests.governance().allow(risky("user:ada", id)));
        assertThat(state(id)).isEqualTo(State.USED);
        assertThat(refused(risky("user:ada", id)).detail()).contains("used already");
    }

    @Test
    void letsOneOfTwoActsCommit() {
        UUID id = approved();
        Actor one = tests.governance().allow(risky("user:ada", id));
        Actor other = tests.governance().allow(risky("user:ada", id));
        make(ACME.tenant(), one);

        assertThat(problem(() -> make(ACME.tenant(), other)).code()).isEqualTo("approval-not-valid");
        assertThat(facts()).filteredOn("thing.make"::equals).hasSize(1);
    }

    @Test
    void isUsedOnceByAnActOfSeveralParts() {
        Actor actor = tests.governance().allow(risky("user:ada", approved()));
        make(ACME.tenant(), actor);
        make(ACME.tenant(), actor);

        assertThat(facts())
                .containsOnlyOnce("approval.use")
                .filteredOn("thing.make"::equals)
                .hasSize(2);
    }

    @Test
    void isUsedByAnActOfATenantAlsoWhenTheInstallationWasAsked() {
        UUID id = UUID.randomUUID();
        tests.database.noteAsPlatform(sql -> sql.execute(
                "insert into policy.approval (id, entry_point, action, subject_type, subject, input_digest, input,"
                        + " reasons, state, requested_by, requested_at, expires_at, decision) values (?, 'act',"
                        + " 'tenant.create', 'tenant', 'acme', ?, '{}', '[]', 'approved', 'user:ada', now(),"
                        + " ?::timestamptz, ?)",
                id,
                "0".repeat(64),
                tests.time().plusSeconds(60).atOffset(java.time.ZoneOffset.UTC),
                UUID.randomUUID()));
        Actor actor = admin("user:ada").allowedBy(UUID.randomUUID().toString(), id.toString());
        make(ACME.tenant(), actor);

        assertThat(tests.office.approvals().request(null, null, id).state()).isEqualTo(State.USED);
    }

    @Test
    void keepsNoDigestThatSecretsCanBeTriedAgainst() throws Exception {
        Digest secret = new Digest("1".repeat(64));
        var _ = refused(risky("user:ada", null).of(secret));
        String kept = tests.database.asPlatform(sql ->
                sql.fetchSingle("select input_digest from policy.approval").get(0, String.class));

        String document =
                Inputs.lasting(Inputs.of(risky("user:ada", null), tests.time())).json();
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        assertThat(kept)
                .isNotEqualTo(Digest.of(sha.digest((document + "\n" + secret.hex()).getBytes(UTF_8)))
                        .hex());
    }

    @Test
    void showsWhoeverApprovesWhatTheActWouldDoWithoutItsSecrets() {
        Json arguments = new Json("{\"arguments\":{\"amount\":100,\"apiKey\":\"s3cr3t\"}}");
        PolicyInput pay = risky("user:ada", null).of(() -> new Content(new Digest("3".repeat(64)), arguments));
        UUID id = named(refused(pay));

        assertThat(tests.office
                        .approvals()
                        .request(ACME.tenant(), null, id)
                        .input()
                        .text())
                .contains("\"content\":{\"arguments\":{\"amount\":100,\"apiKey\":\"**REDACTED**\"}}")
                .doesNotContain("s3cr3t");
    }

    private UUID approved() {
        UUID id = ask("user:ada");
        decide(id, true, "user:bob");
        return id;
    }

    private State state(UUID id) {
        return tests.office.approvals().request(ACME.tenant(), null, id).state();
    }

    private void make(TenantId tenant, Actor actor) {
        var _ = tests.database.act(
                tenant,
                actor,
                sql -> Act.done("", Fact.made("thing.make", Subject.of("thing", "one"), Json.EMPTY_OBJECT)));
    }

    private List<String> facts() {
        return tests.database.asPlatform(sql ->
                sql.fetch("select action from store.fact order by occurred_at").getValues(0, String.class));
    }

    @Test
    void letsNobodyApproveTheirOwnNotEvenByAnotherToken() {
        tests.makers.put("token:one", "user:ada");
        tests.makers.put("token:two", "token:one");
        UUID id = ask("token:one");

        for (String same : List.of("token:one", "token:two", "user:ada")) {
            assertThat(problem(() -> decide(id, true, same)).code()).isEqualTo("approval-of-ones-own");
        }
        assertThat(decide(id, true, "user:bob").state()).isEqualTo(State.APPROVED);
    }

    @Test
    void letsWhoeverAskedTakeItBack() {
        assertThat(decide(ask("user:ada"), false, "user:ada").state()).isEqualTo(State.REJECTED);
    }

    @Test
    void keepsARejectionAndAnExpiryFromBeingUsed() {
        UUID rejected = ask("user:ada");
        decide(rejected, false, "user:bob");
        assertThat(refused(risky("user:ada", rejected)).detail()).contains("rejected");
        assertThat(problem(() -> decide(rejected, true, "user:bob")).code()).isEqualTo("approval-decided");

        UUID late = ask("user:ada");
        tests.now.updateAndGet(now -> now.plus(HeldApprovals.LASTS));
        assertThat(problem(() -> decide(late, true, "user:bob")).detail()).contains("expired");
        assertThat(refused(risky("user:ada", late)).detail()).contains("expired");
        assertThat(ask("user:ada")).isNotEqualTo(late);
    }

    @Test
    void asksOnceForTheSameAct() {
        assertThat(ask("user:ada")).isEqualTo(ask("user:ada")).isNotEqualTo(ask("user:bob"));
        assertThat(tests.office
                        .approvals()
                        .requests(ACME.tenant(), null, State.PENDING, PageRequest.first())
                        .items())
                .hasSize(2);
    }

    @Test
    void letsOnlyWhomThePolicyEntitlesDecide() {
        UUID id = ask("user:ada");
        Principal auditor = Principal.of("user:eve", "eve", Role.AUDITOR, null, null);
        Actor actor = OfficeOfTests.of("user:eve", "auditor");

        assertThat(problem(() -> tests.office.approvals().decide(id, true, "why not", auditor, actor))
                        .code())
                .isEqualTo("policy-denied");
    }

    @Test
    void showsARequestToItsTenantOnly() {
        UUID id = ask("user:ada");

        assertThat(problem(() -> tests.office.approvals().request(GLOBEX.tenant(), null, id))
                        .code())
                .isEqualTo("approval-unknown");
        assertThat(tests.office.approvals().request(null, null, id).reasons())
                .extracting(reason -> reason.rule())
                .containsExactly("R-RISK");
    }
}
