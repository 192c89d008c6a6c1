package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.Cable;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever dies in the middle of an upgrade, the node or its database: the instance is exactly before it or after it. */
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

    @ParameterizedTest
    @ValueSource(strings = {"opened", "healthy", "proven", "committed", "switched"})
    void isBeforeOrAfterWhereverTheNodeIsKilled(String at) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Instance before = node.instance(EchoNode.MAIN);
            Set<String> files = node.files();
            int versions = node.versions().size();
            node.host().stop();

            DoomedNode.dieAt(at, "test", folder.resolve("data"), rows.url(), rows.user(), rows.password());

            node = node();
            assertExactly(at, before, versions);
            node.awaitNoOrphans(files);
            goBack();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opened", "healthy", "proven", "committed", "switched"})
    void isBeforeOrAfterWhereverTheDatabaseIsLost(String at) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Instance before = node.instance(EchoNode.MAIN);
            Set<String> files = node.files();
            int versions = node.versions().size();
            then = cable::cut;
            step = at;

            List<String> told = upgrade();

            step = "";
            cable.mend();
            assertExactly(at, before, versions);
            if (told.isEmpty()) {
                assertThat(node.answer(EchoNode.MAIN)).isEqualTo("1.1.0");
            } else {
                assertThat(told).containsExactly("database-unavailable");
            }
            node.awaitNoOrphans(files);
            goBack();
        }
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

    private void assertExactly(String at, Instance before, int versions) {
        boolean after = List.of("committed", "switched").contains(at);
        node.awaitReachable();
        node.awaitVersion(after ? "1.1.0" : "1.0.0");
        Instance now = node.instance(EchoNode.MAIN);
        assertThat(now.revision()).isEqualTo(after ? before.revision() + 1 : before.revision());
        assertThat(now.configuration()).isEqualTo(before.configuration());
        assertThat(now.wanted()).isEqualTo(before.wanted());
        assertThat(node.versions()).hasSize(after ? versions + 1 : versions);
    }

    /** So that the next round begins as this one did. */
    private void goBack() {
        if (node.instance(EchoNode.MAIN).definition().version().value().equals("1.1.0")) {
            var _ = node.rollback();
        }
        node.awaitVersion("1.0.0");
    }
}
