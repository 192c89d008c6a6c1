package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.Definitions.Admitted;
import io.maestro.api.adapters.Drifts.Drift;
import io.maestro.api.adapters.Drifts.Kind;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.Cable;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on one database do the same, need not wait for one another, and claim only what they can prove. */
class TwoNodesTest {
    static final Duration SILENCE = Duration.ofSeconds(3);
    static final Host.Pace PACE = new Host.Pace(
            Duration.ofSeconds(20),
            Opener.Limits.USUAL,
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            Duration.ofSeconds(1),
            Probes.Pace.USUAL,
            Duration.ofMinutes(5),
            LoaderWatch.Pace.USUAL,
            Duration.ofMillis(200),
            SILENCE);

    @TempDir
    Path folder;

    private volatile BiConsumer<String, String> steps = (node, step) -> {};
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
        // nothing is ever handed in at the other one: it fetches what it needs
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            assertThat(one.admit(version).fresh()).isTrue();
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
        return new EchoNode(
                new TestHost(folder.resolve(name), database, secrets, name, PACE, step -> steps.accept(name, step)));
    }

    private void restartOther() throws Exception {
        other = node("other", otherDatabase);
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

    @Test
    void fetchesWhatWasInstalledOnAnotherNodeOnceItIsWanted() throws Exception {
        assertThat(artifacts(other))
                .containsExactly(one.file("1.0.0").getFileName().toString());
        SampleBundle large = EchoNode.working("echo", "2.0.0").file("large", "x".repeat(JooqArtifacts.PART_BYTES / 2));
        large.file("noise", noise(3 * JooqArtifacts.PART_BYTES));
        assertThat(one.admit(large).fresh()).isTrue();
        assertThat(parts("2.0.0")).isGreaterThanOrEqualTo(3);

        var _ = other.upgrade("2.0.0");

        one.awaitVersion("2.0.0");
        other.awaitVersion("2.0.0");
        assertThat(other.file("2.0.0")).hasSameBinaryContentAs(one.file("2.0.0"));
        awaitNoDrift();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "shorter", "other", "link"})
    void healsAFileByItself(String harm) throws Exception {
        Path file = other.file("1.0.0");
        other.host().stop();
        byte[] bytes = Files.readAllBytes(file);
        switch (harm) {
            case "missing" -> Files.delete(file);
            case "shorter" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case "other" -> Files.copy(one.file("1.1.0"), file, StandardCopyOption.REPLACE_EXISTING);
            default -> {
                Files.delete(file);
                Files.createSymbolicLink(file, one.file("1.0.0"));
            }
        }

        restartOther();

        other.awaitVersion("1.0.0");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(file).hasBinaryContent(bytes);
        awaitNoDrift();
    }

    @Test
    void startsNothingThatWasChangedInTheDatabase() throws Exception {
        Path file = other.file("1.0.0");
        other.host().stop();
        Files.delete(file);
        byte[] good = Files.readAllBytes(one.file("1.0.0"));
        // signed and sound, and not what was admitted under this digest
        keep("1.0.0", Files.readAllBytes(one.file("1.1.0")));
        restartOther();
        awaitRefusal("other bytes");
        assertThat(file).doesNotExist();
        assertThat(other.bundles()).isEmpty();
        // no jar at all
        keep("1.0.0", new byte[] {1, 2, 3});
        awaitRefusal("refused");
        assertThat(file).doesNotExist();

        assertThat(other.admit("1.0.0").fresh()).as("the same bytes heal both").isFalse();

        other.awaitVersion("1.0.0");
        awaitNoDrift();
        assertThat(kept("1.0.0")).isEqualTo(good);
    }

    @Test
    void whatIsUninstalledWhileItIsFetchedLeavesNothingHalf() throws Exception {
        CountDownLatch fetched = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        steps = (node, step) -> {
            if (node.equals("other") && step.equals("fetched")) {
                fetched.countDown();
                stand(goOn);
            }
        };
        InstanceId second = new InstanceId("second");
        Path file = other.file("1.1.0");
        one.create(second, "1.1.0");
        assertThat(fetched.await(60, TimeUnit.SECONDS)).isTrue();

        one.host().instances().delete(EchoNode.ACME, second, null, EchoNode.ADA);
        one.host().definitions().uninstall(DefinitionId.parse("echo@1.1.0"), EchoNode.ADA);
        goOn.countDown();

        await().atMost(EchoNode.PATIENCE).untilAsserted(() -> {
            for (EchoNode node : List.of(one, other)) {
                assertThat(node.bundles()).contains("echo@1.0.0").doesNotContain("echo@1.1.0");
                assertThat(artifacts(node)).doesNotContain(file.getFileName().toString());
                assertThat(node.host().find("(maestro.tenant=acme)")).hasSize(1);
            }
        });
        assertThat(keptDigests())
                .containsExactlyInAnyOrder(
                        one.file("1.0.0").getFileName().toString(),
                        one.file("1.2.0").getFileName().toString());
        awaitNoDrift();

        steps = (node, step) -> {};
        assertThat(one.admit("1.1.0").fresh()).as("the same bytes come back").isTrue();
        var _ = other.upgrade("1.1.0");
        other.awaitVersion("1.1.0");
        one.awaitVersion("1.1.0");
    }

    @Test
    void bothMayInstallTheSameAtTheSameTime() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        steps = (node, step) -> {
            if (step.equals("started")) {
                stand(both);
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Admitted> here = threads.submit(() -> one.admit("2.0.0"));
            Future<Admitted> there = threads.submit(() -> other.admit("2.0.0"));

            assertThat(List.of(here.get().fresh(), there.get().fresh())).containsExactlyInAnyOrder(true, false);
        }
        assertThat(one.file("2.0.0")).hasSameBinaryContentAs(other.file("2.0.0"));
        var _ = one.upgrade("2.0.0");
        one.awaitVersion("2.0.0");
        other.awaitVersion("2.0.0");
    }

    /** As a database is that an earlier release has written. */
    @Test
    void aNodeThatHasTheFilesBringsThemIntoTheDatabaseOnce() throws Exception {
        other.host().stop();
        one.host().stop();
        Path file = folder.resolve("other/artifacts");
        try (Stream<Path> files = Files.list(file)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        var _ = oneDatabase.<Integer>noteAsPlatform(
                sql -> sql.deleteFrom(Tables.ARTIFACT_PART).execute());
        restartOther();
        await().atMost(EchoNode.PATIENCE)
                .until(() -> other.instance(EchoNode.MAIN).observed() == Observed.FAILED);

        one = node("one", oneDatabase);

        other.awaitVersion("1.0.0");
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(keptDigests()).hasSameSizeAs(artifacts(one)));
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            assertThat(kept(version)).isEqualTo(Files.readAllBytes(one.file(version)));
        }
        awaitNoDrift();
    }

    @ParameterizedTest
    @ValueSource(strings = {"opened", "healthy", "proven", "committed", "switched"})
    void aNodeThatIsKilledInTheMiddleOfAnUpgradeBlocksNobody(String step) throws Exception {
        other.host().stop();

        DoomedNode.dieAt(CrashAct.UPGRADE, step, "other", folder.resolve("other"), rows);

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

    @ParameterizedTest
    @CsvSource({"tried,ROLLED_BACK,1.0.0", "decided,DONE,1.1.0"})
    void aRolloutWhoseNodeIsKilledIsTakenOver(String step, State end, String version) throws Exception {
        other.host().stop();

        DoomedNode.dieAt(CrashAct.ROLLOUT, step, "other", folder.resolve("other"), rows);

        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(one.host()
                                .rollouts()
                                .rollouts(CrashAct.ECHO, PageRequest.first())
                                .items())
                        .extracting(Rollout::state)
                        .containsExactly(end));
        one.awaitVersion(version);
        restartOther();
        other.awaitVersion(version);
        awaitNoDrift();
    }

    @Test
    void aNodeThatIsCutOffDuringARolloutGivesTheNewVersionNoMoreCalls() {
        Step hold = new Step(List.of(), List.of(), 100, Duration.ofHours(1), 0);
        Rollout rollout = other.host()
                .rollouts()
                .start(
                        new Course(CrashAct.ECHO, new AdapterVersion("1.1.0"), List.of(hold), Gates.USUAL),
                        EchoNode.ADA);
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(other.answer(EchoNode.MAIN)).isEqualTo("1.1.0"));
        assertThat(one.answer(EchoNode.MAIN)).isEqualTo("1.0.0");

        cable.cut();

        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(other.answer(EchoNode.MAIN)).isEqualTo("1.0.0"));
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(
                                one.host().rollouts().rollout(rollout.id()).state())
                        .isEqualTo(State.ROLLED_BACK));
        cable.mend();
        other.awaitVersion("1.0.0");
        awaitNoDrift();
    }

    @Test
    void aNodeThatIsCutOffClaimsNothingAndFollowsAfterwards() throws Exception {
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
        assertThat(other.host().metrics()).contains("mc_drifting_instances NaN\n");
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

    private static String noise(int length) {
        // what does not get smaller when it is packed
        Random random = new Random(length);
        return random.ints(length, ' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void stand(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stand(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> artifacts(EchoNode node) throws IOException {
        try (Stream<Path> files = Files.list(node.host().data.resolve("artifacts"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private Digest digest(String version) {
        return one.host()
                .definitions()
                .definition(DefinitionId.parse("echo@" + version))
                .digest();
    }

    private int parts(String version) {
        return oneDatabase.<Integer>asPlatform(sql -> sql.fetchCount(
                Tables.ARTIFACT_PART,
                Tables.ARTIFACT_PART.DIGEST.eq(digest(version).hex())));
    }

    private byte[] kept(String version) throws IOException {
        try (InputStream in = new JooqArtifacts(oneDatabase).open(digest(version))) {
            return in.readAllBytes();
        }
    }

    /** Puts other bytes where the database has those of this version. */
    private void keep(String version, byte[] bytes) {
        String digest = digest(version).hex();
        var _ = oneDatabase.<Integer>noteAsPlatform(sql -> {
            sql.deleteFrom(Tables.ARTIFACT_PART)
                    .where(Tables.ARTIFACT_PART.DIGEST.eq(digest))
                    .execute();
            return sql.insertInto(Tables.ARTIFACT_PART)
                    .set(Tables.ARTIFACT_PART.DIGEST, digest)
                    .set(Tables.ARTIFACT_PART.NUMBER, 0)
                    .set(Tables.ARTIFACT_PART.BYTES, bytes)
                    .execute();
        });
    }

    private Set<String> keptDigests() {
        return oneDatabase.<Set<String>>asPlatform(sql -> sql
                .selectDistinct(Tables.ARTIFACT_PART.DIGEST)
                .from(Tables.ARTIFACT_PART)
                .fetch(Tables.ARTIFACT_PART.DIGEST)
                .stream()
                .map(digest -> digest + ".jar")
                .collect(Collectors.toSet()));
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable question) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, question);
        assertThat(refused).isNotNull();
        assertThat(refused.problem().code()).isEqualTo("database-unavailable");
    }

    private void awaitRefusal(String why) {
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).singleElement().satisfies(drift -> {
                    assertThat(drift.node()).isEqualTo("other");
                    Problem problem = drift.problem();
                    assertThat(problem).isNotNull();
                    assertThat(problem.code()).isEqualTo("artifact-lost");
                    assertThat(problem.detail()).contains(why);
                }));
    }

    private void awaitNoDrift() {
        await().atMost(EchoNode.PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).isEmpty());
    }

    private List<Drift> drifts() {
        return one.host().drifts().drifts(null, PageRequest.first()).items();
    }
}
