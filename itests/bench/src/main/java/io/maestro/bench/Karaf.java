package io.maestro.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Apache Karaf 4.4.8, the measure for the boot. It asks for the Security Manager, which Java 24 took away, and so runs on
 * the newest older JDK of this machine.
 */
final class Karaf {
    private static final int NEWEST_JAVA = 23;
    private static final int SHELL_PORT = 8101;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long STOP_SECONDS = 30;

    private final Path home;
    private final Path java;

    private Karaf(Path home, Path java) {
        this.home = home;
        this.java = java;
    }

    /** Karaf in {@code folder}, if it was unpacked there and a JDK for it is found. */
    static Optional<Karaf> find(Path folder) throws IOException {
        Path home = folder.resolve("apache-karaf-4.4.8");
        Path best = null;
        int newest = 0;
        for (Path candidate : javaHomes()) {
            int version = version(candidate);
            if (version <= NEWEST_JAVA && version > newest) {
                newest = version;
                best = candidate;
            }
        }
        return best == null || !Files.isDirectory(home) ? Optional.empty() : Optional.of(new Karaf(home, best));
    }

    private static List<Path> javaHomes() throws IOException {
        List<Path> homes = new ArrayList<>();
        Path folder = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
                found.forEach(homes::add);
            }
        }
        return homes;
    }

    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return Integer.MAX_VALUE;
        }
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(release)) {
            properties.load(in);
        }
        String version = properties.getProperty("JAVA_VERSION", "\"999\"").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]", 2)[0]);
    }

    String java() {
        return java.getFileName().toString();
    }

    /** Boots to the shell port and stops again; milliseconds. The data folder is kept from run to run. */
    double boot() throws IOException, InterruptedException {
        if (answers()) {
            throw new IOException("port " + SHELL_PORT + " is taken: Karaf cannot be measured");
        }
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "server");
        builder.environment().put("JAVA_HOME", java.toString());
        builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("console.log").toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            long end = start + LIMIT.toNanos();
            while (!answers()) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException("Karaf did not open its shell port, see " + home.resolve("console.log"));
                }
                LockSupport.parkNanos(2_000_000);
            }
            return (System.nanoTime() - start) / 1e6;
        } finally {
            // The script only waits for the virtual machine that it started.
            List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroy);
            for (ProcessHandle each : all) {
                awaitEnd(each);
            }
        }
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        }
    }

    private static boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), SHELL_PORT), 200);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
