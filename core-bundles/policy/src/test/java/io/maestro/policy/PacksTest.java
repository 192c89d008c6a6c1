package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.GLOBEX;
import static io.maestro.policy.OfficeOfTests.act;
import static io.maestro.policy.OfficeOfTests.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.api.policy.PolicyPacks.Revision;
import io.maestro.api.policy.PolicyPacks.Turn;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.policy.Reason;
import io.maestro.api.policy.Simulation.Candidate;
import io.maestro.api.policy.Simulation.Change;
import io.maestro.api.policy.Simulation.Simulated;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.testing.TestPostgres;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PacksTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ROOT = OfficeOfTests.of("token:root", "platform_admin");
    private static final Actor ADA = admin("user:ada");
    private static final String PEM = pem();

    /** Forbids to start anything; in acme. */
    private static final String NO_START = """
            # METADATA
            # title: No starts
            package tenants.acme.adapter.start

            # METADATA
            # title: Nothing starts on Fridays
            # custom:
            #   id: T-START
            deny contains {"rule": "T-START", "message": "it is Friday", "mode": "enforce"}

            allow := true
            """;

    private TestPostgres.TestDatabase rows;
    private OfficeOfTests tests;

    @BeforeEach
    void open() {
        rows = TestPostgres.fresh();
        tests = new OfficeOfTests(rows);
        var _ = tests.office.packs().trust(ACME.tenant(), "acme-key", "ES256", PEM, ADA);
        var _ = tests.office.packs().trust(null, "our-key", "ES256", PEM, ROOT);
    }

    @AfterEach
    void close() {
        tests.close();
        TestPostgres.drop(rows);
    }

    private static String pem() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(
                                    generator.generateKeyPair().getPublic().getEncoded())
                    + "\n-----END PUBLIC KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Pack upload(String revision, String... modules) {
        return upload(revision, "acme-key", modules);
    }

    private Pack upload(String revision, String key, String[] modules) {
        return tests.office
                .packs()
                .upload(
                        ACME.tenant(),
                        "house-rules",
                        PlainBundles.bundle(revision, key, "tenants/acme", files(modules)),
                        ADA);
    }

    private static Map<String, String> files(String... modules) {
        Map<String, String> files = new java.util.HashMap<>();
        for (String module : modules) {
            files.put("m" + files.size() + ".rego", module);
        }
        return files;
    }

    private Outcome start(Scope scope) {
        return tests.governance()
                .decide(act(EntryPoint.ADAPTER_START, ADA, scope))
                .outcome();
    }

    private static Problem refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Problem problem = Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                .problem();
        assertThat(problem.code()).isEqualTo("policy-pack-refused");
        return problem;
    }

    @Test
    void letsATenantForbidMoreWithinItself() {
        assertThat(start(ACME)).isEqualTo(Outcome.ALLOW);

        Pack pack = upload("1", NO_START);

        assertThat(Objects.requireNonNull(pack.active()).revision()).isEqualTo("1");
        assertThat(pack.active().key()).isEqualTo("acme-key");
        assertThat(start(ACME)).isEqualTo(Outcome.DENY);
        assertThat(start(GLOBEX)).isEqualTo(Outcome.ALLOW);
        assertThat(tests.governance()
                        .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                        .reasons())
                .extracting(Reason::rule, Reason::pack)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("T-START", "tenants/acme"));
    }

    @Test
    void letsNoTenantBindOperatorsNorShutTheWayBack() {
        Map<String, String> open = new java.util.HashMap<>(OfficeOfTests.PACK);
        open.put("act.rego", "package maestro.act\n\ndefault allow := true\n");
        open.put("tenant/allow.rego", "package maestro.tenant.allow\n\ndefault allow := true\n");
        String never = "deny contains {\"rule\": \"T-NEVER\", \"message\": \"never\"}\n";
        upload("1", "package tenants.acme.act\n\n" + never, "package tenants.acme.tenant.allow\n\n" + never, NO_START);
        try (OfficeOfTests own = new OfficeOfTests(rows, open, OfficeOfTests.QUICK)) {
            for (EntryPoint entryPoint : List.of(EntryPoint.ACT, EntryPoint.TENANT_ALLOW)) {
                assertThat(own.governance().decide(act(entryPoint, ROOT, ACME)).outcome())
                        .isEqualTo(Outcome.ALLOW);
                assertThat(own.governance().decide(act(entryPoint, ADA, ACME)).outcome())
                        .isEqualTo(Outcome.DENY);
            }
            assertThat(own.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ROOT, ACME))
                            .outcome())
                    .as("what runs for the tenant goes by its rules")
                    .isEqualTo(Outcome.DENY);
            for (String subject : List.of("policy-pack", "policy-modes")) {
                PolicyInput back = PolicyInput.in(
                        ACME, EntryPoint.ACT, subject + ".remove", ADA, subject, "house-rules", Map.of());
                assertThat(own.governance().decide(back).outcome()).isEqualTo(Outcome.ALLOW);
            }
        }
    }

    @Test
    void refusesWhenAPackSaysMoreThanCanBeToldAndCountsTenantsTogether() {
        String many = "deny contains {\"rule\": sprintf(\"T-%d\", [i]), \"mode\": \"warn\"} if "
                + "some i in numbers.range(1, COUNT)\n";
        String one =
                "deny contains {\"rule\": RULE, \"message\": MESSAGE, \"facts\": {\"x\": FACT}, \"mode\": \"warn\"}\n";
        List<String> fitting = List.of(many.replace("COUNT", "100"), one(one, 100, 1_000, 4_000));
        List<String> tooMuch = List.of(
                many.replace("COUNT", "101"), one(one, 101, 1, 1), one(one, 1, 1_001, 1), one(one, 1, 1, 4_096));
        int revision = 0;
        for (String deny : fitting) {
            upload(String.valueOf(++revision), "package tenants.acme.adapter.start\n\n" + deny);
            assertThat(start(ACME)).as(deny).isEqualTo(Outcome.ALLOW);
        }
        assertThat(tests.count("mc_policy_rule_hits_total tenants warn")).isEqualTo(101);
        assertThat(tests.count("mc_policy_rule_hits_total T-1 warn")).isZero();
        for (String deny : tooMuch) {
            upload(String.valueOf(++revision), "package tenants.acme.adapter.start\n\n" + deny);
            assertThat(tests.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                            .reasons())
                    .as(deny)
                    .extracting(Reason::rule)
                    .containsExactly("MALFORMED");
        }
    }

    private static String one(String rule, int id, int message, int fact) {
        return rule.replace("RULE", "\"" + "r".repeat(id) + "\"")
                .replace("MESSAGE", "\"" + "m".repeat(message) + "\"")
                .replace("FACT", "\"" + "f".repeat(fact) + "\"");
    }

    @Test
    void letsNoTenantAllowAnything() {
        upload("1", "package tenants.acme.act\n\nallow := true\n");

        assertThat(tests.governance().decide(act(EntryPoint.ACT, ADA, ACME)).outcome())
                .isEqualTo(Outcome.DENY);
    }

    @Test
    void takesATenantsRulesAsSeriouslyAsTheTenantSays() {
        upload("1", NO_START);
        tests.office.settings().putModes(ACME.tenant(), new Json("{\"rules\":{\"T-START\":\"warn\"}}"), null, ADA);

        assertThat(tests.governance()
                        .require(act(EntryPoint.ADAPTER_START, ADA, ACME))
                        .warnings())
                .extracting(Reason::mode)
                .containsExactly(Mode.WARN);
    }

    @Test
    void tellsOtherNodesOfAPack() {
        try (OfficeOfTests other = new OfficeOfTests(rows)) {
            assertThat(other.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                            .allowed())
                    .isTrue();
            upload("1", NO_START);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !other.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                            .allowed());
        }
    }

    @Test
    void goesOnLookingForChangesAfterAnError() {
        AtomicInteger errors = new AtomicInteger();
        BundleFormat plain = new PlainBundles();
        BundleFormat deep = (pack, bundle, keys) -> {
            if (errors.incrementAndGet() <= 2) {
                throw new StackOverflowError("too deep");
            }
            return plain.open(pack, bundle, keys);
        };
        try (OfficeOfTests other = new OfficeOfTests(rows, OfficeOfTests.PACK, OfficeOfTests.QUICK, deep)) {
            assertThat(other.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                            .allowed())
                    .isTrue();

            platform("8", "default allow := true\n");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !other.governance()
                            .decide(act(EntryPoint.ADAPTER_START, ADA, ACME))
                            .allowed());
            assertThat(errors.get()).isGreaterThan(2);
        }
    }

    @Test
    void keepsThePreviousOneWhenABundleIsRefusedAndSaysWhy() {
        upload("1", NO_START);

        Problem broken = refused(() -> upload("2", "package tenants.acme.adapter.start\n\ndeny contains x if y"));
        assertThat(broken.violations()).isNotEmpty();

        Pack pack = tests.office.packs().pack(ACME.tenant(), "house-rules");
        assertThat(Objects.requireNonNull(pack.active()).revision()).isEqualTo("1");
        assertThat(Objects.requireNonNull(pack.lastRefused()).problem().detail())
                .isEqualTo(broken.detail());
        assertThat(pack.lastRefused().problem().violations()).isEqualTo(broken.violations());
        assertThat(pack.lastRefused().by()).isEqualTo("user:ada");
        assertThat(start(ACME)).isEqualTo(Outcome.DENY);
        assertThat(upload("3", NO_START).lastRefused()).isNull();
    }

    @Test
    void plansWhatItWouldDoAndKeepsNothing() {
        PolicyPacks packs = tests.office.packs();
        byte[] first = PlainBundles.bundle("1", "acme-key", "tenants/acme", files(NO_START));

        PolicyPacks.Turn planned = packs.planUpload(ACME.tenant(), "house-rules", first, ADA);

        assertThat(planned.before()).isNull();
        assertThat(Objects.requireNonNull(planned.after()).revision()).isEqualTo("1");
        assertThat(start(ACME)).isEqualTo(Outcome.ALLOW);
        assertThat(packs.packs(ACME.tenant())).isEmpty();

        Revision one = Objects.requireNonNull(upload("1", NO_START).active());
        assertThat(one.digest()).isEqualTo(planned.after().digest());
        byte[] broken = PlainBundles.bundle(
                "2", "acme-key", "tenants/acme", files("package tenants.acme.adapter.start\n\ndeny contains x if y"));
        refused(() -> packs.planUpload(ACME.tenant(), "house-rules", broken, ADA));
        assertThat(packs.pack(ACME.tenant(), "house-rules").lastRefused()).isNull();

        Revision two = Objects.requireNonNull(upload("2", NO_START).active());
        assertThat(packs.planRollback(ACME.tenant(), "house-rules", null, ADA))
                .isEqualTo(new PolicyPacks.Turn(two, one));
        assertThat(packs.planRemove(ACME.tenant(), "house-rules", ADA)).isEqualTo(new PolicyPacks.Turn(two, null));
        assertThat(packs.pack(ACME.tenant(), "house-rules").active()).isEqualTo(two);
        assertThat(Objects.requireNonNull(catchThrowableOfType(
                                ProblemException.class, () -> packs.planRemove(ACME.tenant(), "no-such", ADA)))
                        .problem()
                        .code())
                .isEqualTo("policy-pack-unknown");
    }

    @Test
    void doesNothingButWhatWasPlannedWhenSomebodyElseWasFaster() {
        PolicyPacks packs = tests.office.packs();
        TenantId acme = ACME.tenant();
        byte[] third = PlainBundles.bundle("3", "acme-key", "tenants/acme", files(NO_START));
        Turn first = packs.planUpload(acme, "house-rules", third, ADA);
        upload("1", NO_START);
        Turn second = packs.planUpload(acme, "house-rules", third, ADA);
        Turn removal = packs.planRemove(acme, "house-rules", ADA);
        upload("2", NO_START);
        Turn back = packs.planRollback(acme, "house-rules", "1", ADA);

        assertThat(code(() -> packs.upload(acme, "house-rules", third, first, ADA)))
                .isEqualTo("revision-changed");
        assertThat(code(() -> packs.upload(acme, "house-rules", third, second, ADA)))
                .isEqualTo("revision-changed");
        assertThat(code(() -> packs.remove(acme, "house-rules", removal, ADA))).isEqualTo("revision-changed");
        assertThat(revision()).isEqualTo("2");
        packs.rollback(acme, "house-rules", "1", ADA);
        assertThat(code(() -> packs.rollback(acme, "house-rules", "1", back, ADA)))
                .isEqualTo("revision-changed");

        packs.upload(acme, "house-rules", third, packs.planUpload(acme, "house-rules", third, ADA), ADA);
        assertThat(revision()).isEqualTo("3");
        packs.rollback(acme, "house-rules", "1", packs.planRollback(acme, "house-rules", "1", ADA), ADA);
        assertThat(revision()).isEqualTo("1");
        packs.remove(acme, "house-rules", packs.planRemove(acme, "house-rules", ADA), ADA);
        assertThat(packs.packs(acme)).isEmpty();
    }

    private String revision() {
        return Objects.requireNonNull(
                        tests.office.packs().pack(ACME.tenant(), "house-rules").active())
                .revision();
    }

    @Test
    void takesTheBuiltInPackForWhatWasPlannedUntilAnotherDecides() {
        PolicyPacks packs = tests.office.packs();
        String act = "default allow := true\n";
        byte[] eighth = PlainBundles.bundle("8", "our-key", "maestro", files("package maestro.act\n\n" + act));
        Turn planned = packs.planUpload(null, "maestro", eighth, ROOT);

        assertThat(Objects.requireNonNull(packs.upload(null, "maestro", eighth, planned, ROOT)
                                .active())
                        .revision())
                .isEqualTo("8");
        Turn back = packs.planRollback(null, "maestro", null, ROOT);
        assertThat(packs.rollback(null, "maestro", null, back, ROOT).builtIn()).isTrue();
        assertThat(code(() -> packs.rollback(null, "maestro", "7", back, ROOT))).isEqualTo("revision-changed");
    }

    @Test
    void plansSettingsAndModesAsTheyWouldBePut() {
        PolicySettings settings = tests.office.settings();
        Json low = new Json("{\"maxRisk\":\"low\"}");

        assertThat(settings.beforePut(ACME.tenant(), low, 0L, ROOT).document()).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(settings.settings(ACME.tenant()).revision()).isZero();
        settings.put(ACME.tenant(), low, null, ROOT);
        assertThat(settings.beforePut(ACME.tenant(), low, 1L, ROOT).revision()).isEqualTo(1);
        assertThat(code(() -> settings.beforePut(ACME.tenant(), low, 7L, ROOT))).isEqualTo("revision-changed");
        assertThat(code(() -> settings.beforePut(ACME.tenant(), new Json("{\"maxRisk\":1}"), null, ROOT)))
                .isEqualTo("policy-settings-invalid");
        assertThat(code(() -> settings.beforePutModes(ACME.tenant(), new Json("{\"rules\":1}"), null, ROOT)))
                .isEqualTo("policy-settings-invalid");
        assertThat(settings.beforePutModes(ACME.tenant(), new Json("{}"), null, ROOT)
                        .revision())
                .isZero();
    }

    private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                .problem()
                .code();
    }

    @Test
    void refusesWhatNobodyTrustedHasSigned() {
        assertThat(refused(() -> upload("1", "other-key", new String[] {NO_START}))
                        .detail())
                .contains("not signed");
        tests.office.packs().distrust(ACME.tenant(), "acme-key", ADA);
        assertThat(refused(() -> upload("1", NO_START)).detail()).contains("not signed");
        assertThat(refused(() -> tests.office.packs().upload(ACME.tenant(), "house-rules", new byte[] {1}, ADA))
                        .detail())
                .contains("no bundle");
        assertThat(start(ACME)).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void refusesAnOlderOrEqualRevisionAlsoAfterARollback() {
        upload("9", NO_START);
        upload("10", NO_START);
        assertThat(refused(() -> upload("10", NO_START)).detail()).contains("10 is not newer than 10");
        assertThat(refused(() -> upload("9", NO_START)).detail()).contains("not newer");

        Pack back = tests.office.packs().rollback(ACME.tenant(), "house-rules", null, ADA);

        assertThat(Objects.requireNonNull(back.active()).revision()).isEqualTo("9");
        assertThat(refused(() -> upload("10", NO_START)).detail()).contains("not newer");
        assertThat(Objects.requireNonNull(upload("11", NO_START).active()).revision())
                .isEqualTo("11");
        assertThat(Objects.requireNonNull(tests.office
                                .packs()
                                .rollback(ACME.tenant(), "house-rules", "10", ADA)
                                .active())
                        .revision())
                .isEqualTo("10");
    }

    @Test
    void refusesWhatLiesOutsideOfItsPlace() {
        for (String module : List.of(
                "package tenants.globex.adapter.start\n",
                "package maestro.adapter.start\n\nallow := true\n",
                "package tenants.acmeother\n",
                "package tenants\n")) {
            assertThat(refused(() -> upload("1", module)).detail()).contains("outside of tenants/acme");
        }
        assertThat(refused(() -> tests.office
                                .packs()
                                .upload(
                                        ACME.tenant(),
                                        "house-rules",
                                        PlainBundles.bundle("1", "acme-key", "", files(NO_START)),
                                        ADA))
                        .violations())
                .extracting(one -> one.pointer())
                .containsExactly(".manifest");
    }

    @Test
    void refusesWhatATenantsPackMayNotUse() {
        assertThat(refused(() -> upload("1", "package tenants.acme.adapter.start\n\nx := time.now_ns()\n"))
                        .detail())
                .contains("time.now_ns");
    }

    @Test
    void activatesOnlyWhatPassesItsOwnTests() {
        String test = "package tenants.acme.adapter.start_test\n\nimport data.tenants.acme.adapter.start\n\n";

        Problem failing =
                refused(() -> upload("1", NO_START, test + "test_nothing_against if count(start.deny) == 0\n"));
        assertThat(failing.detail()).contains("data.tenants.acme.adapter.start_test.test_nothing_against fails");

        Pack passing = upload("2", NO_START, test + "test_one_against if count(start.deny) == 1\n");
        assertThat(Objects.requireNonNull(passing.active()).tests()).isEqualTo(1);
    }

    @Test
    void keepsTwoPacksOfATenantApart() {
        upload("1", NO_START);

        assertThat(refused(() -> tests.office
                                .packs()
                                .upload(
                                        ACME.tenant(),
                                        "other-rules",
                                        PlainBundles.bundle("1", "acme-key", "tenants/acme/adapter", Map.of()),
                                        ADA))
                        .detail())
                .contains("overlaps");
    }

    @Test
    void replacesTheBuiltInPackAndGoesBackToIt() {
        Revision builtIn = Objects.requireNonNull(
                tests.office.packs().pack(null, "maestro").active());
        assertThat(builtIn.revision()).isEqualTo("7");

        Pack replaced = platform("8", "default allow := false\n\nallow if input.action != \"thing.change\"\n");
        assertThat(Objects.requireNonNull(replaced.active()).revision()).isEqualTo("8");
        assertThat(replaced.builtIn()).isFalse();
        assertThat(start(ACME)).isEqualTo(Outcome.DENY);

        Pack back = tests.office.packs().rollback(null, "maestro", null, ROOT);
        assertThat(back.builtIn()).isTrue();
        assertThat(start(ACME)).isEqualTo(Outcome.ALLOW);
        assertThat(refused(() -> platform("8", "default allow := true\n")).detail())
                .contains("not newer than 8");
    }

    private Pack platform(String revision, String act) {
        return tests.office
                .packs()
                .upload(
                        null,
                        "maestro",
                        PlainBundles.bundle(revision, "our-key", "maestro", files("package maestro.act\n\n" + act)),
                        ROOT);
    }

    @Test
    void refusesAPackFromWhichThereIsNoWayBack() {
        assertThat(refused(() -> platform("8", "default allow := false\n")).detail())
                .contains("could not go back");
    }

    @Test
    void showsAKeyToItsOwnerOnly() {
        assertThat(tests.office.packs().keys(GLOBEX.tenant())).isEmpty();
        assertThat(tests.office.packs().keys(ACME.tenant()))
                .extracting(key -> key.id())
                .containsExactly("acme-key");
        for (String wrong : List.of("no key", PEM.replace("PUBLIC", "PRIVATE"))) {
            assertThat(catchThrowableOfType(
                            ProblemException.class, () -> tests.office.packs().trust(null, "k", "ES256", wrong, ROOT)))
                    .hasMessageContaining("policy-key-invalid");
        }
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> tests.office.packs().trust(null, "k", "RS256", PEM, ROOT)))
                .hasMessageContaining("policy-key-invalid");
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> tests.office.packs().trust(null, "our-key", "ES256", PEM, ROOT)))
                .hasMessageContaining("policy-key-exists");
    }

    private Simulated simulate(@Nullable TenantId tenant, String module, List<Json> inputs) {
        String pack = tenant == null ? "maestro" : "house-rules";
        return tests.office
                .simulation()
                .simulate(tenant, new Candidate(pack, new byte[0], files(module), null, inputs, 100));
    }

    @Test
    void asksACandidateWhatWasAskedAndChangesNothing() throws SQLException {
        upload("1", "package tenants.acme.adapter.stop\n");
        start(ACME);
        start(GLOBEX);
        await().atMost(Duration.ofSeconds(60)).until(() -> tests.recorded(null).size() == 2);
        tests.office.close();
        List<String> before = everything();

        Simulated within = simulate(ACME.tenant(), NO_START, List.of());

        assertThat(within.asked()).isEqualTo(1);
        assertThat(within.outcomes()).containsExactly(Map.entry(Outcome.DENY, 1));
        assertThat(within.changes())
                .extracting(Change::before, Change::after)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Outcome.ALLOW, Outcome.DENY));
        Simulated all =
                simulate(null, "package maestro.adapter.start\n\nallow if input.scope.tenant == \"acme\"\n", List.of());
        assertThat(all.asked()).isEqualTo(2);
        assertThat(all.changed()).isEqualTo(1);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void showsACandidateNoSettingsOfOtherTenantsAlsoWithoutAnyPack() {
        tests.office.settings().put(ACME.tenant(), new Json("{\"mine\":\"own-value\"}"), null, ROOT);
        tests.office.settings().put(GLOBEX.tenant(), new Json("{\"theirs\":\"foreign-value\"}"), null, ROOT);
        String curious = """
                package tenants.acme.adapter.start

                deny contains {"rule": "X", "message": json.marshal(data.settings)}
                """;
        Json acme = new Json("{\"entryPoint\":\"adapter/start\",\"scope\":{\"tenant\":\"acme\"},\"time\":\"now\"}");

        assertThat(simulate(ACME.tenant(), curious, List.of(acme)).changes().toString())
                .contains("own-value")
                .doesNotContain("globex", "foreign-value");
    }

    @Test
    void asksWhatWouldBeRefusedIfARuleWereEnforced() {
        upload("1", NO_START.replace("enforce", "shadow"));
        start(ACME);
        await().atMost(Duration.ofSeconds(60)).until(() -> tests.recorded(null).size() == 1);

        Simulated promoted = tests.office
                .simulation()
                .simulate(
                        ACME.tenant(),
                        new Candidate(
                                "house-rules",
                                new byte[0],
                                Map.of(),
                                new Json("{\"rules\":{\"T-START\":\"enforce\"}}"),
                                List.of(),
                                100));

        assertThat(promoted.changes()).extracting(Change::after).containsExactly(Outcome.DENY);
        assertThat(start(ACME)).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void asksGivenInputsOfItsOwnTenantOnly() {
        Json acme = new Json("{\"entryPoint\":\"adapter/start\",\"scope\":{\"tenant\":\"acme\"},\"time\":\"now\"}");
        assertThat(simulate(ACME.tenant(), NO_START, List.of(acme)).changed()).isEqualTo(1);

        Json globex = new Json("{\"entryPoint\":\"adapter/start\",\"scope\":{\"tenant\":\"globex\"}}");
        assertThat(catchThrowableOfType(
                        ProblemException.class, () -> simulate(ACME.tenant(), NO_START, List.of(globex))))
                .hasMessageContaining("that tenant in its scope");
        assertThat(catchThrowableOfType(
                        ProblemException.class,
                        () -> simulate(ACME.tenant(), "package tenants.globex\n", List.of(acme))))
                .hasMessageContaining("policy-pack-refused");
    }

    /** All rows of all tables. */
    private List<String> everything() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "select schemaname || '.' || tablename from pg_tables where schemaname in ('policy', 'store')"
                            + " order by 1")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet found = statement.executeQuery(
                        "select '" + table + " ' || t::text || xmin::text from " + table + " t order by 1")) {
                    while (found.next()) {
                        all.add(found.getString(1));
                    }
                }
            }
        }
        return all;
    }
}
