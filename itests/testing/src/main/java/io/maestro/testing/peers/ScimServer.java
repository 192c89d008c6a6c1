package io.maestro.testing.peers;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real SCIM 2.0 server: npm's {@code scimmy} on express, as {@code partner-devkit/peers/scim/server.js} configures it, with
 * any number of directories in memory. Needs Node, and in the module that uses it the execution {@code scim} of {@code
 * exec-maven-plugin}.
 *
 * <p>Not thread-safe, but the methods that ask the server may be called concurrently. Closing it ends the process; so does
 * the end of this one.
 */
public final class ScimServer implements AutoCloseable {
    private final int port;
    private final PeerProcess process;
    private final HttpClient client = HttpClient.newHttpClient();

    private ScimServer(int port, PeerProcess process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Where a directory is and what opens it.
     *
     * @param baseUrl the address that the endpoints are below
     * @param token the bearer token
     */
    public record Directory(URI baseUrl, String token) {}

    /** Starts one that writes its log below {@code folder}, and waits until it answers. */
    public static ScimServer start(Path folder) throws IOException, InterruptedException {
        return start(folder, Map.of());
    }

    /** Starts one without ETags, as many directories are. */
    public static ScimServer withoutEtags(Path folder) throws IOException, InterruptedException {
        return start(folder, Map.of("ETAGS", "false"));
    }

    private static ScimServer start(Path folder, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path installed = Peers.installed("scim", "scim of exec-maven-plugin");
        Files.createDirectories(folder);
        int port = Peers.freePort();
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("PORT", Integer.toString(port));
        PeerProcess process = PeerProcess.start(
                "scim",
                installed,
                folder.toAbsolutePath().resolve("scim.log"),
                environment,
                List.of("node", "server.js"));
        ScimServer server = new ScimServer(port, process);
        process.awaitAnswer(server.address("/test/ready"), Duration.ofMinutes(2));
        return server;
    }

    /** Makes an empty directory with a token of its own. */
    public Directory newDirectory() throws IOException, InterruptedException {
        Map<String, Object> made = json(send("POST", "/test/directories", "{}", ""), 201);
        return new Directory(address(String.valueOf(made.get("path"))), String.valueOf(made.get("token")));
    }

    /** Makes a group without members and gives its id. */
    public String newGroup(Directory directory, String name) throws IOException, InterruptedException {
        String body = JSONObjectUtils.toJSONString(
                Map.of("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:Group"), "displayName", name));
        HttpResponse<String> made = send("POST", directory.baseUrl().getPath() + "/Groups", body, directory.token());
        return String.valueOf(json(made, 201).get("id"));
    }

    /** Lets the next requests run into a fault, as {@code server.js} describes it: {@code {"status": 503, "times": 2}}. */
    public void fault(Map<String, Object> fault) throws IOException, InterruptedException {
        HttpResponse<String> taken = send("POST", "/test/faults", JSONObjectUtils.toJSONString(fault), "");
        if (taken.statusCode() != 204) {
            throw new IOException("the fault was not taken: " + taken.statusCode() + " " + taken.body());
        }
    }

    /** Ends the server at once, as a crash would; the directories are lost. */
    public void kill() {
        process.kill();
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static Map<String, Object> json(HttpResponse<String> response, int status) throws IOException {
        try {
            if (response.statusCode() == status) {
                return JSONObjectUtils.parse(response.body());
            }
        } catch (ParseException e) {
            throw new IOException("no JSON: " + response.body(), e);
        }
        throw new IOException(response.uri() + " answered " + response.statusCode() + " " + response.body());
    }

    @Override
    public void close() {
        process.close();
        client.shutdownNow();
    }
}
