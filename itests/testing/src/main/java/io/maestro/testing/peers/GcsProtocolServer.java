package io.maestro.testing.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A protocol server of Google Cloud Storage, written from the public description: {@code partner-devkit/peers/gcs}. It is not
 * Google's, since none is to be had; Google's own client is what it is held against. Needs Node, and
 * in the module that uses it the execution {@code gcs} of {@code exec-maven-plugin}.
 *
 * <p>Not thread-safe, but the methods that ask the server may be called concurrently. Closing it ends the process; so does
 * the end of this one.
 */
public final class GcsProtocolServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final int port;
    private final Path installed;
    private final PeerProcess process;
    private final HttpClient client = HttpClient.newHttpClient();

    private GcsProtocolServer(int port, Path installed, PeerProcess process) {
        this.port = port;
        this.installed = installed;
        this.process = process;
    }

    /** Starts one that keeps the bytes of objects and its log below {@code folder}, and waits until it answers. */
    public static GcsProtocolServer start(Path folder) throws IOException, InterruptedException {
        Path installed = Peers.installed("gcs", "gcs of exec-maven-plugin");
        Path own = Files.createDirectories(folder.toAbsolutePath().resolve("objects"));
        int port = Peers.freePort();
        PeerProcess process = PeerProcess.start(
                "gcs-protocol-server",
                installed,
                folder.toAbsolutePath().resolve("gcs.log"),
                Map.of("PORT", Integer.toString(port), "FOLDER", own.toString()),
                List.of("node", "server.js"));
        GcsProtocolServer server = new GcsProtocolServer(port, installed, process);
        process.awaitAnswer(server.endpoint().resolve("/"), Duration.ofMinutes(2));
        return server;
    }

    /** Where it listens, without a slash at the end. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where it gives access tokens. */
    public URI tokenEndpoint() {
        return endpoint().resolve("/token");
    }

    /** Where it is installed, with Google's client beside it. */
    public Path installed() {
        return installed;
    }

    /** Makes a bucket. */
    public void createBucket(String name) throws IOException, InterruptedException {
        control("buckets", Map.of("name", name));
    }

    /** The key file of a new account that may do everything with objects. */
    public String account() throws IOException, InterruptedException {
        return account("user");
    }

    /** The key file of a new account with a role: {@code user}, {@code viewer}, {@code none}, or {@code unknown} to the server. */
    public String account(String role) throws IOException, InterruptedException {
        return control("accounts", Map.of("role", role)).toString();
    }

    /** Something goes wrong once: see {@code controls.js}. */
    public void fault(Map<String, ?> fault) throws IOException, InterruptedException {
        control("faults", fault);
    }

    /** No access token is good any longer. */
    public void revokeTokens() throws IOException, InterruptedException {
        control("revoke", Map.of());
    }

    /** So long live the access tokens that it gives from now on. */
    public void tokenSeconds(int seconds) throws IOException, InterruptedException {
        control("token-seconds", Map.of("seconds", seconds));
    }

    /** How many access tokens it has given. */
    public int tokens() throws IOException, InterruptedException {
        return control("counts", Map.of()).path("tokens").asInt();
    }

    /** Ends the server at once, as a crash would. */
    public void kill() {
        process.kill();
    }

    private JsonNode control(String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(endpoint().resolve("/test/" + path))
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        process.close();
        client.shutdownNow();
    }
}
