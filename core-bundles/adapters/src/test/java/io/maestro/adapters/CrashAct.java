package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An act on a node, with the steps that it tells of: those before its point of no return, and those after. */
enum CrashAct {
    /** A new version is handed in. */
    INSTALL("allowed placed started kept", "installed") {
        @Override
        void prepare(EchoNode node) throws Exception {
            if (has(node, LATER)) {
                node.host().definitions().uninstall(LATER, EchoNode.ADA);
            }
        }

        @Override
        void run(EchoNode node) throws Exception {
            var _ = node.admit("2.0.0");
        }
    },

    /** A version goes that nobody uses. */
    UNINSTALL("allowed", "uninstalled taken-out") {
        @Override
        void prepare(EchoNode node) throws Exception {
            if (!has(node, LATER)) {
                var _ = node.admit("2.0.0");
            }
        }

        @Override
        void run(EchoNode node) {
            node.host().definitions().uninstall(LATER, EchoNode.ADA);
        }
    },

    /** A further instance. */
    CREATE("allowed", "written") {
        @Override
        void prepare(EchoNode node) {
            if (has(node, FURTHER)) {
                node.host().instances().delete(EchoNode.ACME, FURTHER, null, EchoNode.ADA);
            }
        }

        @Override
        void run(EchoNode node) {
            var _ = node.host()
                    .acts()
                    .carryOut(
                            new InstanceAct.Create(EchoNode.ACME, FURTHER, DefinitionId.parse("echo@1.0.0"), HELLO),
                            null,
                            EchoNode.ADA);
        }
    },

    /** That instance goes, with its folder. */
    DELETE("allowed", "written folder-removed") {
        @Override
        void prepare(EchoNode node) throws Exception {
            if (!has(node, FURTHER)) {
                CREATE.run(node);
            }
            Path folder = Files.createDirectories(node.folder(FURTHER));
            Files.writeString(folder.resolve("state"), "of " + FURTHER);
        }

        @Override
        void run(EchoNode node) {
            act(node, new InstanceAct.Delete(EchoNode.ACME, FURTHER, null));
        }
    },

    /** Another configuration, which is opened beside the one before. */
    CONFIGURE("allowed", "written beside") {
        @Override
        void prepare(EchoNode node) {
            if (!node.instance(EchoNode.MAIN).configuration().text().contains("hello")) {
                act(node, new InstanceAct.Configure(EchoNode.ACME, EchoNode.MAIN, HELLO, null));
            }
        }

        @Override
        void run(EchoNode node) {
            act(
                    node,
                    new InstanceAct.Configure(
                            EchoNode.ACME, EchoNode.MAIN, new Json("{\"greeting\":\"changed\"}"), null));
        }
    },

    /** Wanted stopped. */
    STOP("allowed", "written") {
        @Override
        void prepare(EchoNode node) {
            want(node, Wanted.RUNNING);
        }

        @Override
        void run(EchoNode node) {
            want(node, Wanted.STOPPED);
        }
    },

    /** Wanted running. */
    START("allowed", "written") {
        @Override
        void prepare(EchoNode node) {
            want(node, Wanted.STOPPED);
        }

        @Override
        void run(EchoNode node) {
            want(node, Wanted.RUNNING);
        }
    },

    /** To the newer version. */
    UPGRADE("allowed opened healthy proven", "committed switched written") {
        @Override
        void prepare(EchoNode node) {
            if (version(node).equals("1.1.0")) {
                var _ = node.rollback();
            }
        }

        @Override
        void run(EchoNode node) {
            var _ = node.upgrade("1.1.0");
        }
    },

    /** Back to the older one. */
    ROLLBACK("allowed opened healthy proven", "committed switched written") {
        @Override
        void prepare(EchoNode node) {
            if (version(node).equals("1.0.0")) {
                var _ = node.upgrade("1.1.0");
            }
        }

        @Override
        void run(EchoNode node) {
            var _ = node.rollback();
        }
    },

    /** To the newer version, with a share of the calls first. */
    ROLLOUT("step opened healthy tried", "decided committed switched") {
        @Override
        void prepare(EchoNode node) throws Exception {
            UPGRADE.prepare(node);
        }

        @Override
        void run(EchoNode node) {
            Step all = new Step(List.of(), List.of(), 100, Duration.ZERO, 0);
            Rollout rollout = node.host()
                    .rollouts()
                    .start(new Course(ECHO, new AdapterVersion("1.1.0"), List.of(all), Gates.USUAL), EchoNode.ADA);
            await().atMost(EchoNode.PATIENCE)
                    .until(() -> node.host().rollouts().rollout(rollout.id()).endedAt() != null);
        }
    };

    static final InstanceId FURTHER = new InstanceId("further");
    static final AdapterName ECHO = new AdapterName("echo");
    private static final DefinitionId LATER = DefinitionId.parse("echo@2.0.0");
    private static final Json HELLO = new Json("{\"greeting\":\"hello\"}");

    private final String before;
    private final String after;

    /** The names of the steps with spaces between them. */
    CrashAct(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** All of them, in their order. */
    List<String> steps() {
        return List.of((before + " " + after).split(" ", -1));
    }

    /** The last one before the point of no return. */
    String lastBefore() {
        return List.of(before.split(" ", -1)).getLast();
    }

    /** Whether everything is as after the act when something dies at this step. */
    boolean isDone(String step) {
        return List.of(after.split(" ", -1)).contains(step);
    }

    /** Brings the node to where the act can be done, wherever it is. */
    abstract void prepare(EchoNode node) throws Exception;

    /** Does it. */
    abstract void run(EchoNode node) throws Exception;

    private static void act(EchoNode node, InstanceAct act) {
        var _ = node.host().acts().carryOut(act, null, EchoNode.ADA);
    }

    private static void want(EchoNode node, Wanted wanted) {
        if (node.instance(EchoNode.MAIN).wanted() != wanted) {
            act(node, new InstanceAct.Want(EchoNode.ACME, EchoNode.MAIN, wanted, null));
        }
    }

    private static String version(EchoNode node) {
        return node.instance(EchoNode.MAIN).definition().version().value();
    }

    private static boolean has(EchoNode node, DefinitionId id) {
        try {
            return node.host().definitions().definition(id).id().equals(id);
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("definition-unknown");
            return false;
        }
    }

    private static boolean has(EchoNode node, InstanceId id) {
        try {
            return node.instance(id).id().equals(id);
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("instance-unknown");
            return false;
        }
    }
}
