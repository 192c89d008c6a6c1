package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.admin;
import static io.maestro.policy.OfficeOfTests.install;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Governance by an OPA server: as strict as by our own engine, and whoever looks after it is told what is wrong with it. */
final class OpaOfficeTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private TestPostgres.TestDatabase rows;
    private OpaServer server;
    private OfficeOfTests tests;

    @BeforeEach
    void open() {
        rows = TestPostgres.fresh();
        Map<String, String> modules = new HashMap<>(OfficeOfTests.PACK);
        modules.remove(".manifest");
        modules.put("act.rego", "package maestro.act\n\ndefault allow := true\n");
        server = new OpaServer(modules);
        tests = new OfficeOfTests(rows, new OpaEngine(server.address(), Duration.ofSeconds(2)));
    }

    @AfterEach
    void close() {
        tests.close();
        server.close();
        TestPostgres.drop(rows);
    }

    private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                .problem();
    }

    private Problem refused() {
        return problem(() -> tests.governance().require(install(admin("user:ada"), "1.0.0", "low", "eu")));
    }

    @Test
    void decidesByTheServersPacksAndOurSettingsAndModes() {
        assertThat(tests.governance()
                        .decide(install(admin("user:ada"), "1.0.0", "low", "us"))
                        .outcome())
                .isEqualTo(Outcome.ALLOW);

        tests.office
                .settings()
                .put(
                        ACME.tenant(),
                        new Json("{\"regions\":[\"eu\"]}"),
                        null,
                        OfficeOfTests.of("user:root", "platform_admin"));
        assertThat(problem(() -> tests.governance().require(install(admin("user:ada"), "1.0.0", "low", "us")))
                        .detail())
                .contains("R-REGION");
        tests.office
                .settings()
                .putModes(
                        null,
                        new Json("{\"rules\":{\"R-REGION\":\"warn\"}}"),
                        null,
                        OfficeOfTests.of("user:root", "platform_admin"));
        assertThat(tests.governance()
                        .decide(install(admin("user:ada"), "1.0.0", "low", "us"))
                        .warnings())
                .extracting(reason -> reason.rule())
                .containsExactly("R-REGION");
        assertThat(tests.office.readiness().unready()).isEmpty();
    }

    @Test
    void allowsNothingAndSaysSoWhenTheServerIsDown() {
        server.close();

        assertThat(refused().code()).isEqualTo("policy-unavailable");
        assertThat(tests.office.readiness().unready()).hasValue("the OPA server cannot be reached");
    }

    @Test
    void allowsNothingAndSaysSoWhenTheServerIsSlow() {
        CountDownLatch ended = new CountDownLatch(1);
        server.meanwhile = () -> {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };

        assertThat(refused().code()).isEqualTo("policy-unavailable");
        assertThat(tests.office.readiness().unready()).hasValue("the OPA server did not answer within 2000 ms");
        ended.countDown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"result\":{}}",
                "{\"result\":{\"allow\":\"yes\"}}",
                "{\"result\":[]}",
                "{\"result\":true}"
            })
    void allowsNothingAndSaysSoWhenTheServerKnowsNothingOfIt(String body) {
        server.answer.set(body);

        assertThat(refused().code()).isEqualTo("policy-denied");
        assertThat(tests.office.readiness().unready().orElseThrow()).contains("has no document maestro/act");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"result\":", "<html>"})
    void allowsNothingAndSaysSoWhenTheServerAnswersNonsense(String body) {
        server.answer.set(body);

        assertThat(refused().code()).isEqualTo("policy-unavailable");
        assertThat(tests.office.readiness().unready()).isPresent();
    }

    @Test
    void takesNoPackInThatWouldNotDecide() {
        byte[] bundle = PlainBundles.bundle("8", "key", "maestro", Map.of("a.rego", "package maestro.a\n"));

        assertThat(problem(() -> tests.office
                                .packs()
                                .upload(null, "maestro", bundle, OfficeOfTests.of("user:root", "platform_admin")))
                        .code())
                .isEqualTo("policy-packs-elsewhere");
        assertThat(tests.office.packs().packs(null)).extracting(Pack::active).containsOnlyNulls();
    }

    @Test
    void saysNothingOfAnEngineInThisProcessThatCanDecide() {
        try (OfficeOfTests own = new OfficeOfTests(rows)) {
            assertThat(own.office.readiness().unready()).isEmpty();
        }
    }
}
