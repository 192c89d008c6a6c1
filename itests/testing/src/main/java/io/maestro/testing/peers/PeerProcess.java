package io.maestro.testing.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, ended with this one. Not thread-safe. */
final class PeerProcess implements AutoCloseable {
    private final String name;
    private final Path log;
    private final ProcessBuilder command;
    private final Thread atExit;
    private Process process;

    private PeerProcess(String name, Path log, ProcessBuilder command) throws IOException {
        this.name = name;
        this.log = log;
        this.command = command;
        this.process = command.start();
        this.atExit = new Thread(this::kill, name + "-at-exit");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static PeerProcess start(String name, Path workFolder, Path log, Map<String, String> environment, List<String> line)
            throws IOException {
        ProcessBuilder command = new ProcessBuilder(line)
                .directory(workFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        command.environment().putAll(environment);
        return new PeerProcess(name, log, command);
    }

    /** Waits for a good answer; an open port does not say enough. */
    void awaitAnswer(URI address, Duration patience) throws IOException, InterruptedException {
        awaitAnswer(address, patience, 200);
    }

    /** Waits for an answer of this status. */
    void awaitAnswer(URI address, Duration patience, int status) throws IOException, InterruptedException {
        long limit = System.nanoTime() + patience.toNanos();
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!answers(client, request, status)) {
                if (System.nanoTime() > limit) {
                    throw new IOException(name + " does not answer: " + Files.readString(log));
                }
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw new IOException(name + " has ended: " + Files.readString(log));
                }
            }
        }
    }

    private static boolean answers(HttpClient client, HttpRequest request, int status) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == status;
        } catch (IOException e) {
            // not yet
            return false;
        }
    }

    /** Ends it at once, as a crash would. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to end and waits until it has. */
    void end() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** Starts it again, after {@link #kill}. */
    void restart() throws IOException {
        process = command.start();
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
