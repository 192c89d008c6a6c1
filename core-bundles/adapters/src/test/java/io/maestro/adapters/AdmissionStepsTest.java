package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.api.adapters.Plan;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
import io.maestro.api.trust.Verification.Result;
import io.maestro.api.trust.Verification.Step;
import io.maestro.model.Digest;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An admission tells of what it asks and does once an artifact has passed the inspection. */
class AdmissionStepsTest {
    private static final Digest ANOTHER = new Digest("1".repeat(64));

    @TempDir
    Path folder;

    private final List<Step> steps = new ArrayList<>();
    private TestDatabase rows;
    private PostgresDatabase database;
    private EchoNode node;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database = EchoNode.open(rows.url(), rows.user(), rows.password());
        node = new EchoNode(new TestHost(folder.resolve("data"), database, new MemorySecrets()));
    }

    @AfterEach
    void stop() throws Exception {
        node.host().stop();
        database.close();
        TestPostgres.drop(rows);
    }

    @Test
    void tellsOfEverythingUpToTheRecord() throws Exception {
        admit(echo("1.0.0"), null);

        assertTold("POLICY PASSED", "NAME PASSED", "START PASSED", "RECORD PASSED");
        assertThat(steps.getLast().detail()).contains("echo@1.0.0");
    }

    @Test
    void tellsOfBytesThatAreHereAlreadyThatNothingIsStarted() throws Exception {
        admit(echo("1.0.0"), null);
        steps.clear();

        admit(echo("1.0.0"), null);

        assertTold("POLICY PASSED", "NAME PASSED");
        assertThat(steps.getLast().detail()).contains("here already");
    }

    @Test
    void startsNothingForAPlan() throws Exception {
        plan(echo("1.0.0"));

        assertTold("POLICY PASSED", "NAME PASSED");
        assertThat(node.bundles()).isEmpty();
    }

    @Test
    void looksAtThePlanThatWasAgreedToFirst() throws Exception {
        Plan plan = plan(echo("1.0.0"));
        steps.clear();

        assertThatThrownBy(() -> admit(echo("1.0.0"), ANOTHER)).hasMessageContaining("plan-changed");
        assertTold("PLAN UNDECIDED");
        steps.clear();
        admit(echo("1.0.0"), plan.digest());

        assertTold("PLAN PASSED", "POLICY PASSED", "NAME PASSED", "START PASSED", "RECORD PASSED");
    }

    @Test
    void stopsWhereThePolicyForbidsIt() throws Exception {
        node.host().policy.forbidden.add(EntryPoint.ADAPTER_SUBMIT);

        assertThatThrownBy(() -> admit(echo("1.0.0"), null)).hasMessageContaining("policy-denied");
        assertTold("POLICY FAILED");
        steps.clear();
        plan(echo("1.0.0"));

        assertTold("POLICY FAILED", "NAME PASSED");
    }

    @Test
    void leavesUndecidedWhatWaitsForASecondPerson() throws Exception {
        node.host().policy.answer.set(new Decision(AskedPolicy.ID, Outcome.APPROVAL, List.of()));

        assertThatThrownBy(() -> admit(echo("1.0.0"), null)).hasMessageContaining("approval-required");
        assertTold("POLICY UNDECIDED");
        steps.clear();
        plan(echo("1.0.0"));

        assertTold("POLICY UNDECIDED", "NAME PASSED");
    }

    @Test
    void stopsAtANameOfAnotherPublisher() throws Exception {
        admit(echo("1.0.0"), null);
        steps.clear();

        byte[] stolen = node.bytes(EchoNode.working("echo", "2.0.0").header("X-Publisher", "thief"));
        assertThatThrownBy(() -> admit(stolen, null)).hasMessageContaining("definition-name-taken");

        assertTold("POLICY PASSED", "NAME FAILED");
    }

    @Test
    void stopsAtTheStartOfWhatDoesNotStart() throws Exception {
        byte[] bad = node.bytes(new SampleBundle("bad", "1.0.0").factory(ThrowingFactory.class));

        assertThatThrownBy(() -> admit(bad, null)).isNotNull();

        assertTold("POLICY PASSED", "NAME PASSED", "START FAILED");
    }

    private byte[] echo(String version) throws IOException {
        return node.bytes(EchoNode.working("echo", version));
    }

    private void admit(byte[] jar, @Nullable Digest expected) throws IOException {
        var _ = node.host()
                .definitions()
                .admit(new ByteArrayInputStream(jar), "upload", expected, EchoNode.ADA, new Verification(steps::add));
    }

    private Plan plan(byte[] jar) throws IOException {
        return node.host()
                .definitions()
                .plan(new ByteArrayInputStream(jar), EchoNode.ADA, new Verification(steps::add));
    }

    private void assertTold(String... told) {
        assertThat(steps).extracting(AdmissionStepsTest::words).containsExactly(told);
        assertThat(steps)
                .extracting(Step::detail)
                .allSatisfy(detail -> assertThat(detail).isNotBlank());
    }

    private static String words(Step step) {
        Check check = step.check();
        Result result = step.result();
        return check + " " + result;
    }
}
