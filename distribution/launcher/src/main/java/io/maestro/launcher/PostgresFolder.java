package io.maestro.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The embedded database's files. Loopback is open to every user of the machine, so there is one way in: the role
 * {@value #ROLE}, with a password that only the owner of the data folder can read. The role is no superuser, just as with a
 * database that somebody else runs.
 *
 * @param folder PostgreSQL's data folder
 * @param password of the role
 */
record PostgresFolder(Path folder, String password) {
    static final String ROLE = "maestro";
    static final String DATABASE = "maestro";

    private static final String SETTINGS = """

            # Maestro: one small node on loopback
            unix_socket_directories = ''
            shared_buffers = 64MB
            max_connections = 40
            max_wal_size = 256MB
            jit = off
            log_timezone = 'UTC'
            timezone = 'UTC'
            """;

    private static final String ACCESS = """
            # One way in. No superuser can log in; see "postgres --single" for emergencies.
            host maestro maestro 127.0.0.1/32 scram-sha-256
            """;

    /**
     * Opens the database's folder in {@code data}, making it when there is none. A folder that was left half made is made
     * anew.
     *
     * @throws LaunchFailure when the folder is of another major version than {@code major}
     */
    static PostgresFolder open(DataFolder data, PostgresPrograms programs, int major)
            throws LaunchFailure, InterruptedException {
        Path folder = data.resolve("postgres");
        try {
            Path passwordFile = data.resolve("keys/database.password");
            if (!Files.exists(folder)) {
                create(folder, data.resolve("postgres.new"), programs, newPassword(passwordFile));
            }
            String version = Files.readString(folder.resolve("PG_VERSION")).strip();
            if (!version.equals(Integer.toString(major))) {
                throw new LaunchFailure(
                        LaunchFailure.FAILED,
                        folder + " is of PostgreSQL " + version + ", but this release brings PostgreSQL " + major
                                + ": start the release that made it, or move its data with pg_dump to a database of your own"
                                + " and give --database-url");
            }
            return new PostgresFolder(folder, Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new LaunchFailure("the embedded database's folder " + folder + " cannot be used: " + e, e);
        }
    }

    private static void create(Path folder, Path draft, PostgresPrograms programs, String password)
            throws IOException, LaunchFailure, InterruptedException {
        delete(draft);
        programs.createFolder(draft);
        programs.run(
                "initdb",
                List.of(
                        "--pgdata=" + draft,
                        "--username=postgres",
                        "--auth=reject",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"),
                "");
        // The password is 256 random bits: stretching it would only slow down each new connection.
        String said = programs.run(
                "postgres",
                List.of("--single", "-D", draft.toString(), "-c", "scram_iterations=1", "postgres"),
                "create role " + ROLE + " login createrole password '" + password + "'\ncreate database " + DATABASE
                        + " owner " + ROLE + "\n");
        if (said.toUpperCase(Locale.ROOT).contains("ERROR")) {
            throw programs.refused("postgres --single", said);
        }
        Files.writeString(draft.resolve("postgresql.conf"), SETTINGS, StandardOpenOption.APPEND);
        Files.writeString(draft.resolve("pg_hba.conf"), ACCESS);
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String newPassword(Path file) throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password + "\n");
        return password;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The server process that an earlier node left behind, if it lives and is really this folder's. */
    Optional<ProcessHandle> leftOver() throws IOException {
        Path file = folder.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        Optional<ProcessHandle> process = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        if (process.isPresent() && worksHere(process.get())) {
            return process;
        }
        // The number may belong to somebody else by now, and PostgreSQL would not start beside it. We hold the data
        // folder.
        Files.delete(file);
        return Optional.empty();
    }

    private boolean worksHere(ProcessHandle process) {
        try {
            // PostgreSQL works in its data folder, always.
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .equals(folder.toRealPath());
        } catch (IOException e) {
            // Not ours to look into; its command line is open to all.
            return List.of(process.info().arguments().orElse(new String[0])).contains(folder.toString());
        }
    }
}
