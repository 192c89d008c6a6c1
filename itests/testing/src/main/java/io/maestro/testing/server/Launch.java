package io.maestro.testing.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How a node is to be started. */
public final class Launch {
    private static final long END_SECONDS = 120;

    private final Distribution distribution;
    private final Path data;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>(List.of("--port", "0"));
    private final Map<String, String> environment = new HashMap<>();

    /** A node of {@code distribution} on {@code data} and a free port. */
    public Launch(Distribution distribution, Path data) {
        this.distribution = distribution;
        this.data = data;
    }

    /** Adds options of the server. */
    public Launch options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Listens on this port. */
    public Launch port(int port) {
        options.set(1, Integer.toString(port));
        return this;
    }

    /** Runs as another user; only root may. */
    public Launch as(String user) {
        prefix.addAll(List.of("setpriv", "--reuid", user, "--regid", user.equals("nobody") ? "nogroup" : user));
        prefix.add("--clear-groups");
        return this;
    }

    /** Sets a variable of the environment. */
    public Launch environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Starts it and waits until it is ready. */
    public LaunchedServer start() {
        Path output = output();
        return LaunchedServer.await(process(output), data, output);
    }

    /** Starts a node that is expected to end by itself. */
    public Ended end() {
        Path output = output();
        Process process = process(output);
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException("the server did not end:\n" + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * A node that ended.
     *
     * @param code its exit code
     * @param output what it printed
     */
    public record Ended(int code, String output) {}

    private static Path output() {
        try {
            Path file = Files.createTempFile("maestro-server", ".out");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process process(Path output) {
        // In a process group of its own, as at a terminal, so that a test can press Ctrl-C.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(prefix);
        command.add(distribution.server().toString());
        command.addAll(List.of("--data", data.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
