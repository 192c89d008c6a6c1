package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.GLOBEX;
import static io.maestro.policy.OfficeOfTests.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Decisions.Explanation;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.rego.bundle.BundleBuilder;
import io.maestro.rego.bundle.BundleKey;
import io.maestro.rego.bundle.Manifest;
import io.maestro.rego.value.ObjectValue;
import io.maestro.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Packs as they are in earnest: archives with signatures. */
final class SignedPacksTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ROOT = OfficeOfTests.of("token:root", "platform_admin");
    private static final Actor ADA = admin("user:ada");
    private static final KeyPair OURS = pair();
    private static final KeyPair THEIRS = pair();
    private static final KeyPair STRANGE = pair();

    private static final String PLATFORM = """
            package maestro.adapter.start

            default allow := false

            allow if input.time != ""

            deny contains {"rule": "SIZE", "message": "it is too large"} if {
            	input.configuration.size > data.maestro.limits.size
            }
            """;
    private static final String PLATFORM_TEST = """
            package maestro.adapter.start_test

            import data.maestro.adapter.start

            test_large_is_refused if count(start.deny) == 1 with input as {"configuration": {"size": 11}}
            """;
    private static final String ACTS = "package maestro.act\n\ndefault allow := true\n";
    private static final String NO_FRIDAYS = """
            package tenants.acme.adapter.start

            # METADATA
            # title: Nothing starts on Fridays
            # custom:
            #   id: T-FRIDAY
            deny contains {"rule": "T-FRIDAY", "message": "it is Friday"} if input.configuration.day == data.tenants.acme.day
            """;

    private TestPostgres.TestDatabase rows;
    private OfficeOfTests tests;

    @BeforeEach
    void open() {
        rows = TestPostgres.fresh();
        tests = new OfficeOfTests(rows, OfficeOfTests.PACK, OfficeOfTests.QUICK, new RegoBundles());
        var _ = tests.office.packs().trust(null, "our-key", "ES256", pem(OURS), ROOT);
        var _ = tests.office.packs().trust(ACME.tenant(), "acme-key", "ES256", pem(THEIRS), ADA);
    }

    @AfterEach
    void close() {
        tests.close();
        TestPostgres.drop(rows);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static BundleBuilder built(String revision, String root, Map<String, String> files) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        files.forEach((name, text) -> contents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return BundleBuilder.of(new Manifest(revision, List.of(root), ObjectValue.EMPTY), contents);
    }

    private static byte[] signed(BundleBuilder bundle, String id, KeyPair pair) {
        return bundle.signed(new BundleKey(id, "ES256", pair.getPrivate()), "").archive();
    }

    private static BundleBuilder platform(String revision, String policy) {
        return built(
                revision,
                "maestro",
                Map.of(
                        "act.rego", ACTS,
                        "adapter/start.rego", policy,
                        "adapter/start_test.rego", PLATFORM_TEST,
                        "maestro/data.json", "{\"limits\":{\"size\":10}}"));
    }

    private static BundleBuilder tenants(String revision, String... more) {
        Map<String, String> files =
                new TreeMap<>(Map.of("start.rego", NO_FRIDAYS, "tenants/acme/data.json", "{\"day\":\"friday\"}"));
        for (String one : more) {
            files.put("more" + files.size() + ".rego", one);
        }
        return built(revision, "tenants/acme", files);
    }

    private Pack upload(byte[] bundle) {
        return tests.office.packs().upload(null, "maestro", bundle, ROOT);
    }

    private Pack uploadWithin(byte[] bundle) {
        return tests.office.packs().upload(ACME.tenant(), "house-rules", bundle, ADA);
    }

    private static String revision(Pack pack) {
        return Objects.requireNonNull(pack.active()).revision();
    }

    private static PolicyInput start(Scope scope, String configuration) {
        return PolicyInput.in(
                scope,
                EntryPoint.ADAPTER_START,
                "instance.start",
                ADA,
                "adapter-instance",
                "files",
                Map.of("configuration", new Json(configuration)));
    }

    private Outcome outcome(Scope scope, String configuration) {
        return tests.governance().decide(start(scope, configuration)).outcome();
    }

    /** Refused, with what was active before still active, and the reason to be read afterwards. */
    private Problem refused(@Nullable TenantId tenant, String active, byte[] bundle) {
        Problem problem = Objects.requireNonNull(catchThrowableOfType(ProblemException.class, () -> {
                    if (tenant == null) {
                        upload(bundle);
                    } else {
                        uploadWithin(bundle);
                    }
                }))
                .problem();
        assertThat(problem.code()).isEqualTo("policy-pack-refused");
        Pack pack = tests.office.packs().pack(tenant, tenant == null ? "maestro" : "house-rules");
        assertThat(revision(pack)).isEqualTo(active);
        assertThat(Objects.requireNonNull(pack.lastRefused()).problem().detail())
                .isEqualTo(problem.detail());
        return problem;
    }

    @Test
    void decidesByABundleThatATrustedKeyHasSigned() {
        Pack platform = upload(signed(platform("8", PLATFORM), "our-key", OURS));
        assertThat(revision(platform)).isEqualTo("8");
        assertThat(Objects.requireNonNull(platform.active()).key()).isEqualTo("our-key");
        assertThat(platform.active().tests()).isEqualTo(1);
        assertThat(outcome(ACME, "{\"size\":10}")).isEqualTo(Outcome.ALLOW);
        assertThat(outcome(ACME, "{\"size\":11}")).isEqualTo(Outcome.DENY);

        Pack tenants = uploadWithin(signed(tenants("1"), "acme-key", THEIRS));
        assertThat(Objects.requireNonNull(tenants.active()).key()).isEqualTo("acme-key");
        assertThat(outcome(ACME, "{\"day\":\"friday\"}")).isEqualTo(Outcome.DENY);
        assertThat(outcome(ACME, "{\"day\":\"monday\"}")).isEqualTo(Outcome.ALLOW);
        assertThat(outcome(GLOBEX, "{\"day\":\"friday\"}")).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void refusesWhatAnotherKeyHasSigned() {
        upload(signed(platform("8", PLATFORM), "our-key", OURS));
        uploadWithin(signed(tenants("1"), "acme-key", THEIRS));
        String weaker = PLATFORM.replace("> data", "< data");

        assertThat(refused(null, "8", platform("9", PLATFORM).archive()).detail())
                .contains("is not signed");
        assertThat(refused(null, "8", signed(platform("9", weaker), "our-key", STRANGE))
                        .detail())
                .contains("is not signed by the key our-key");
        assertThat(refused(null, "8", signed(platform("9", PLATFORM), "strange-key", STRANGE))
                        .detail())
                .contains("strange-key", "not known here");
        assertThat(refused(null, "8", signed(platform("9", PLATFORM), "acme-key", THEIRS))
                        .detail())
                .as("the key of a tenant signs for that tenant only")
                .contains("not known here");
        assertThat(refused(ACME.tenant(), "1", signed(tenants("2"), "our-key", OURS))
                        .detail())
                .contains("not known here");
        assertThat(outcome(ACME, "{\"size\":11}")).isEqualTo(Outcome.DENY);
        assertThat(outcome(ACME, "{\"day\":\"friday\"}")).isEqualTo(Outcome.DENY);
    }

    @Test
    void refusesASignedBundleThatWasChanged() {
        byte[] bundle = signed(platform("8", PLATFORM), "our-key", OURS);
        byte[] broken = bundle.clone();
        broken[broken.length / 2] ^= 1;

        refused(null, "7", broken);

        assertThat(revision(upload(bundle))).isEqualTo("8");
    }

    @Test
    void refusesAnOlderRevisionThoughItIsSigned() {
        byte[] old = signed(platform("8", PLATFORM), "our-key", OURS);
        upload(old);
        upload(signed(platform("9", PLATFORM), "our-key", OURS));
        uploadWithin(signed(tenants("10"), "acme-key", THEIRS));

        assertThat(refused(null, "9", old).detail()).contains("8 is not newer than 9");
        assertThat(refused(ACME.tenant(), "10", signed(tenants("9"), "acme-key", THEIRS))
                        .detail())
                .contains("9 is not newer than 10");
    }

    @Test
    void refusesASignedBundleWhoseTestsFail() {
        upload(signed(platform("8", PLATFORM), "our-key", OURS));
        uploadWithin(signed(tenants("1"), "acme-key", THEIRS));

        Problem failed =
                refused(null, "8", signed(platform("9", PLATFORM.replace("> data", "> 2 * data")), "our-key", OURS));
        assertThat(failed.detail()).contains("data.maestro.adapter.start_test.test_large_is_refused fails");
        assertThat(failed.violations()).extracting(one -> one.pointer()).containsExactly("adapter/start_test.rego:5:1");
        String test = "package tenants.acme.tests\n\ntest_it if data.tenants.acme.day == \"monday\"\n";
        assertThat(refused(ACME.tenant(), "1", signed(tenants("2", test), "acme-key", THEIRS))
                        .detail())
                .contains("test_it fails");
    }

    @Test
    void refusesASignedBundleThatReachesOutOfItsTenant() {
        uploadWithin(signed(tenants("1"), "acme-key", THEIRS));

        for (String root : List.of("", "tenants", "tenants/globex", "maestro", "tenants/acme-eu")) {
            BundleBuilder bundle = built("2", root, Map.of());
            assertThat(refused(ACME.tenant(), "1", signed(bundle, "acme-key", THEIRS))
                            .violations())
                    .as(root)
                    .extracting(one -> one.pointer())
                    .contains(".manifest");
        }
        assertThat(outcome(ACME, "{\"day\":\"friday\"}")).isEqualTo(Outcome.DENY);
        assertThat(outcome(GLOBEX, "{\"day\":\"friday\"}")).isEqualTo(Outcome.ALLOW);
    }

    private Explanation explained(PolicyInput input) {
        Decision decision = tests.governance().decide(input);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        tests.recorded(null).stream().anyMatch(one -> one.id().equals(decision.id())));
        return tests.office.decisions().explain(ACME.tenant(), decision.id());
    }

    @Test
    void explainsByAllPacksThatWereAgainstIt() {
        upload(signed(platform("8", PLATFORM), "our-key", OURS));
        uploadWithin(signed(tenants("1"), "acme-key", THEIRS));

        Explanation explanation = explained(start(ACME, "{\"size\":11,\"day\":\"friday\",\"colour\":\"red\"}"));

        assertThat(explanation.rules())
                .extracting(rule -> rule.reason().rule(), rule -> rule.file(), rule -> rule.row(), rule -> rule.facts())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "SIZE", "maestro/adapter/start.rego", 7, Map.of("/configuration/size", new Json("11"))),
                        org.assertj.core.groups.Tuple.tuple(
                                "T-FRIDAY",
                                "house-rules/start.rego",
                                7,
                                Map.of("/configuration/day", new Json("\"friday\""))));
        assertThat(Objects.requireNonNull(explanation.smallestChange()).text())
                .contains("\"/configuration/size\":10", "\"/configuration/day\":")
                .doesNotContain("colour");
    }

    @Test
    void explainsNoMoreThanWasRecordedOnceAPackIsAnother() {
        upload(signed(platform("8", PLATFORM), "our-key", OURS));
        uploadWithin(signed(tenants("1"), "acme-key", THEIRS));
        Explanation before = explained(start(ACME, "{\"day\":\"friday\"}"));
        assertThat(before.smallestChange()).isNotNull();

        uploadWithin(signed(tenants("2"), "acme-key", THEIRS));

        Explanation after = tests.office
                .decisions()
                .explain(ACME.tenant(), before.decision().id());
        assertThat(after.smallestChange()).isNull();
        assertThat(after.whyNoChange()).isEqualTo("the packs have changed since");
        assertThat(after.rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.file()).isNull());
    }
}
