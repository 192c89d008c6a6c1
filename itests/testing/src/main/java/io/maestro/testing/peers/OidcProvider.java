package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real OpenID Connect provider: npm's {@code oidc-provider}, as {@code partner-devkit/peers/oidc-provider/server.js}
 * configures it. It knows {@code alice} and {@code bob} and asks for no password. Needs Node, and in the module that uses it
 * the execution {@code oidc-provider} of {@code exec-maven-plugin}.
 *
 * <p>Not thread-safe, but the methods that ask the server may be called concurrently. Closing it ends the process; so does
 * the end of this one.
 */
public final class OidcProvider implements AutoCloseable {
    /** The confidential client. */
    public static final String CLIENT_ID = "maestro";

    /** Its secret. */
    public static final String CLIENT_SECRET = "a-client-secret-of-tests-only";

    /** The public client, for logins at a command line: any port of the path {@code /callback} on this machine. */
    public static final String CLI_CLIENT_ID = "maestro-cli";

    /** The audience of access tokens. */
    public static final String AUDIENCE = "maestro";

    /** The claim with the groups of a person or program: {@code maestro-admins} or {@code maestro-developers}. */
    public static final String ROLES_CLAIM = "roles";

    private final int port;
    private final PeerProcess process;
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    private OidcProvider(int port, PeerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts one that writes its log below {@code folder}, and waits until it answers. */
    public static OidcProvider start(Path folder) throws IOException, InterruptedException {
        return start(folder, List.of(), Duration.ofMinutes(10));
    }

    /**
     * Starts one. Its confidential client may log in from these addresses too, where one that ends in {@code /*} stands for
     * all directly below; access tokens live for so long.
     */
    public static OidcProvider start(Path folder, List<URI> redirectUris, Duration tokens)
            throws IOException, InterruptedException {
        Path installed = Peers.installed("oidc-provider", "oidc-provider of exec-maven-plugin");
        Files.createDirectories(folder);
        int port = Peers.freePort();
        PeerProcess process = PeerProcess.start(
                "oidc-provider",
                installed,
                folder.toAbsolutePath().resolve("oidc-provider.log"),
                Map.of(
                        "PORT",
                        Integer.toString(port),
                        "TOKEN_SECONDS",
                        Long.toString(tokens.toSeconds()),
                        "REDIRECT_URIS",
                        redirectUris.stream().map(URI::toString).collect(Collectors.joining(" "))),
                List.of("node", "server.js"));
        OidcProvider provider = new OidcProvider(port, process);
        process.awaitAnswer(URI.create(provider.issuer() + "/.well-known/openid-configuration"), Duration.ofMinutes(2));
        return provider;
    }

    /** Its name, as it stands in tokens. */
    public String issuer() {
        return "http://127.0.0.1:" + port;
    }

    /** An address that the confidential client may log in from; a page is there. */
    public URI callback() {
        return URI.create(issuer() + "/test/callback");
    }

    /** An access token of the confidential client itself, a program with the group {@code maestro-developers}. */
    public String token() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder().encodeToString((CLIENT_ID + ":" + CLIENT_SECRET).getBytes(UTF_8)))
                .POST(BodyPublishers.ofString(
                        "grant_type=client_credentials&resource=" + URLEncoder.encode("urn:maestro", UTF_8)))
                .build();
        return field(client.send(request, BodyHandlers.ofString()), "access_token");
    }

    /** Logs a person in with a browser that begins at {@code url}, and gives the address that it was sent back to. */
    public URI logIn(URI url, String person) throws IOException, InterruptedException {
        return new Browser(List.of(issuer())).follow(url, page -> URI.create(page + "?login=" + person));
    }

    /** An access token of a person, by a login with the public client. */
    public String token(String person) throws IOException, InterruptedException {
        String verifier = "a-verifier-of-tests-only-a-verifier-of-tests-only";
        String callback = "http://127.0.0.1:39999/callback";
        URI back = logIn(
                URI.create(issuer() + "/auth?response_type=code&client_id=" + CLI_CLIENT_ID + "&redirect_uri="
                        + URLEncoder.encode(callback, UTF_8)
                        + "&scope=openid+profile+email&code_challenge_method=S256&code_challenge="
                        + Browser.challenge(verifier)),
                person);
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer() + "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=authorization_code&client_id=" + CLI_CLIENT_ID + "&code="
                        + Browser.parameter(back, "code") + "&code_verifier=" + verifier + "&redirect_uri="
                        + URLEncoder.encode(callback, UTF_8)))
                .build();
        return field(client.send(request, BodyHandlers.ofString()), "access_token");
    }

    /** Lets a new key sign from now on, and keeps the old ones published. Gives the new key's id. */
    public String rotate() throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(issuer() + "/test/rotate"))
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** How often somebody has fetched the keys. */
    public int keyFetches() throws IOException, InterruptedException {
        return Integer.parseInt(client.send(
                        HttpRequest.newBuilder(URI.create(issuer() + "/test/key-fetches"))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    /** Ends the server at once, as a crash would. */
    public void kill() {
        process.kill();
    }

    /** Starts the server again at the same port with new keys, after {@link #kill}. */
    public void restart() throws IOException, InterruptedException {
        process.restart();
        process.awaitAnswer(URI.create(issuer() + "/.well-known/openid-configuration"), Duration.ofMinutes(2));
    }

    @Override
    public void close() {
        process.close();
        client.shutdownNow();
    }

    static String field(HttpResponse<String> response, String name) throws IOException {
        try {
            if (response.statusCode() == 200
                    && JSONObjectUtils.parse(response.body()).get(name) instanceof String text) {
                return text;
            }
        } catch (ParseException e) {
            throw new IOException("no JSON: " + response.body(), e);
        }
        throw new IOException(response.uri() + " answered " + response.statusCode() + " " + response.body());
    }
}
