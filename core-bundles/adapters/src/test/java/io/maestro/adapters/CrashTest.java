package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.InstanceId;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever dies in the middle of an act, the node or its database: everything is exactly before it or after it. */
class CrashTest {
    private static final boolean FULL = Boolean.getBoolean("maestro.full");
    private static final int ROUNDS = FULL ? 5 : 1;
    private static final int WRITES = FULL ? 10 : 1;
    private static final int RESTARTS = FULL ? 200 : 4;

    /** Whoever loses the database mostly waits; whoever starts a process does not. */
    private static final int LOSING = 5;

    private static final int KILLING = 2;

    @TempDir
    Path folder;

    /** What is done with one act on a node of its own. */
    private interface Trial {
        void run(CrashLab lab, CrashAct act) throws Exception;
    }

    @Test
    void isBeforeOrAfterWhereverTheNodeIsKilled() throws Exception {
        all(KILLING, (lab, act) -> lab.kill(act, ROUNDS));
    }

    @Test
    void isBeforeOrAfterWhereverTheDatabaseIsLost() throws Exception {
        all(LOSING, (lab, act) -> lab.lose(act, ROUNDS));
    }

    private void all(int atOnce, Trial trial) throws Exception {
        Map<CrashAct, Future<?>> running = new EnumMap<>(CrashAct.class);
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            for (CrashAct act : CrashAct.values()) {
                running.put(act, threads.submit(() -> {
                    try (CrashLab lab = new CrashLab(folder.resolve(act.name()))) {
                        trial.run(lab, act);
                    }
                    return true;
                }));
            }
        }
        SoftAssertions all = new SoftAssertions();
        running.forEach(
                (act, ended) -> all.assertThatCode(ended::get).as("%s", act).doesNotThrowAnyException());
        all.assertAll();
    }

    /** The answer of the commit may be lost while what it wrote is not. */
    @Test
    void isBeforeOrAfterWhenTheDatabaseIsLostDuringTheWrite() throws Exception {
        all(LOSING, (lab, act) -> {
            if (act != CrashAct.ROLLOUT) {
                lab.loseDuringTheWrite(act, WRITES);
            }
        });
    }

    @Test
    void isTheSameAfterEveryRestartWhateverIsUploaded() throws Exception {
        try (CrashLab lab = new CrashLab(folder.resolve("restarts"))) {
            lab.node().create(new InstanceId("newer"), "1.1.0");
            lab.node().create(new InstanceId("older"), "1.0.0");
            List<InstanceId> all = List.of(EchoNode.MAIN, new InstanceId("newer"), new InstanceId("older"));
            List<String> before = shown(lab.node(), all);
            for (int restart = 1; restart <= RESTARTS; restart++) {
                if (restart % 20 == 1) {
                    lab.node().admit("2.0." + restart);
                }
                lab.restart();
                for (InstanceId id : all) {
                    var _ = lab.node().host().instances().await(EchoNode.ACME, id, EchoNode.PATIENCE);
                }
                assertThat(shown(lab.node(), all)).as("restart %d", restart).isEqualTo(before);
            }
        }
    }

    private static List<String> shown(EchoNode node, List<InstanceId> all) {
        return all.stream()
                .map(id -> node.instance(id))
                .map(one -> one.id() + " " + one.definition() + " " + one.revision() + " " + one.observed() + " "
                        + one.configuration() + " " + node.answer(one.id()))
                .toList();
    }
}
