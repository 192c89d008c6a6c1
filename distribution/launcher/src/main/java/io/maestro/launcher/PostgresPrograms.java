package io.maestro.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs PostgreSQL's programs. Each is the leader of its own session, so that Ctrl-C at the terminal reaches the node alone
 * and the node decides when the database stops. PostgreSQL refuses to run as root: then its programs run in a user
 * namespace, where root is nobody special and yet owns the same files.
 */
final class PostgresPrograms {
    private static final int OUTPUT_LIMIT = 64 * 1024;

    private final Path folder;
    private final boolean root;

    PostgresPrograms(Path folder) {
        this(folder, runsAsRoot());
    }

    private PostgresPrograms(Path folder, boolean root) {
        this.folder = folder;
        this.root = root;
    }

    private static boolean runsAsRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A process builder for {@code program}. */
    ProcessBuilder builder(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        if (root) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(folder.resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** Runs {@code program} to its end; its output. */
    String run(String program, List<String> arguments, String input) throws LaunchFailure, InterruptedException {
        try {
            Process process =
                    builder(program, arguments).redirectErrorStream(true).start();
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8);
                in.transferTo(OutputStream.nullOutputStream());
            }
            if (process.waitFor() != 0) {
                throw refused(program, output);
            }
            return output;
        } catch (IOException e) {
            throw new LaunchFailure("the embedded database cannot be started: " + e.getMessage(), e);
        }
    }

    /** What to say when {@code program} ended with {@code output}. */
    LaunchFailure refused(String program, String output) {
        if (root && output.contains("unshare")) {
            return new LaunchFailure(
                    LaunchFailure.FAILED,
                    "PostgreSQL does not run as root and this system forbids user namespaces:"
                            + " start as an ordinary user, or give --database-url");
        }
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return new LaunchFailure(
                LaunchFailure.FAILED,
                "the embedded database cannot be started: " + program + " failed",
                lines.subList(Math.max(0, lines.size() - 5), lines.size()),
                null);
    }

    /** Sends a signal that {@link Process} has no word for. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -$0 $1", name, Long.toString(pid))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }
}
