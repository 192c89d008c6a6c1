package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.Plan;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter is installed and uninstalled as its plan says, or not at all. */
class DefinitionPlansTest {
    private static final DefinitionId FIRST = DefinitionId.parse("echo@1.0.0");
    private static final Digest ANOTHER = new Digest("1".repeat(64));

    @TempDir
    Path folder;

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
    void installsOnlyByThePlanThatWasSeen() throws Exception {
        byte[] jar = Files.readAllBytes(EchoNode.working("echo", "1.0.0").write(folder.resolve("echo.jar")));
        Plan plan = node.host().definitions().plan(new ByteArrayInputStream(jar), EchoNode.ADA);

        Problem problem = refused(
                () -> node.host().definitions().admit(new ByteArrayInputStream(jar), "upload", ANOTHER, EchoNode.ADA));

        assertThat(problem.code()).isEqualTo("plan-changed");
        assertThat(problem.members()).containsKey("plan");
        assertThat(node.bundles()).isEmpty();
        assertThat(node.host().definitions().quarantine(PageRequest.first()).items())
                .as("nothing is wrong with the artifact")
                .isEmpty();
        assertThat(node.host()
                        .definitions()
                        .admit(new ByteArrayInputStream(jar), "upload", plan.digest(), EchoNode.ADA)
                        .fresh())
                .isTrue();
        assertThat(node.bundles()).isEqualTo(plan.effects().bundlesInstalled());
    }

    @Test
    void uninstallsWhatThePlanSaysAndOnlyByIt() throws Exception {
        node.admit("1.0.0");
        Plan plan = node.host().definitions().planUninstall(FIRST, EchoNode.ADA);
        assertThat(plan.action()).isEqualTo("adapter-definition.uninstall");
        assertThat(plan.from()).isEqualTo(FIRST);
        assertThat(plan.to()).isNull();
        assertThat(plan.effects().bundlesRemoved()).isEqualTo(node.bundles());
        assertThat(node.host().definitions().definition(FIRST).id()).isEqualTo(FIRST);

        assertThat(refused(() -> node.host().definitions().uninstall(FIRST, ANOTHER, EchoNode.ADA))
                        .code())
                .isEqualTo("plan-changed");
        node.host().policy.forbidden.add(EntryPoint.ADAPTER_UNINSTALL);
        assertThat(refused(() -> node.host().definitions().uninstall(FIRST, plan.digest(), EchoNode.ADA))
                        .code())
                .as("the policy has changed its mind, so the plan is another one")
                .isEqualTo("plan-changed");
        node.host().policy.forbidden.clear();

        node.host().definitions().uninstall(FIRST, plan.digest(), EchoNode.ADA);

        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(node.bundles()).isEmpty());
        assertThat(refused(() -> node.host().definitions().planUninstall(FIRST, EchoNode.ADA))
                        .code())
                .isEqualTo("definition-unknown");
    }

    @Test
    void plansNoUninstallationOfWhatIsInUse() throws Exception {
        node.admit("1.0.0");
        node.create(new InstanceId("main"), "1.0.0");

        assertThat(refused(() -> node.host().definitions().planUninstall(FIRST, EchoNode.ADA))
                        .code())
                .isEqualTo("definition-in-use");
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
