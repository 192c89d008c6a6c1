package io.maestro.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * Prepares a new data folder for a first look: trusts the publisher of the shipped adapters and drops the default storage
 * adapter in. It does so over REST and through the drop folder, as any operator would; the server knows nothing of it.
 */
final class Demo {
    private static final System.Logger LOG = System.getLogger(Demo.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Home home;
    private final DataFolder data;

    Demo(Home home, DataFolder data) {
        this.home = home;
        this.data = data;
    }

    /** Does its work once, on a data folder that no node was started on before. Never fails the start. */
    void prepare(URI address) throws InterruptedException {
        Path token = data.resolve("bootstrap-token");
        if (!data.fresh() || !Files.exists(token) || !Files.exists(home.publisher())) {
            return;
        }
        try {
            if (trust(address, Files.readString(token).strip())) {
                drop();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the shipped adapters were not prepared", e);
        }
    }

    private boolean trust(URI address, String token) throws IOException, InterruptedException {
        String body = "{\"name\":\"maestro\",\"certificate\":\""
                + Files.readString(home.publisher()).replace("\r", "").replace("\n", "\\n") + "\"}";
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/publishers"))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "demo-publisher")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                return true;
            }
            LOG.log(Level.WARNING, "the publisher of the shipped adapters is not trusted: {0}", response.body());
            return false;
        }
    }

    private void drop() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home.signedAdapters(), "*storage.file*.jar")) {
            for (Path jar : jars) {
                Path copy = Files.copy(jar, data.resolve("incoming").resolve("demo-" + jar.getFileName()));
                Files.move(copy, data.resolve("deploy").resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
