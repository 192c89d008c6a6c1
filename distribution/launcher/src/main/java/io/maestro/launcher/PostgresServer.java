package io.maestro.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The embedded database: a real PostgreSQL server on a free loopback port, a child of this process. */
final class PostgresServer {
    private static final System.Logger LOG = System.getLogger(PostgresServer.class.getName());
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;
    private static final long LOG_LIMIT = 10_000_000;

    private final Process process;
    private final int port;
    private final PostgresFolder folder;

    private PostgresServer(Process process, int port, PostgresFolder folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Starts the server and returns once it takes connections. What an earlier node left running is stopped first. */
    static PostgresServer start(Home home, DataFolder data) throws LaunchFailure, InterruptedException {
        PostgresPrograms programs = PostgresPrograms.in(home.postgresBinaries(), data.resolve("postgres"));
        PostgresFolder folder = PostgresFolder.open(data, programs, home.postgres());
        try {
            ProcessHandle leftOver = folder.leftOver().orElse(null);
            if (leftOver != null) {
                LOG.log(System.Logger.Level.INFO, "stopping the database that an earlier node left running");
                stop(leftOver);
            }
            Path log = data.resolve("logs/postgres.log");
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
                Files.move(log, log.resolveSibling("postgres.1.log"), StandardCopyOption.REPLACE_EXISTING);
            }
            for (int attempt = 1; ; attempt++) {
                long said = Files.exists(log) ? Files.size(log) : 0;
                int port = freePort();
                Process process = launch(programs, folder, port, log);
                if (ready(process, folder)) {
                    return new PostgresServer(process, port, folder);
                }
                String output = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
                String tail = output.substring((int) Math.min(said, output.length()));
                if (attempt == ATTEMPTS || !transitory(tail)) {
                    throw programs.refused("postgres", tail);
                }
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (IOException e) {
            throw new LaunchFailure("the embedded database cannot be started: " + e.getMessage(), e);
        }
    }

    /** Somebody took the port first, or processes of a killed server are still ending. */
    private static boolean transitory(String output) {
        return output.contains("could not bind") || output.contains("shared memory block");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static Process launch(PostgresPrograms programs, PostgresFolder folder, int port, Path log)
            throws IOException {
        return programs.builder(
                        "postgres",
                        List.of(
                                "-D",
                                folder.folder().toString(),
                                "-c",
                                "listen_addresses=127.0.0.1",
                                "-c",
                                "port=" + port))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Waits for the word that PostgreSQL itself writes for {@code pg_ctl}; false when the server ended. */
    private static boolean ready(Process process, PostgresFolder folder) throws IOException, InterruptedException {
        Path file = folder.folder().resolve("postmaster.pid");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                return false;
            }
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 8
                    && lines.getFirst().equals(Long.toString(process.pid()))
                    && lines.get(7).strip().equals("ready")) {
                return true;
            }
        }
        stop(process.toHandle());
        return false;
    }

    /** Where it listens, without credentials. */
    URI url() {
        return URI.create("jdbc:postgresql://127.0.0.1:" + port + "/" + PostgresFolder.DATABASE);
    }

    String password() {
        return folder.password();
    }

    /** Runs {@code action} when the server ends, for whatever reason. */
    void onExit(Runnable action) {
        var _ = process.onExit().thenRun(action);
    }

    /** Stops the server; sessions are ended and their transactions rolled back. */
    void stop() throws IOException, InterruptedException {
        stop(process.toHandle());
    }

    private static void stop(ProcessHandle server) throws IOException, InterruptedException {
        for (String signal : List.of("INT", "QUIT", "KILL")) {
            PostgresPrograms.signal(signal, server.pid());
            long end = System.nanoTime() + STOP_LIMIT.toNanos();
            while (server.isAlive() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            if (!server.isAlive()) {
                return;
            }
            LOG.log(System.Logger.Level.WARNING, "the database did not stop on SIG{0}", signal);
        }
    }
}
