package io.maestro.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.Launch;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, and being killed. */
final class LifeCycleTest {
    @TempDir
    private Path temporary;

    private Launch launch() {
        return new Launch(Distribution.built(), temporary.resolve("data"));
    }

    @Test
    void saysInTwelveLinesWhatAPersonNeedsToKnow() {
        try (LaunchedServer server = launch().start()) {
            assertThat(server.output().lines().count()).isLessThanOrEqualTo(12);
            assertThat(server.output())
                    .contains(server.base().toString(), "data/bootstrap-token", "data/logs/maestro.log", "Ctrl-C");
            assertThat(server.token()).startsWith("mst_");
        }
    }

    @Test
    void stopsOnSigtermWithExitCodeZero() {
        try (LaunchedServer server = launch().start()) {
            ProcessHandle database = server.database();

            assertThat(server.stop()).isZero();

            assertThat(database.isAlive()).isFalse();
            assertThat(server.data().resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void stopsCleanlyOnCtrlCWhichReachesTheWholeTerminal() throws IOException {
        try (LaunchedServer server = launch().start()) {
            assertThat(server.interrupt()).isZero();

            // Each stopped after what it stands on was still there.
            assertThat(Files.readString(server.data().resolve("logs/maestro.log")))
                    .containsSubsequence("stopped: framework", "stopped: database")
                    .doesNotContain("could not stop");
        }
    }

    @Test
    void refusesASecondNodeOnTheSameData() {
        try (LaunchedServer server = launch().start()) {
            Launch.Ended second = launch().end();

            assertThat(second.code()).isEqualTo(3);
            assertThat(second.output().strip())
                    .hasLineCount(1)
                    .contains(
                            server.data().toString(),
                            "process " + server.pid(),
                            server.base().toString());
        }
    }

    @Test
    void refusesAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Launch.Ended ended = launch().port(taken.getLocalPort()).end();

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.output()).contains("port " + taken.getLocalPort(), "--port");
        }
    }

    @Test
    void saysWhyADatabaseRefuses() {
        Launch.Ended ended = launch().options("--database-url", "jdbc:postgresql://127.0.0.1:1/maestro")
                .end();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("jdbc:postgresql://127.0.0.1:1/maestro", "refused", "maestro.log");
    }

    @Test
    void startsAgainAfterAStop() {
        String token;
        try (LaunchedServer server = launch().start()) {
            token = server.token();
            server.stop();
        }
        try (LaunchedServer server = launch().start()) {
            assertThat(server.token()).isEqualTo(token);
        }
    }

    @Test
    void startsAgainAfterBeingKilled() {
        try (LaunchedServer server = launch().start()) {
            ProcessHandle leftOver = server.database();
            server.kill9();
            assertThat(leftOver.isAlive()).isTrue();

            try (LaunchedServer again = launch().start()) {
                assertThat(leftOver.isAlive()).isFalse();
                assertThat(again.stop()).isZero();
            }
        }
    }

    @Test
    void runsAsAnOrdinaryUser() throws IOException, InterruptedException {
        assumeRootCanBecomeNobody();
        Path folder = openFolder();
        try (LaunchedServer server = new Launch(Distribution.built(), folder.resolve("data"))
                .as("nobody")
                .start()) {
            assertThat(Files.getOwner(server.data()).getName()).isEqualTo("nobody");
            assertThat(server.stop()).isZero();
        } finally {
            delete(folder);
        }
    }

    @Test
    void runsAsRootWhereUserNamespacesAreForbidden() throws IOException, InterruptedException {
        assumeRootCanBecomeNobody();
        Path folder = openFolder();
        Path forbidden = Files.writeString(folder.resolve("unshare"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(forbidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launch launch = new Launch(Distribution.built(), folder.resolve("data"))
                .environment("PATH", folder + ":" + System.getenv("PATH"));
        try (LaunchedServer server = launch.start()) {
            assertThat(Files.getOwner(server.data().resolve("postgres")).getName())
                    .isEqualTo("nobody");
            server.kill9();
            try (LaunchedServer again = launch.start()) {
                assertThat(again.stop()).isZero();
            }
        } finally {
            delete(folder);
        }
    }

    private static void assumeRootCanBecomeNobody() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become somebody else");
        assumeTrue(readableByNobody(Distribution.built().home()), "the distribution lies where others cannot read");
    }

    private static Path openFolder() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "maestro-open");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder;
    }

    private static boolean readableByNobody(Path home) throws IOException, InterruptedException {
        return new ProcessBuilder("runuser", "-u", "nobody", "--", "test", "-r", home + "/bin/maestro-server")
                        .start()
                        .waitFor()
                == 0;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
