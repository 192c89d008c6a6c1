package io.maestro.policy;

import static io.maestro.policy.OfficeOfTests.ACME;
import static io.maestro.policy.OfficeOfTests.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.Simulation.Candidate;
import io.maestro.api.policy.Simulation.Simulated;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a simulation says of the pack that is active is what enforcing decides, for whatever is asked, under whatever
 * settings, modes and packs of tenants. {@code -Dmaestro.simulations=N} asks N questions, {@code ./test --full} 100,000.
 */
final class SimulateAndEnforceTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final int QUESTIONS =
            Integer.getInteger("maestro.simulations", Boolean.getBoolean("maestro.full") ? 100_000 : 5_000);
    private static final int AT_ONCE = 500;
    private static final long SEED = 20261127;
    private static final Actor ROOT = OfficeOfTests.of("token:root", "platform_admin");

    private TestPostgres.TestDatabase rows;
    private OfficeOfTests tests;

    @BeforeEach
    void open() throws GeneralSecurityException {
        rows = TestPostgres.fresh();
        tests = new OfficeOfTests(rows, builtIn(), OfficeOfTests.QUICK);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        var _ = tests.office.packs().trust(ACME.tenant(), "acme-key", "ES256", pem, ROOT);
    }

    @AfterEach
    void close() {
        tests.close();
        TestPostgres.drop(rows);
    }

    /** The pack that comes with the server. */
    private static Map<String, String> builtIn() {
        Path folder = Path.of("target/classes/packs/maestro");
        try (Stream<Path> files = Files.walk(folder)) {
            Map<String, String> texts = new HashMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(folder.relativize(file).toString(), Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Candidate active(Map<String, String> pack, List<Json> inputs) {
        Map<String, String> modules = new HashMap<>(pack);
        modules.keySet().removeIf(file -> !file.endsWith(".rego"));
        return new Candidate("maestro", new byte[0], modules, null, inputs, 1);
    }

    private void change(GeneratedQuestions generated, int round) {
        // half of the time as it comes, without anything that somebody chose
        put(() -> tests.office
                .settings()
                .put(null, generated.chance(50) ? generated.settings() : Json.EMPTY_OBJECT, null, ROOT));
        put(() -> tests.office.settings().put(ACME.tenant(), generated.settings(), null, ROOT));
        put(() -> tests.office.settings().put(GLOBEX.tenant(), generated.settings(), null, ROOT));
        put(() -> tests.office.settings().putModes(null, generated.modes(), null, ROOT));
        put(() -> tests.office.settings().putModes(ACME.tenant(), generated.modes(), null, ROOT));
        if (round == 2) {
            put(() -> tests.office
                    .packs()
                    .upload(
                            ACME.tenant(),
                            "house",
                            PlainBundles.bundle("1", "acme-key", "tenants/acme", Map.of("start.rego", """
                                    package tenants.acme.adapter.start

                                    deny contains {"rule": "T-START", "message": "not today", "mode": "enforce"} if {
                                    	input.adapter.adapter_risk_level != "low"
                                    }
                                    """)),
                            ROOT));
        }
    }

    /** What would lock everybody out is refused, and then what was goes on. */
    private static void put(Runnable change) {
        try {
            change.run();
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("policy-locks-out");
        }
    }

    @Test
    void agreeOnEverythingThatIsAsked() {
        GeneratedQuestions generated = new GeneratedQuestions(SEED);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        int asked = 0;
        for (int round = 0; asked < QUESTIONS; round++) {
            change(generated, round);
            List<PolicyInput> questions = new ArrayList<>();
            List<Outcome> enforced = new ArrayList<>();
            List<Json> documents = new ArrayList<>();
            for (int i = 0; i < Math.min(AT_ONCE, QUESTIONS - asked); i++) {
                PolicyInput question = generated.next();
                questions.add(question);
                enforced.add(tests.governance().decide(question).outcome());
                documents.add(new Json(Inputs.of(question, tests.time()).json()));
            }
            Simulated simulated = tests.office.simulation().simulate(null, active(builtIn(), documents));
            assertThat(simulated.asked()).isEqualTo(questions.size());
            for (int i = 0; i < questions.size(); i++) {
                assertThat(simulated.answers().get(i))
                        .as("round %d: %s", round, documents.get(i))
                        .isEqualTo(enforced.get(i));
            }
            assertThat(simulated.changed()).isZero();
            enforced.forEach(outcome -> outcomes.merge(outcome, 1, Integer::sum));
            asked += questions.size();
        }
        assertThat(asked).isEqualTo(QUESTIONS);
        // else they would agree on little
        assertThat(outcomes.getOrDefault(Outcome.ALLOW, 0)).isGreaterThan(QUESTIONS / 20);
        assertThat(outcomes.getOrDefault(Outcome.DENY, 0)).isGreaterThan(QUESTIONS / 20);
        assertThat(outcomes.getOrDefault(Outcome.APPROVAL, 0)).isGreaterThan(QUESTIONS / 100);
        assertThat(outcomes).doesNotContainKey(Outcome.UNAVAILABLE);
    }

    @Test
    void tellEveryAnswerThatAnotherPackWouldGive() {
        GeneratedQuestions generated = new GeneratedQuestions(SEED + 1);
        Map<String, String> open = builtIn();
        open.put("act.rego", "package maestro.act\n\ndefault allow := true\n");
        List<Json> documents = new ArrayList<>();
        List<Outcome> enforced = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            PolicyInput question = generated.next();
            enforced.add(tests.governance().decide(question).outcome());
            documents.add(new Json(Inputs.of(question, tests.time()).json()));
        }

        Simulated simulated = tests.office.simulation().simulate(null, active(open, documents));

        int others = 0;
        for (int i = 0; i < AT_ONCE; i++) {
            others += simulated.answers().get(i) == enforced.get(i) ? 0 : 1;
        }
        assertThat(others).isPositive().isEqualTo(simulated.changed());
    }
}
