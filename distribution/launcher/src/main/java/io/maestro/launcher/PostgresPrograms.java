package io.maestro.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Runs PostgreSQL's programs. Each is the leader of its own session, so that Ctrl-C at the terminal reaches the node alone
 * and the node decides when the database stops.
 */
final class PostgresPrograms {
    private static final int OUTPUT_LIMIT = 64 * 1024;
    private static final int OVERFLOW = 65534;

    private final Path folder;
    private final Identity identity;

    /** As whom they run: PostgreSQL refuses to run as root. */
    private enum Identity {
        /** As the node itself. */
        OURS,
        /** In a user namespace, where root is nobody special and yet owns the same files. */
        NAMESPACE,
        /** Where namespaces are forbidden, as in most containers: as a user that owns nothing but these files. */
        NOBODY;

        List<String> prefix() {
            return switch (this) {
                case OURS -> List.of();
                case NAMESPACE -> List.of("unshare", "--user");
                case NOBODY -> List.of("setpriv", "--reuid=" + OVERFLOW, "--regid=" + OVERFLOW, "--clear-groups");
            };
        }
    }

    private PostgresPrograms(Path folder, Identity identity) {
        this.folder = folder;
        this.identity = identity;
    }

    /** The programs in {@code folder}, run as whoever owns the database in {@code database}, which may not be there yet. */
    static PostgresPrograms in(Path folder, Path database) throws InterruptedException {
        if (owner(Path.of("/proc/self")) != 0) {
            return new PostgresPrograms(folder, Identity.OURS);
        }
        boolean ours = Files.exists(database) ? owner(database) == 0 : namespacesAllowed();
        return new PostgresPrograms(folder, ours ? Identity.NAMESPACE : Identity.NOBODY);
    }

    private static int owner(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid") instanceof Integer uid ? uid : OVERFLOW;
        } catch (IOException | UnsupportedOperationException e) {
            return OVERFLOW;
        }
    }

    private static boolean namespacesAllowed() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "--user", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes an empty folder for a new database, in the hands of whoever will run it. */
    void createFolder(Path database) throws IOException {
        Files.createDirectory(database);
        if (identity == Identity.NOBODY) {
            Files.setAttribute(database, "unix:gid", OVERFLOW);
            Files.setAttribute(database, "unix:uid", OVERFLOW);
            Path data = database.toAbsolutePath().getParent();
            // Passing through is not reading: what else lies here stays closed, or is closed itself.
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(data));
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(data, permissions);
        }
    }

    /** A process builder for {@code program}. */
    ProcessBuilder builder(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.addAll(identity.prefix());
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
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return new LaunchFailure(
                LaunchFailure.FAILED,
                "the embedded database cannot be started: " + program + " failed"
                        + (identity == Identity.OURS ? "" : "; start as an ordinary user, or give --database-url"),
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
