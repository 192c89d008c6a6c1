package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.cli.Shell.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans, moves between versions, and rollouts. */
final class MovesCommandsTest {
    private static final String FILES = "/api/tenants/acme/environments/prod/instances/files";
    private static final String SHOWN = "{\"id\":\"files\",\"adapter\":\"echo@1.1.0\",\"observed\":\"running\"}";
    private static final String PLAN = """
            {"action":"instance.upgrade","subject":"acme/prod/files","from":"echo@1.0.0","to":"echo@1.1.0",
             "effects":{"bundlesInstalled":[],"instancesSwitched":["acme/prod/files"],"tenantsTouched":["acme"]},
             "permissions":{"gained":["network:api.example.com"],"lost":[],"importsGained":["javax.net"],"importsLost":[]},
             "configuration":{"before":{"a":1},"after":{"b":1},"steps":["move /a to /b"],"reversible":true},
             "policy":{"outcome":"%s","reasons":[],"approvals":[]},
             "undo":{"action":"instance.rollback","command":"maestro instance rollback files"},"notes":[],
             "digest":"sha256:abc"}""";

    @TempDir
    private Path home;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Run run(String... words) {
        return new Shell(home).at(server).run(words);
    }

    @Test
    void upgradesAndRollsBack() {
        server.on("POST " + FILES + "/upgrade", 200, SHOWN).on("POST " + FILES + "/rollback", 200, SHOWN);

        assertThat(run("instance", "upgrade", "files", "-t", "acme", "-e", "prod", "--to", "1.1.0")
                        .out())
                .contains("echo@1.1.0");
        assertThat(server.last().body()).isEqualTo("{\"version\":\"1.1.0\"}");

        Run back = run("instance", "rollback", "files", "-t", "acme", "-e", "prod", "--if-match", "4");
        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(server.last().body()).isEqualTo("{}");
        assertThat(server.last().header("If-Match")).isEqualTo("\"4\"");
    }

    @ParameterizedTest
    @CsvSource({
        "instance upgrade files -t acme -e prod --to 1.1.0, POST, /upgrade?dryRun=true",
        "instance rollback files -t acme -e prod, POST, /rollback?dryRun=true",
        "instance start files -t acme -e prod, POST, /start?waitSeconds=10&dryRun=true",
        "instance stop files -t acme -e prod, POST, /stop?waitSeconds=10&dryRun=true",
        "instance delete files -t acme -e prod, DELETE, ?dryRun=true",
    })
    void showsThePlanOfAnAct(String command, String verb, String path) {
        server.on(verb + " " + FILES + path, 200, PLAN.formatted("allow"));

        Run run = run((command + " --plan").split(" ", -1));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("acme/prod/files", "network:api.example.com", "javax.net", "move /a to /b", "sha256:abc");
    }

    @Test
    void saysByItsExitCodeThatThePolicyWouldRefuse() {
        server.on("POST " + FILES + "/upgrade?dryRun=true", 200, PLAN.formatted("deny"));
        assertThat(run("instance", "upgrade", "files", "-t", "acme", "-e", "prod", "--to", "1.1.0", "--plan")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void doesItOnlyAsPlanned() {
        String digest = "ab".repeat(32);
        server.refusing("POST " + FILES + "/upgrade?plan=" + digest, 409, "plan-changed");
        Run run = run(
                "instance",
                "upgrade",
                "files",
                "-t",
                "acme",
                "-e",
                "prod",
                "--to",
                "1.1.0",
                "--if-plan",
                "sha256:" + digest);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("plan-changed");
    }

    @Test
    void beginsShowsAndCancelsARollout() {
        String id = "00000000-0000-0001-0000-000000000002";
        String rollout = "{\"id\":\"" + id
                + "\",\"state\":\"trying\",\"members\":[{\"tenant\":\"acme\",\"progress\":\"waiting\"}]}";
        server.on("POST /api/adapters/echo/rollouts", 201, rollout)
                .on("GET /api/rollouts/" + id, 200, rollout)
                .on("POST /api/rollouts/" + id + "/cancel", 200, rollout);

        Run begun = run(
                "rollout",
                "start",
                "echo",
                "--to",
                "1.1.0",
                "--step",
                "tenants=acme,globex percent=10 hold=60 calls=5",
                "--step",
                "instances=acme/prod/files",
                "--gate",
                "errors=0.01",
                "--gate",
                "shadow=true");

        assertThat(begun.exit()).as(begun.err()).isZero();
        assertThat(begun.out()).contains("trying", "waiting");
        assertThat(server.last().body())
                .isEqualTo("{\"version\":\"1.1.0\",\"steps\":[{\"tenants\":[\"acme\",\"globex\"],\"percent\":10,"
                        + "\"holdSeconds\":60,\"calls\":5},{\"instances\":[{\"tenant\":\"acme\","
                        + "\"environment\":\"prod\",\"instance\":\"files\"}]}],"
                        + "\"gates\":{\"errors\":0.01,\"shadow\":true}}");
        assertThat(run("rollout", "show", id).exit()).isZero();
        assertThat(run("rollout", "cancel", id).exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rollout show nonsense",
                "rollout start echo --to new",
                "rollout start echo --to 1.1.0 --step percent",
                "rollout start echo --to 1.1.0 --step colour=red",
                "rollout start echo --to 1.1.0 --step instances=acme/files",
                "rollout start echo --to 1.1.0 --gate errors=few",
            })
    void refusesWhatCannotBeMeant(String command) {
        assertThat(run(command.split(" ", -1)).exit()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }
}
