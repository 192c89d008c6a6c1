package io.maestro.testing.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real S3 server: S3Proxy over a folder, with authorization on. Needs {@code target/peers/s3proxy.jar} in the module
 * that uses it; the build copies it there.
 *
 * <p>Not thread-safe. Closing it ends the process; so does the end of this one.
 */
public final class S3Proxy implements AutoCloseable {
    /** Names the credentials that the server takes. */
    public static final String ACCESS_KEY_ID = "maestro-tests";

    /** The secret that the server takes. */
    public static final String SECRET_ACCESS_KEY = "a-secret-of-tests-only";

    private static final Path JAR = Path.of("target", "peers", "s3proxy.jar");
    private static final Duration START = Duration.ofMinutes(2);

    private final Path folder;
    private final Path jar;
    private final int port;
    private final Thread atExit = new Thread(this::kill, "s3proxy-at-exit");
    private Process process;

    private S3Proxy(Path folder, Path jar, int port) throws IOException {
        this.folder = folder;
        this.jar = jar;
        this.port = port;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a server that keeps its objects below {@code folder}, and waits until it answers. */
    public static S3Proxy start(Path folder) throws IOException, InterruptedException {
        return start(folder, JAR);
    }

    /** The same, with the server's jar from another place. */
    public static S3Proxy start(Path folder, Path jar) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("buckets"));
        S3Proxy server = new S3Proxy(folder, jar, freePort());
        server.awaitAnswer();
        return server;
    }

    /** Where the server listens, without a slash at the end. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Makes a bucket. */
    public void createBucket(String name) throws IOException {
        Files.createDirectory(folder.resolve("buckets").resolve(name));
    }

    /** Ends the server at once, as a crash would. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts the server again at the same port with the same objects, after {@link #kill}. */
    public void restart() throws IOException, InterruptedException {
        process = launch();
        awaitAnswer();
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private Process launch() throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException("there is no " + jar.toAbsolutePath() + "; the module's build has to copy it there");
        }
        Path settings = folder.resolve("s3proxy.conf");
        Files.writeString(settings, """
                s3proxy.endpoint=%s
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(
                        endpoint(),
                        ACCESS_KEY_ID,
                        SECRET_ACCESS_KEY,
                        folder.resolve("buckets").toAbsolutePath()));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toAbsolutePath().toString(),
                        "--properties",
                        settings.toAbsolutePath().toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("s3proxy.log").toFile()))
                .start();
    }

    /** An answer, not an open port, says that it is there; without a signature the answer is a refusal. */
    private void awaitAnswer() throws IOException, InterruptedException {
        long limit = System.nanoTime() + START.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint())
                    .timeout(Duration.ofSeconds(10))
                    .build();
            while (true) {
                try {
                    if (client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 403) {
                        return;
                    }
                } catch (IOException e) {
                    if (System.nanoTime() > limit) {
                        throw new IOException("S3Proxy does not answer: " + log(), e);
                    }
                }
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new IOException("S3Proxy has ended: " + log());
                }
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("s3proxy.log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
