package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.Cable;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One node, its database, and the line between them, for acts in the middle of which something dies. */
final class CrashLab implements AutoCloseable {
    private final Path data;
    private final MemorySecrets secrets = new MemorySecrets();
    private final TestDatabase rows = TestPostgres.fresh();
    private final Cable cable;
    private final PostgresDatabase database;
    private volatile String step = "";
    private volatile Runnable then = () -> {};
    private EchoNode node;

    /** A node on this folder, with two versions of the echo and one instance, of the older one. */
    CrashLab(Path data) throws Exception {
        this.data = data;
        cable = Cable.to(rows.url());
        database = EchoNode.open(cable.url(), rows.user(), rows.password());
        node = started();
        node.admit("1.0.0");
        node.admit("1.1.0");
        node.create(EchoNode.MAIN, "1.0.0");
        // without the bundles that wait for their first instance
        restart();
    }

    @Override
    public void close() throws IOException {
        try {
            node.host().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            database.close();
            cable.close();
            TestPostgres.drop(rows);
        }
    }

    EchoNode node() {
        return node;
    }

    /** Has this done at the step of that name, on the thread that reaches it. */
    void at(String name, Runnable done) {
        then = done;
        step = name;
    }

    /** Nothing more happens at any step. */
    void atNone() {
        step = "";
    }

    /** Stops the node in order and starts it again. */
    void restart() throws Exception {
        node.host().stop();
        node = started();
        var _ = node.host().instances().await(EchoNode.ACME, EchoNode.MAIN, EchoNode.PATIENCE);
    }

    private EchoNode started() throws Exception {
        return new EchoNode(new TestHost(data, database, secrets, "test", TwoNodesTest.PACE, at -> {
            if (at.equals(step)) {
                then.run();
            }
        }));
    }

    /** A real process does the act, and is killed with SIGKILL at each of its steps, so often. */
    void kill(CrashAct act, int rounds) throws Exception {
        Outcomes outcomes = outcomes(act);
        for (String at : act.steps()) {
            for (int round = 0; round < rounds; round++) {
                int facts = begin(act, outcomes);
                node.host().stop();

                DoomedNode.dieAt(act, at, "test", data, rows);

                node = started();
                assertOutcome(act, at, outcomes, facts);
            }
        }
    }

    /** The node loses the database at each step of the act, so often. */
    void lose(CrashAct act, int rounds) throws Exception {
        Outcomes outcomes = outcomes(act);
        for (String at : act.steps()) {
            for (int round = 0; round < rounds; round++) {
                int facts = begin(act, outcomes);
                CountDownLatch reached = new CountDownLatch(1);
                at(at, () -> {
                    cable.cut();
                    reached.countDown();
                });

                List<String> told = told(act);

                assertThat(reached.await(60, TimeUnit.SECONDS))
                        .as("%s comes to %s", act, at)
                        .isTrue();
                atNone();
                cable.mend();
                if (act == CrashAct.ROLLOUT && !act.isDone(at)) {
                    awaitBeforeOrAfter(outcomes, act + " lost its database at " + at);
                } else {
                    assertOutcome(act, at, outcomes, facts);
                }
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

    /** The node loses the database a moment after the last step before the act's one write, so often. */
    void loseDuringTheWrite(CrashAct act, int writes) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Outcomes outcomes = outcomes(act);
        for (int write = 0; write < writes; write++) {
            int facts = begin(act, outcomes);
            long delay = random.nextLong(TimeUnit.MILLISECONDS.toNanos(12));
            at(
                    act.lastBefore(),
                    () -> CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS)
                            .execute(cable::cut));

            List<String> told = told(act);

            atNone();
            await().atMost(EchoNode.PATIENCE).until(cable::isCut);
            cable.mend();
            node.awaitReachable();
            boolean done = facts() > facts;
            awaitState(
                    done ? outcomes.after() : outcomes.before(),
                    "%s in write %d of seed %d, done: %s".formatted(act, write, seed, done));
            assertThat(facts()).isEqualTo(done ? facts + 1 : facts);
            if (told.isEmpty()) {
                assertThat(done).as("%s says that it is done", act).isTrue();
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

    /** A rollout that is trying goes on when the database is back before its lease is over, and back when it is not. */
    private void awaitBeforeOrAfter(Outcomes outcomes, String when) {
        await(when).atMost(EchoNode.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(shown()).isIn(outcomes.before(), outcomes.after());
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
}
