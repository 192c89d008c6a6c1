package io.maestro.testing.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An unpacked Keycloak beside its zip, built once for all tests of the machine: with what tests do not need switched off,
 * and with a database that has its tables and its administrator already. That takes minutes; a start from here takes seconds.
 *
 * @param home the unpacked folder
 * @param database the database to copy for each start
 */
record KeycloakFolder(Path home, Path database) {
    static final String ADMINISTRATOR = "admin";
    static final String PASSWORD = "a-password-of-tests-only";

    private static final Duration FIRST_START = Duration.ofMinutes(8);
    private static final List<String> BUILD = List.of(
            "--db=dev-file",
            "--features=scim-api",
            "--features-disabled=admin-fine-grained-authz,organization,device-flow,ciba,par,passkeys,web-authn,login,account,"
                    + "kerberos,workflows,opentelemetry");

    /** The folder; made when it is not there yet, while other processes wait. */
    static KeycloakFolder prepared() throws IOException, InterruptedException {
        Path zip = Peers.installed("keycloak.zip", "keycloak of maven-dependency-plugin");
        Path folder = zip.resolveSibling("keycloak");
        Path mark = folder.resolve("prepared");
        String wanted = Files.size(zip) + " " + BUILD;
        try (FileChannel channel = FileChannel.open(
                        zip.resolveSibling("keycloak.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("lost the lock of " + folder);
            }
            if (!Files.exists(mark) || !Files.readString(mark).equals(wanted)) {
                delete(folder);
                Files.createDirectories(folder);
                unpack(zip, folder);
                build(home(folder), folder.resolve("build.log"));
                makeDatabase(folder);
                Files.writeString(mark, wanted);
            }
        }
        return of(folder);
    }

    /** Starts it with a copy of the database in {@code work}, which is there for it alone. */
    PeerProcess start(Path work, int port) throws IOException {
        Files.createDirectories(work);
        if (Files.exists(database)) {
            Files.copy(database, work.resolve("keycloakdb.mv.db"), StandardCopyOption.REPLACE_EXISTING);
        }
        return PeerProcess.start(
                "keycloak",
                home,
                work.resolve("keycloak.log"),
                Map.of("KC_BOOTSTRAP_ADMIN_USERNAME", ADMINISTRATOR, "KC_BOOTSTRAP_ADMIN_PASSWORD", PASSWORD),
                List.of(
                        java(),
                        "-Xms64m",
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory"
                                + "=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                        "-Dkc.home.dir=" + home,
                        "-Djboss.server.config.dir=" + home.resolve("conf"),
                        "-cp",
                        home.resolve("lib/quarkus-run.jar").toString(),
                        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                        "start",
                        "--optimized",
                        "--cache=local",
                        "--http-enabled=true",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--hostname-strict=false",
                        "--log-level=WARN",
                        "--db-url=jdbc:h2:file:" + work.resolve("keycloakdb") + ";NON_KEYWORDS=VALUE"));
    }

    private static KeycloakFolder of(Path folder) throws IOException {
        return new KeycloakFolder(home(folder), folder.resolve("keycloakdb.mv.db"));
    }

    private static Path home(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.isDirectory(child.resolve("lib")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Keycloak in " + folder));
        }
    }

    private static void build(Path home, Path log) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Stream.concat(Stream.of("bash", home.resolve("bin/kc.sh").toString(), "build"), BUILD.stream())
                        .toList());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        command.redirectErrorStream(true).redirectOutput(log.toFile());
        if (command.start().waitFor() != 0) {
            throw new IOException("Keycloak cannot be built: " + Files.readString(log));
        }
    }

    /** The first start makes the tables; what it leaves behind is the database of all others. */
    private static void makeDatabase(Path folder) throws IOException, InterruptedException {
        Path work = folder.resolve("first");
        int port = Peers.freePort();
        try (PeerProcess first = of(folder).start(work, port)) {
            first.awaitAnswer(URI.create("http://127.0.0.1:" + port + "/realms/master"), FIRST_START);
            first.end();
        }
        Files.move(work.resolve("keycloakdb.mv.db"), folder.resolve("keycloakdb.mv.db"));
    }

    private static void unpack(Path zip, Path folder) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            Enumeration<? extends ZipEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("leads out of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(file.getInputStream(entry), target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
