package io.maestro.testing.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of the real distribution, running. Closing it stops it, and whatever it left running when it was killed.
 *
 * <pre>{@code
 * try (LaunchedServer server = LaunchedServer.start(data)) { … }
 * }</pre>
 */
public final class LaunchedServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Pattern READY = Pattern.compile("is ready at (\\S+)");

    private final Process process;
    private final Path data;
    private final Path output;
    private final URI base;

    private LaunchedServer(Process process, Path data, Path output, URI base) {
        this.process = process;
        this.data = data;
        this.output = output;
        this.base = base;
    }

    /**
     * Starts a node on {@code data}, which may be new, and returns once {@code /api/health/ready} answers 200.
     *
     * @param options further options of the server
     */
    public static LaunchedServer start(Path data, String... options) {
        return new Launch(Distribution.built(), data).options(options).start();
    }

    /** Waits until {@code process} says that it is ready, and is. */
    static LaunchedServer await(Process process, Path data, Path output) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            Matcher ready = READY.matcher(read(output));
            if (ready.find()) {
                LaunchedServer server = new LaunchedServer(process, data, output, URI.create(ready.group(1)));
                server.awaitReady(end);
                return server;
            }
            pause();
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server did not get ready:\n" + read(output));
    }

    private void awaitReady(long end) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        String last = "";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return;
                }
                last = response.statusCode() + " " + response.body();
                pause();
            }
        } catch (IOException e) {
            last = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        throw new IllegalStateException("the server is not ready: " + last + "\n" + output());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where it listens. */
    public URI base() {
        return base;
    }

    /** The address of a path, for example {@code /api/tenants}. */
    public URI at(String path) {
        return base.resolve(path);
    }

    /** The first admin token. */
    public String token() {
        return read(data.resolve("bootstrap-token")).strip();
    }

    /** Its data folder. */
    public Path data() {
        return data;
    }

    /** The process's number. */
    public long pid() {
        return process.pid();
    }

    /** What it printed. */
    public String output() {
        return read(output);
    }

    /** Asks it to stop with SIGTERM; the exit code. */
    public int stop() {
        return signal("TERM");
    }

    /** Presses Ctrl-C, which a terminal sends to the whole process group; the exit code. */
    public int interrupt() {
        return send("INT", "-" + process.pid());
    }

    /** Sends a signal and waits for the end; the exit code. */
    public int signal(String name) {
        return send(name, Long.toString(process.pid()));
    }

    private int send(String name, String target) {
        kill(name, target);
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server does not stop on SIG" + name + ":\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills it as a power cut would, save for the embedded database, which it leaves running. */
    public void kill9() {
        signal("KILL");
    }

    /** The process of the embedded database. */
    public ProcessHandle database() {
        String pid = read(data.resolve("postgres/postmaster.pid"))
                .lines()
                .findFirst()
                .orElse("");
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** A connection to the embedded database as its owner, who is held by forced row-level security as everybody is. */
    public Connection connect() throws SQLException {
        String port =
                read(data.resolve("postgres/postmaster.pid")).lines().toList().get(3);
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port.strip() + "/maestro",
                "maestro",
                read(data.resolve("keys/database.password")).strip());
    }

    /** Stops it if it still runs, and the database that a killed node left behind. */
    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
        if (Files.exists(data.resolve("postgres/postmaster.pid"))) {
            database().destroyForcibly();
        }
    }

    private static void kill(String signal, String target) {
        try {
            int code = new ProcessBuilder("sh", "-c", "kill -$0 $1", signal, target)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + signal + " " + target + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
