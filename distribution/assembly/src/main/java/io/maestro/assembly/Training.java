package io.maestro.assembly;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records the AOT caches of server and command line: runs the distribution as an operator would, with production's options and an embedded database, from
 * the start to a clean stop, and lets the virtual machine keep what it learned.
 */
final class Training {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Pattern READY = Pattern.compile("is ready at (\\S+)");
    private static final String INSTANCE = "/api/tenants/acme/environments/dev/instances/files";
    private static final int ROUNDS = 40;

    /** As many as the virtual machine needs to know what is hot about a call, which the cache keeps. */
    private static final int OPERATIONS = 3_000;

    private final Path home;
    private final Path work;
    private final String identity;

    Training(Path home, Path work, String identity) {
        this.home = home;
        this.work = work;
        this.identity = identity;
    }

    /** Records, unless nothing has changed since the last time. */
    void run() throws IOException, InterruptedException {
        Path cache = home.resolve("etc/server.aot");
        Path mark = work.resolve("trained");
        if (Files.exists(cache) && Files.exists(mark) && Files.readString(mark).equals(identity)) {
            return;
        }
        Tree.delete(work);
        Files.createDirectories(work);
        Path draft = work.resolve("server.aot");
        Path output = work.resolve("output");
        Process server = start(draft, output);
        try {
            exercise(server, output);
            server.destroy();
            if (!server.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw failure("the server does not stop", output);
            }
        } finally {
            server.destroyForcibly();
        }
        if (server.exitValue() != 0 || !Files.exists(draft)) {
            throw failure("the server ended with " + server.exitValue(), output);
        }
        Files.move(draft, cache, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        Tree.delete(work.resolve("data"));
        Files.writeString(mark, identity);
    }

    private Process start(Path cache, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/maestro-server").toString(),
                        "--port",
                        "0",
                        "--data",
                        work.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("MAESTRO_JVM_OPTIONS", "-XX:AOTCacheOutput=" + cache);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        return builder.start();
    }

    private static BuildFailure failure(String what, Path output) throws IOException {
        return new BuildFailure(
                "the training run for the AOT cache failed, " + what + ":\n" + Files.readString(output));
    }

    /** What a node does all day. */
    private void exercise(Process server, Path output) throws IOException, InterruptedException {
        URI base = ready(server, output);
        String token = Files.readString(work.resolve("data/bootstrap-token")).strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Calls calls = new Calls(client, base, token);
            calls.until("GET", "/api/health/ready", 200);
            calls.until("GET", "/api/adapters/storage-file/1.0.0", 200);
            calls.expect("GET", "/api/health/live", "", 200);
            calls.expect("GET", "/api/openapi.json", "", 200);
            calls.expect("GET", "/api/whoami", "", 200);
            calls.expect("POST", "/api/tenants", "{\"id\":\"acme\",\"displayName\":\"Acme\"}", 201);
            calls.expect("GET", "/api/tenants/nobody", "", 404);
            for (Path adapter : Tree.jars(home.resolve("adapters/signed"))) {
                calls.upload(adapter);
            }
            calls.expect("GET", "/api/adapters", "", 200);
            calls.expect(
                    "POST",
                    "/api/tenants/acme/environments/dev/instances",
                    "{\"id\":\"files\",\"adapter\":\"storage-file@1.0.0\",\"configuration\":{}}",
                    201);
            calls.until("GET", INSTANCE + "/objects?limit=10", 200);
            for (int round = 0; round < ROUNDS; round++) {
                calls.expect("PUT", INSTANCE + "/objects/a/" + round, "{\"round\":" + round + "}", -1);
                calls.expect("GET", INSTANCE + "/objects/a/" + round, "", 200);
                calls.expect("POST", INSTANCE + "/operations/list", "{}", 200);
            }
            for (int call = 0; call < OPERATIONS; call++) {
                calls.expect("POST", INSTANCE + "/operations/list", "{}", 200);
            }
            calls.expect("GET", "/api/security-events", "", 200);
            calls.expect("GET", "/api/quarantine", "", 200);
        }
        recordCommandLine(base, token);
    }

    /** One command that talks to the server knows what nearly every command needs. */
    private void recordCommandLine(URI base, String token) throws IOException, InterruptedException {
        Path draft = work.resolve("cli.aot");
        Path output = work.resolve("cli-output");
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/maestro").toString(), "tenant", "list", "--json", "--url", base.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("MAESTRO_JVM_OPTIONS", "-XX:AOTCacheOutput=" + draft);
        builder.environment().put("MAESTRO_TOKEN", token);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        Process command = builder.start();
        try {
            if (!command.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || command.exitValue() != 0) {
                throw failure("the command line does not work", output);
            }
        } finally {
            command.destroyForcibly();
        }
        Files.move(draft, home.resolve("etc/cli.aot"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static URI ready(Process server, Path output) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end && server.isAlive()) {
            Matcher ready = READY.matcher(Files.readString(output));
            if (ready.find()) {
                return URI.create(ready.group(1));
            }
            Thread.sleep(POLL);
        }
        throw failure("the server does not get ready", output);
    }

    /** REST calls that must be answered as expected. */
    private record Calls(HttpClient client, URI base, String token) {
        private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String type)
                throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                    .timeout(LIMIT)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", type)
                    .method(method, body)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }

        /** Calls once; {@code status} -1 stands for any success. */
        void expect(String method, String path, String body, int status) throws IOException, InterruptedException {
            HttpResponse<String> response = send(
                    method,
                    path,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                    "application/json");
            boolean good = status < 0 ? response.statusCode() / 100 == 2 : response.statusCode() == status;
            if (!good) {
                throw unexpected(method, path, response);
            }
        }

        void upload(Path jar) throws IOException, InterruptedException {
            HttpResponse<String> response =
                    send("POST", "/api/adapters", BodyPublishers.ofFile(jar), "application/java-archive");
            if (!List.of(200, 201).contains(response.statusCode())) {
                throw unexpected("POST", "/api/adapters", response);
            }
        }

        /** Calls until it is answered with {@code status}. */
        void until(String method, String path, int status) throws IOException, InterruptedException {
            long end = System.nanoTime() + LIMIT.toNanos();
            HttpResponse<String> response = send(method, path, BodyPublishers.noBody(), "application/json");
            while (response.statusCode() != status) {
                if (System.nanoTime() > end) {
                    throw unexpected(method, path, response);
                }
                Thread.sleep(POLL);
                response = send(method, path, BodyPublishers.noBody(), "application/json");
            }
        }

        private static BuildFailure unexpected(String method, String path, HttpResponse<String> response) {
            return new BuildFailure("the training run for the AOT cache failed: " + method + " " + path
                    + " was answered " + response.statusCode() + " " + response.body());
        }
    }
}
