package io.maestro.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real distribution in a process of its own, on a database that runs already. */
final class Server implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Process process;
    private final int port;
    private final Path data;
    private final long start;
    private final double bootMillis;
    private final double bootCpuMillis;
    private final HttpClient client = HttpClient.newHttpClient();

    private Server(Process process, int port, Path data, long start, double bootMillis, double bootCpuMillis) {
        this.process = process;
        this.port = port;
        this.data = data;
        this.start = start;
        this.bootMillis = bootMillis;
        this.bootCpuMillis = bootCpuMillis;
    }

    /** Starts the server and returns once it is ready. */
    static Server start(Path distribution, Path data, TestDatabase database) throws IOException {
        return start(distribution, data, database, "");
    }

    /** The same with more options of the virtual machine. */
    static Server start(Path distribution, Path data, TestDatabase database, String options) throws IOException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                distribution.resolve("bin/maestro-server").toString(),
                "--port",
                Integer.toString(port),
                "--data",
                data.toString(),
                "--database-url",
                database.url(),
                "--database-user",
                database.user());
        builder.environment().put("MAESTRO_DATABASE_PASSWORD", database.password());
        builder.environment().put("MAESTRO_JVM_OPTIONS", options);
        Files.createDirectories(data);
        builder.redirectErrorStream(true)
                .redirectOutput(data.resolve("console.log").toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        awaitReady(process, port, data);
        double millis = (System.nanoTime() - start) / 1e6;
        return new Server(process, port, data, start, millis, cpuMillis(process));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(Process process, int port, Path data) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        long pause = 2_000_000;
        byte[] request = "GET /api/health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException("the server ended: " + Files.readString(data.resolve("console.log")));
            }
            if (answersOk(port, request)) {
                return;
            }
            LockSupport.parkNanos(pause);
            // whoever boots for long is not slowed down by being asked
            pause = Math.min(pause + pause / 50 + 1, 50_000_000);
        }
        process.destroyForcibly();
        throw new IOException("the server was not ready within " + LIMIT);
    }

    private static boolean answersOk(int port, byte[] request) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    double bootMillis() {
        return bootMillis;
    }

    /** For how long processors worked for the process until it was ready; on a machine of its own, that is what counts. */
    double bootCpuMillis() {
        return bootCpuMillis;
    }

    /** How long ago it was started. */
    double aliveMillis() {
        return (System.nanoTime() - start) / 1e6;
    }

    /** For how long processors have worked for the process up to now. */
    double cpuMillis() {
        return cpuMillis(process);
    }

    private static double cpuMillis(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
    }

    int port() {
        return port;
    }

    Path deploy() {
        return data.resolve("deploy");
    }

    String token() throws IOException {
        return Files.readString(data.resolve("bootstrap-token")).strip();
    }

    /** Sends JSON as the first admin; returns the response, whatever its status. */
    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .timeout(LIMIT)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Sends JSON and demands success. */
    JsonNode done(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    method + " " + path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Has a signed adapter admitted. */
    void upload(byte[] jar) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/adapters"))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/java-archive")
                .POST(BodyPublishers.ofByteArray(jar))
                .timeout(LIMIT)
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new IOException("the upload was answered " + response.statusCode() + ": " + response.body());
        }
    }

    static String json(Object value) throws IOException {
        return JSON.writeValueAsString(value);
    }

    /** Resident memory in MB, as the kernel sees it. */
    double residentMegabytes() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"));
        for (String line : status) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    /** What is alive on the heap after a full collection, in MB. */
    double liveMegabytes() throws IOException, InterruptedException {
        command("GC.run");
        // "DefNew     total 22144K, used 1198K [0x…" and the same of "Tenured"
        Matcher used = Pattern.compile("(?m)^ *(?:DefNew|Tenured) +total \\d+K, used (\\d+)K")
                .matcher(command("GC.heap_info"));
        long kilobytes = 0;
        int generations = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
            generations++;
        }
        if (generations != 2) {
            throw new IOException("this is not how the serial collector tells of its heap: " + command("GC.heap_info"));
        }
        return kilobytes / 1024.0;
    }

    /** Asks the virtual machine, with the tool of the one that this runs on. */
    private String command(String what) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        what)
                .redirectErrorStream(true)
                .start();
        String answer = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException("jcmd " + what + ": " + answer);
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
