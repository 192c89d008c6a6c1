package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A real Azure Blob server: npm's {@code azurite}, with an account of its own. Needs Node, and in the module that uses it the
 * execution {@code azurite} of {@code exec-maven-plugin}.
 *
 * <p>Not thread-safe. Closing it ends the process; so does the end of this one.
 */
public final class Azurite implements AutoCloseable {
    /** The storage account. */
    public static final String ACCOUNT = "maestrotests";

    /** A key of the account. */
    public static final String ACCOUNT_KEY =
            Base64.getEncoder().encodeToString("a-key-of-tests-only-a-key-of-tests-only".getBytes(UTF_8));

    private static final String VERSION = "2021-12-02";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final int port;
    private final PeerProcess process;
    private final HttpClient client = HttpClient.newHttpClient();

    private Azurite(int port, PeerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts one that keeps its blobs and its log below {@code folder}, and waits until it answers. */
    public static Azurite start(Path folder) throws IOException, InterruptedException {
        Path installed = Peers.installed("azurite", "azurite of exec-maven-plugin");
        Path own = Files.createDirectories(folder.toAbsolutePath().resolve("blobs"));
        int port = Peers.freePort();
        PeerProcess process = PeerProcess.start(
                "azurite",
                own,
                folder.toAbsolutePath().resolve("azurite.log"),
                Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + ACCOUNT_KEY),
                List.of(
                        "node",
                        installed
                                .resolve("node_modules/azurite/dist/src/blob/main.js")
                                .toString(),
                        "--silent",
                        "--disableTelemetry",
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        own.toString()));
        Azurite server = new Azurite(port, process);
        server.awaitAnswer();
        return server;
    }

    /** Where it listens, without a slash at the end; the account stands in the path. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Makes a container. */
    public void createContainer(String name) throws IOException, InterruptedException {
        HttpResponse<String> made = asked("PUT", name);
        if (made.statusCode() != 201) {
            throw new IOException("no container " + name + ": " + made.statusCode() + " " + made.body());
        }
    }

    /** Ends the server at once, as a crash would; what it had not written to its folder yet is lost. */
    public void kill() {
        process.kill();
    }

    /** Without a signature the answer is a refusal. */
    private void awaitAnswer() throws IOException, InterruptedException {
        process.awaitAnswer(endpoint().resolve("/" + ACCOUNT + "/none/none"), Duration.ofMinutes(2), 403);
    }

    private HttpResponse<String> asked(String method, String container) throws IOException, InterruptedException {
        String date = DATE.format(InstantSource.system().instant());
        String path = "/" + ACCOUNT + "/" + container;
        String text = method + "\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:" + date + "\nx-ms-version:" + VERSION + "\n/"
                + ACCOUNT + path + "\nrestype:container";
        HttpRequest request = HttpRequest.newBuilder(endpoint().resolve(path + "?restype=container"))
                .header("x-ms-date", date)
                .header("x-ms-version", VERSION)
                .header("Authorization", "SharedKey " + ACCOUNT + ":" + signature(text))
                .method(method, BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(ACCOUNT_KEY), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        process.close();
        client.shutdownNow();
    }
}
