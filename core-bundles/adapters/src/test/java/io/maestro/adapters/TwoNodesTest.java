package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.api.adapters.Drifts.Drift;
import io.maestro.api.adapters.Drifts.Kind;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.Cable;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on one database do the same, need not wait for one another, and claim only what they can prove. */
class TwoNodesTest {
    static final Duration SILENCE = Duration.ofSeconds(3);
    static final Host.Pace PACE = new Host.Pace(
            Duration.ofSeconds(20),
            Opener.Limits.USUAL,
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            Probes.Pace.USUAL,
            Duration.ofMinutes(5),
            LoaderWatch.Pace.USUAL,
            Duration.ofMillis(200),
            SILENCE);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private TestDatabase rows;
    private Cable cable;
    private PostgresDatabase oneDatabase;
    private PostgresDatabase otherDatabase;
    private EchoNode one;
    private EchoNode other;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        cable = Cable.to(rows.url());
        oneDatabase = EchoNode.open(rows.url(), rows.user(), rows.password());
        otherDatabase = EchoNode.open(cable.url(), rows.user(), rows.password());
        one = node("one", oneDatabase);
        other = node("other", otherDatabase);
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            one.admit(version);
            other.admit(version);
        }
        one.create(EchoNode.MAIN, "1.0.0");
        other.awaitVersion("1.0.0");
        awaitNoDrift();
    }

    @AfterEach
    void stop() throws Exception {
        one.host().stop();
        other.host().stop();
        otherDatabase.close();
        oneDatabase.close();
        cable.close();
        TestPostgres.drop(rows);
    }

    private EchoNode node(String name, PostgresDatabase database) throws Exception {
        return new EchoNode(new TestHost(folder.resolve(name), database, secrets, name, PACE));
    }

    @Test
    void bothDoWhatOneWasAsked() {
        var _ = one.upgrade("1.1.0");
        other.awaitVersion("1.1.0");

        var _ = other.rollback();
        one.awaitVersion("1.0.0");

        var _ = other.host()
                .instances()
                .configure(EchoNode.ACME, EchoNode.MAIN, new Json("{\"greeting\":\"changed\"}"), null, EchoNode.ADA);
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(one.host()
                                .find("(maestro.tenant=acme)")
                                .getFirst()
                                .health())
                        .hasToString("Degraded[reason=1.0.0 changed null -]"));

        var _ = one.host().instances().want(EchoNode.ACME, EchoNode.MAIN, Wanted.STOPPED, null, EchoNode.ADA);
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() ->
                        assertThat(other.host().find("(maestro.tenant=acme)")).isEmpty());
        awaitNoDrift();

        var _ = other.host().instances().want(EchoNode.ACME, EchoNode.MAIN, Wanted.RUNNING, null, EchoNode.ADA);
        one.awaitVersion("1.0.0");
        other.awaitVersion("1.0.0");

        var _ = one.host()
                .acts()
                .carryOut(new InstanceAct.Delete(EchoNode.ACME, EchoNode.MAIN, null), null, EchoNode.ADA);
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() ->
                        assertThat(other.host().find("(maestro.tenant=acme)")).isEmpty());
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(other.bundles()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"opened", "healthy", "proven", "committed", "switched"})
    void aNodeThatIsKilledInTheMiddleOfAnUpgradeBlocksNobody(String step) throws Exception {
        other.host().stop();

        DoomedNode.dieAt(step, "other", folder.resolve("other"), rows.url(), rows.user(), rows.password());

        boolean after = List.of("committed", "switched").contains(step);
        one.awaitVersion(after ? "1.1.0" : "1.0.0");
        var _ = one.upgrade("1.2.0");
        one.awaitVersion("1.2.0");
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).singleElement().satisfies(drift -> {
                    assertThat(drift.node()).isEqualTo("other");
                    assertThat(drift.kind()).isEqualTo(Kind.UNKNOWN);
                    assertThat(drift.age()).isGreaterThanOrEqualTo(SILENCE);
                }));

        other = node("other", otherDatabase);
        other.awaitVersion("1.2.0");
        awaitNoDrift();
    }

    @Test
    void aNodeThatIsCutOffClaimsNothingAndFollowsAfterwards() {
        cable.cut();

        assertUnavailable(() -> other.instance(EchoNode.MAIN));
        assertUnavailable(() -> other.upgrade("1.1.0"));
        assertUnavailable(() -> other.host().drifts().drifts(null, PageRequest.first()));
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).singleElement().satisfies(drift -> {
                    assertThat(drift.node()).isEqualTo("other");
                    assertThat(drift.kind()).isEqualTo(Kind.UNKNOWN);
                    assertThat(drift.observed()).isNull();
                    assertThat(drift.seenRevision()).isNull();
                    assertThat(drift.age()).isGreaterThanOrEqualTo(SILENCE);
                }));
        assertThat(other.host().readiness().unready())
                .hasValueSatisfying(why -> assertThat(why).contains("database", "second"));
        assertThat(other.answer(EchoNode.MAIN))
                .as("what is open goes on serving")
                .isEqualTo("1.0.0");

        var _ = one.upgrade("1.1.0");
        one.awaitVersion("1.1.0");
        assertThat(one.instance(EchoNode.MAIN).observed()).isEqualTo(Observed.RUNNING);
        assertThat(one.host().readiness().unready()).isEmpty();

        cable.mend();
        other.awaitVersion("1.1.0");
        awaitNoDrift();
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(
                        () -> assertThat(other.host().readiness().unready()).isEmpty());
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable question) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, question);
        assertThat(refused).isNotNull();
        assertThat(refused.problem().code()).isEqualTo("database-unavailable");
    }

    private void awaitNoDrift() {
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).isEmpty());
    }

    private List<Drift> drifts() {
        return one.host().drifts().drifts(null, PageRequest.first()).items();
    }
}
