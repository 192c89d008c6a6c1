package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.Cable;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever dies in the middle of an act, the node or its database: everything is exactly before it or after it. */
class CrashTest {
    private static final boolean FULL = Boolean.getBoolean("maestro.full");
    private static final int ROUNDS = FULL ? 5 : 1;
    private static final int WRITES = FULL ? 40 : 4;
    private static final int RESTARTS = FULL ? 200 : 4;

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private volatile String step = "";
    private volatile Runnable then = () -> {};
    private TestDatabase rows;
    private Cable cable;
    private PostgresDatabase database;
    private EchoNode node;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        cable = Cable.to(rows.url());
        database = EchoNode.open(cable.url(), rows.user(), rows.password());
        node = node();
        node.admit("1.0.0");
        node.admit("1.1.0");
        node.create(EchoNode.MAIN, "1.0.0");
        // without the bundles that wait for their first instance
        node.host().stop();
        node = node();
        node.awaitVersion("1.0.0");
    }

    @AfterEach
    void stop() throws Exception {
        node.host().stop();
        database.close();
        cable.close();
        TestPostgres.drop(rows);
    }

    private EchoNode node() throws Exception {
        return new EchoNode(new TestHost(folder.resolve("data"), database, secrets, "test", TwoNodesTest.PACE, at -> {
            if (at.equals(step)) {
                then.run();
            }
        }));
    }

    /** A real process, and SIGKILL. */
    @ParameterizedTest
    @EnumSource
    void isBeforeOrAfterWhereverTheNodeIsKilled(CrashAct act) throws Exception {
        Outcomes outcomes = outcomes(act);
        for (String at : act.steps()) {
            for (int round = 0; round < ROUNDS; round++) {
                int facts = begin(act, outcomes);
                node.host().stop();

                DoomedNode.dieAt(act, at, "test", folder.resolve("data"), rows);

                node = node();
                assertOutcome(act, at, outcomes, facts);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isBeforeOrAfterWhereverTheDatabaseIsLost(CrashAct act) throws Exception {
        Outcomes outcomes = outcomes(act);
        for (String at : act.steps()) {
            for (int round = 0; round < ROUNDS; round++) {
                int facts = begin(act, outcomes);
                AtomicBoolean reached = new AtomicBoolean();
                then = () -> {
                    reached.set(true);
                    cable.cut();
                };
                step = at;

                List<String> told = told(act);

                await().atMost(EchoNode.PATIENCE).untilTrue(reached);
                step = "";
                cable.mend();
                assertOutcome(act, at, outcomes, facts);
                if (told.isEmpty()) {
                    assertThat(act.isDone(at))
                            .as("%s says at %s that it is done", act, at)
                            .isTrue();
                } else {
                    assertThat(told).containsExactly("database-unavailable");
                }
            }
        }
    }

    /** Everything that is kept and observed, as it is before an act and after it. */
    private record Outcomes(String before, String after) {}

    /** Does the act once with nothing dying. */
    private Outcomes outcomes(CrashAct act) throws Exception {
        act.prepare(node);
        String before = settled();
        act.run(node);
        String after = settled();
        assertThat(after).isNotEqualTo(before);
        return new Outcomes(before, after);
    }

    /** How many facts there are before it. */
    private int begin(CrashAct act, Outcomes outcomes) throws Exception {
        act.prepare(node);
        awaitState(outcomes.before(), act + " is to begin");
        return facts();
    }

    private void assertOutcome(CrashAct act, String at, Outcomes outcomes, int facts) {
        boolean done = act.isDone(at);
        awaitState(done ? outcomes.after() : outcomes.before(), act + " died at " + at);
        if (act != CrashAct.ROLLOUT) {
            assertThat(facts()).as("facts of %s that died at %s", act, at).isEqualTo(done ? facts + 1 : facts);
        }
    }

    private List<String> told(CrashAct act) throws Exception {
        try {
            act.run(node);
            return List.of();
        } catch (ProblemException e) {
            return List.of(e.problem().code());
        }
    }

    private String settled() {
        await().atMost(EchoNode.PATIENCE).ignoreExceptions().untilAsserted(this::assertNoOrphans);
        return shown();
    }

    private void awaitState(String wanted, String when) {
        await(when).atMost(EchoNode.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(shown()).isEqualTo(wanted);
            assertNoOrphans();
        });
    }

    /** What is installed, what is wanted, what it was last, and what answers. */
    private String shown() {
        StringBuilder shown = new StringBuilder();
        for (String question : List.of(
                "select name, version, digest from adapters.adapter_definition order by 1, 2",
                "select digest, count(*), sum(octet_length(bytes)) from adapters.artifact_part group by 1 order by 1",
                "select instance, adapter, version, configuration, wanted from adapters.adapter_instance order by 1",
                "select distinct on (instance) instance, adapter, version, configuration from adapters.instance_version"
                        + " order by instance, number desc",
                "select adapter, state from adapters.rollout where state in ('trying', 'committing')")) {
            shown.append(database.<String>asPlatform(sql -> sql.fetch(question).formatCSV()));
        }
        for (InstanceId id : running().keySet()) {
            shown.append(id).append(" answers as ").append(node.answer(id)).append('\n');
        }
        return shown.toString();
    }

    /** The definitions of the instances that are wanted running. */
    private Map<InstanceId, String> running() {
        return database.<Map<InstanceId, String>>asPlatform(sql ->
                new TreeMap<>(sql.fetch("select instance, adapter || '@' || version from adapters.adapter_instance"
                                + " where wanted = 'running' order by 1")
                        .intoMap(row -> new InstanceId(row.get(0, String.class)), row -> row.get(1, String.class))));
    }

    /** What is open, installed and on the disk is what the rows say, and nothing else. */
    private void assertNoOrphans() throws Exception {
        Map<InstanceId, String> running = running();
        assertThat(node.host().find("(maestro.tenant=acme)")).hasSameSizeAs(running.keySet());
        assertThat(node.bundles().stream().filter(bundle -> !bundle.equals("echo@2.0.0")))
                .as("bundles, but for one that was handed in and waits for its first instance")
                .containsExactlyElementsOf(new TreeSet<>(running.values()));
        Set<String> wanted = new TreeSet<>();
        database.<Integer>asPlatform(sql -> {
            sql.fetch("select digest from adapters.adapter_definition")
                    .forEach(row -> wanted.add("artifacts/" + row.get(0, String.class) + ".jar"));
            return wanted.size();
        });
        assertThat(node.files().stream().filter(file -> file.endsWith(".jar"))).containsExactlyElementsOf(wanted);
        Set<String> folders = new TreeSet<>();
        database.<Integer>asPlatform(sql -> {
            sql.fetch("select instance, incarnation from adapters.adapter_instance")
                    .forEach(row -> folders.add("instances/acme/prod/" + row.get(0) + "/" + row.get(1)));
            return folders.size();
        });
        assertThat(node.files().stream().filter(file -> Path.of(file).getNameCount() == 5))
                .isSubsetOf(folders);
    }

    private int facts() {
        return database.<Integer>asPlatform(
                sql -> sql.fetch("select count(*) from store.fact").getFirst().get(0, Integer.class));
    }

    /** The answer of the commit may be lost while what it wrote is not. */
    @Test
    void isBeforeOrAfterWhenTheDatabaseIsLostDuringTheWrite() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> files = node.files();
        for (int write = 0; write < WRITES; write++) {
            long revision = node.instance(EchoNode.MAIN).revision();
            long delay = random.nextLong(TimeUnit.MILLISECONDS.toNanos(12));
            then = () -> CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS)
                    .execute(cable::cut);
            step = "proven";

            List<String> told = upgrade();

            step = "";
            await().atMost(EchoNode.PATIENCE).until(cable::isCut);
            cable.mend();
            node.awaitReachable();
            String version = node.instance(EchoNode.MAIN).definition().version().value();
            assertThat(version).as("write %d of seed %d", write, seed).isIn("1.0.0", "1.1.0");
            if (told.isEmpty()) {
                assertThat(version).isEqualTo("1.1.0");
            }
            node.awaitVersion(version);
            assertThat(node.instance(EchoNode.MAIN).revision())
                    .isEqualTo(version.equals("1.1.0") ? revision + 1 : revision);
            node.awaitNoOrphans(files);
            goBack();
        }
    }

    @Test
    void isTheSameAfterEveryRestartWhateverIsUploaded() throws Exception {
        node.create(new InstanceId("newer"), "1.1.0");
        node.create(new InstanceId("older"), "1.0.0");
        List<InstanceId> all = List.of(EchoNode.MAIN, new InstanceId("newer"), new InstanceId("older"));
        List<String> before = shown(all);
        for (int restart = 1; restart <= RESTARTS; restart++) {
            if (restart % 20 == 1) {
                node.admit("2.0." + restart);
            }
            node.host().stop();
            node = node();
            for (InstanceId id : all) {
                var _ = node.host().instances().await(EchoNode.ACME, id, EchoNode.PATIENCE);
            }
            assertThat(shown(all)).as("restart %d", restart).isEqualTo(before);
        }
    }

    private List<String> shown(List<InstanceId> all) {
        return all.stream()
                .map(id -> node.instance(id))
                .map(one -> one.id() + " " + one.definition() + " " + one.revision() + " " + one.observed() + " "
                        + one.configuration() + " " + node.answer(one.id()))
                .toList();
    }

    /** The codes of what an upgrade was refused with; empty when it was done. */
    private List<String> upgrade() {
        try {
            var _ = node.upgrade("1.1.0");
            return List.of();
        } catch (ProblemException e) {
            return List.of(e.problem().code());
        }
    }

    /** So that the next round begins as this one did. */
    private void goBack() {
        if (node.instance(EchoNode.MAIN).definition().version().value().equals("1.1.0")) {
            var _ = node.rollback();
        }
        node.awaitVersion("1.0.0");
    }
}
