package io.maestro.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody locks everybody out: not by a pack, by modes, or by settings, and not by several of them together. */
final class WayBackTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ROOT = OfficeOfTests.of("token:root", "platform_admin");

    /** Platform admins may all; a rule in shadow would forbid everything, settings can. */
    private static final String ACT = """
            package maestro.act

            default allow := false

            allow if {
            	"platform_admin" in input.principal.roles
            	not data.settings.platform.frozen
            }

            deny contains {"rule": "R-CALM", "message": "nothing changes now", "mode": "shadow"} if true

            require_approval contains {"rule": "R-TWO", "message": "it takes two", "mode": "enforce"} if {
            	data.settings.platform.dualControl
            }
            """;

    private TestPostgres.TestDatabase rows;
    private OfficeOfTests tests;

    @BeforeEach
    void open() throws GeneralSecurityException {
        rows = TestPostgres.fresh();
        Map<String, String> pack = new HashMap<>(OfficeOfTests.PACK);
        pack.put("act.rego", ACT);
        pack.put("approval/decide.rego", """
                package maestro.approval.decide

                default allow := false

                allow if {
                	"platform_admin" in input.principal.roles
                	not data.settings.platform.nobodyApproves
                }
                """);
        tests = new OfficeOfTests(rows, pack, OfficeOfTests.QUICK);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        var _ = tests.office.packs().trust(null, "our-key", "ES256", pem, ROOT);
    }

    @AfterEach
    void close() {
        tests.close();
        TestPostgres.drop(rows);
    }

    private static Problem problem(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                .problem();
    }

    private Pack upload(String revision, String rego) {
        return tests.office
                .packs()
                .upload(
                        null,
                        "house",
                        PlainBundles.bundle(revision, "our-key", "packs/house", Map.of("house.rego", rego)),
                        ROOT);
    }

    private static String forbidding(String condition) {
        return """
                package packs.house.act

                deny contains {"rule": "H-1", "message": "no", "mode": "enforce"} if {
                	%s
                }
                """.formatted(condition);
    }

    private Outcome change(String action) {
        return tests.governance()
                .decide(new PolicyInput(
                        EntryPoint.ACT,
                        action,
                        ROOT,
                        null,
                        null,
                        action.substring(0, action.indexOf('.')),
                        "x",
                        Map.of()))
                .outcome();
    }

    @Test
    void refusesAPackBesideTheMainOneThatForbidsItsOwnRemoval() {
        Problem refused = problem(() -> upload("1", forbidding("input.action == \"policy-pack.remove\"")));

        assertThat(refused.code()).isEqualTo("policy-pack-refused");
        assertThat(refused.detail()).contains("no platform admin could do policy-pack.remove");
        assertThat(Objects.requireNonNull(
                                tests.office.packs().pack(null, "house").lastRefused())
                        .problem()
                        .detail())
                .isEqualTo(refused.detail());
        assertThat(change("policy-pack.remove")).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void refusesAPackUnderWhichModesCouldNotBeChanged() {
        assertThat(problem(() -> upload("1", forbidding("input.subject.type == \"policy-modes\"")))
                        .detail())
                .contains("policy-modes.put");
    }

    @Test
    void takesAPackInThatForbidsOtherThings() {
        assertThat(Objects.requireNonNull(upload("1", forbidding("input.action == \"tenant.create\""))
                                .active())
                        .revision())
                .isEqualTo("1");
        assertThat(change("tenant.create")).isEqualTo(Outcome.DENY);
    }

    @Test
    void refusesModesThatPutARuleInForceWhichForbidsTakingThemBack() {
        Problem refused = problem(() ->
                tests.office.settings().putModes(null, new Json("{\"rules\":{\"R-CALM\":\"enforce\"}}"), null, ROOT));

        assertThat(refused.code()).isEqualTo("policy-locks-out");
        assertThat(refused.detail()).contains("no platform admin could do policy-modes.put");
        assertThat(refused.fix()).isNotBlank();
        assertThat(tests.office.settings().modes(null).revision()).isZero();
        assertThat(change("tenant.create")).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void refusesSettingsUnderWhichNothingCouldBeChanged() {
        Problem refused = problem(() -> tests.office.settings().put(null, new Json("{\"frozen\":true}"), null, ROOT));

        assertThat(refused.code()).isEqualTo("policy-locks-out");
        assertThat(tests.office.settings().settings(null).revision()).isZero();
    }

    @Test
    void takesTwoPersonsForAWayBackWhenThereAreTwo() {
        var _ = tests.office.settings().put(null, new Json("{\"dualControl\":true}"), null, ROOT);

        assertThat(change("policy-modes.put")).isEqualTo(Outcome.APPROVAL);
    }

    @Test
    void refusesThatTwoBeNeededWhenNobodyCanBeTheSecond() {
        assertThat(problem(() -> tests.office
                                .settings()
                                .put(null, new Json("{\"dualControl\":true,\"nobodyApproves\":true}"), null, ROOT))
                        .code())
                .isEqualTo("policy-locks-out");
    }

    @Test
    void refusesModesThatLockOutOnlyTogetherWithAPack() {
        var _ = upload("1", forbidding("true").replace("\"enforce\"", "\"shadow\""));

        assertThat(problem(() -> tests.office
                                .settings()
                                .putModes(null, new Json("{\"packs\":{\"house\":\"enforce\"}}"), null, ROOT))
                        .code())
                .isEqualTo("policy-locks-out");
        assertThat(change("tenant.create")).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void asksWhoeverMakesTheChangeToo() {
        String only = forbidding("input.principal.id != \"token:root\"");

        assertThat(upload("1", only).active()).isNotNull();
        assertThat(change("policy-pack.remove")).isEqualTo(Outcome.ALLOW);
    }
}
