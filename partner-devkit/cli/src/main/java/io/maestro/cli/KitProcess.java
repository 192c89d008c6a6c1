package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.model.Digest;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the conformance kit on a packed adapter in a process of its own. The adapter's code is somebody's: it has the rights of this
 * user, and what it reports is its word.
 */
final class KitProcess {
    private static final String PROGRAM = "io.maestro.conformance.run.KitRun";
    private static final int PASSED = 0;
    private static final int FAILED = 1;
    private static final int NOT_RUN = 2;
    private static final long LARGEST_REPORT = 16L << 20;
    private static final int MOST_LINES = 2_000;

    /** With this begins what the environment says of servers, tokens and passwords. */
    private static final String OURS = "MAESTRO_";

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final String classPath;

    private KitProcess(String classPath) {
        this.classPath = classPath;
    }

    /**
     * A process with the class path of this distribution.
     *
     * @param home where the distribution is; null for the class path of this process
     */
    static KitProcess of(@Nullable String home) {
        return new KitProcess(
                home == null
                        ? System.getProperty("java.class.path")
                        : Path.of(home, "lib", "kit", "*") + File.pathSeparator + Path.of(home, "lib", "*"));
    }

    /**
     * Runs the kit and gives its report.
     *
     * @param said where what the run tells meanwhile is written
     * @throws Failure when the kit cannot be run, does not end in time, or ends without a report of this jar
     */
    JsonNode run(Path jar, Path peer, Duration limit, PrintStream said) throws IOException {
        Digest digest = digest(jar);
        Path folder = Files.createTempDirectory("maestro-kit");
        try {
            Path report = folder.resolve("report.json");
            int exit = exit(command(jar, peer, report, folder), limit, said);
            if ((exit != PASSED && exit != FAILED) || !Files.isRegularFile(report)) {
                throw Failure.usage(
                        exit == NOT_RUN ? "the kit cannot be run" : "the kit's process ended with " + exit,
                        "What it said stands above.");
            }
            JsonNode told = read(report);
            if (!told.path("digest").asText().equals(digest.toString())
                    || told.path("passed").asBoolean() != (exit == PASSED)) {
                throw Failure.usage("the kit's report is not of this jar", "Run the command again.");
            }
            return told;
        } finally {
            delete(folder);
        }
    }

    private ProcessBuilder command(Path jar, Path peer, Path report, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        PROGRAM,
                        jar.toAbsolutePath().toString(),
                        peer.toAbsolutePath().toString(),
                        report.toString(),
                        Files.createDirectory(folder.resolve("work")).toString())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith(OURS));
        return builder;
    }

    private static int exit(ProcessBuilder builder, Duration limit, PrintStream said) throws IOException {
        Process process = builder.start();
        process.getOutputStream().close();
        Thread reader = Thread.ofVirtual().start(() -> pass(process, said));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Failure.usage(
                        "the kit did not end within " + limit.toMinutes() + " minutes",
                        "Look at what the adapter waits for, or give it longer with --minutes.");
            }
            // what the adapter has started itself may keep the line open
            var _ = reader.join(LAST_WORDS);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.usage("interrupted", "Run the command again.");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** So much of what it prints is shown; the rest is read, so that it does not wait. */
    private static void pass(Process process, PrintStream said) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            int shown = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (shown++ < MOST_LINES) {
                    said.println(Output.clean(line));
                }
            }
        } catch (IOException e) {
            said.println("what the kit says is cut off: " + e.getMessage());
        }
    }

    static Digest digest(Path jar) throws IOException {
        try {
            return Digest.sha256(Files.readAllBytes(jar));
        } catch (IOException e) {
            throw Failure.file(jar + " cannot be read", e);
        }
    }

    private static JsonNode read(Path report) throws IOException {
        if (Files.size(report) > LARGEST_REPORT) {
            throw Failure.usage("the kit's report is too large", "Run the command again.");
        }
        try {
            return new JsonMapper().readTree(Files.readAllBytes(report));
        } catch (JsonProcessingException e) {
            throw Failure.file("the kit's report is not readable", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
