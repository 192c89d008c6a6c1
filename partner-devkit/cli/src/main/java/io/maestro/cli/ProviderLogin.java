package io.maestro.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Logs a person in at an identity provider, as RFC 8252 has it for programs on one's own machine: in the person's browser,
 * with PKCE, and back to a port of this machine. The token never passes through the server that it is for.
 */
final class ProviderLogin implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final SecureRandom random = new SecureRandom();
    private final Terminal terminal;
    private final Duration limit;

    /** Gives the person {@code limit} to log in. */
    ProviderLogin(Terminal terminal, Duration limit) {
        this.terminal = terminal;
        this.limit = limit;
    }

    /**
     * Has the person log in and gives the access token.
     *
     * @param provider as the server describes it
     * @param clientId what the provider knows this program as; null when it is the same as for the server
     */
    String token(JsonNode provider, @Nullable String clientId) {
        String issuer = provider.path("issuer").asText();
        JsonNode discovered = discover(issuer);
        String client = clientId == null ? provider.path("clientId").asText() : clientId;
        String verifier = secret();
        String state = secret();
        try (Loopback loopback = Loopback.open(state, issuer)) {
            Map<String, String> question = new LinkedHashMap<>();
            question.put("response_type", "code");
            question.put("client_id", client);
            question.put("redirect_uri", loopback.address());
            question.put("scope", scopes(provider));
            question.put("state", state);
            question.put("code_challenge", challenge(verifier));
            question.put("code_challenge_method", "S256");
            question.putAll(resource(provider));
            URI authorization = endpoint(discovered, "authorization_endpoint");
            show(authorization + (authorization.getRawQuery() == null ? "?" : "&") + form(question));
            String code = loopback.code(limit);

            Map<String, String> redemption = new LinkedHashMap<>();
            redemption.put("grant_type", "authorization_code");
            redemption.put("code", code);
            redemption.put("redirect_uri", loopback.address());
            redemption.put("client_id", client);
            redemption.put("code_verifier", verifier);
            redemption.putAll(resource(provider));
            JsonNode answer = send(HttpRequest.newBuilder(endpoint(discovered, "token_endpoint"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Accept", "application/json")
                    .POST(BodyPublishers.ofString(form(redemption), US_ASCII)));
            String token = answer.path("access_token").asText();
            if (token.isEmpty()) {
                throw refused("it gave no access token");
            }
            return token;
        }
    }

    private JsonNode discover(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        JsonNode discovered = send(HttpRequest.newBuilder(safe(base + "/.well-known/openid-configuration"))
                .header("Accept", "application/json")
                .GET());
        if (!discovered.path("issuer").asText().equals(issuer)) {
            throw refused("it calls itself by another name than " + issuer);
        }
        return discovered;
    }

    private static URI endpoint(JsonNode discovered, String name) {
        return safe(discovered.path(name).asText());
    }

    /** What is secret goes over https, or stays on this machine. */
    private static URI safe(String text) {
        try {
            URI address = URI.create(text);
            boolean here = "http".equals(address.getScheme())
                    && address.getHost() != null
                    && InetAddress.getByName(address.getHost()).isLoopbackAddress();
            if (address.getHost() != null && ("https".equals(address.getScheme()) || here)) {
                return address;
            }
        } catch (IllegalArgumentException | IOException e) {
            throw refused("\"" + Output.clean(text) + "\" is not an address");
        }
        throw refused(Output.clean(text) + " is neither https nor on this machine");
    }

    private static String scopes(JsonNode provider) {
        StringBuilder scopes = new StringBuilder();
        provider.path("scopes")
                .forEach(scope -> scopes.append(scopes.isEmpty() ? "" : " ").append(scope.asText()));
        return scopes.isEmpty() ? "openid" : scopes.toString();
    }

    /** Names what the token is for where that has an address (RFC 8707); providers that know no such thing ignore it. */
    private static Map<String, String> resource(JsonNode provider) {
        for (JsonNode audience : provider.path("audiences")) {
            if (audience.asText().matches("(https?://|urn:)[!-~]+")) {
                return Map.of("resource", audience.asText());
            }
        }
        return Map.of();
    }

    /** Opens the browser that the variable BROWSER names, and prints the address for those who have none here. */
    private void show(String address) {
        terminal.err().println("Log in at this address:");
        terminal.err().println();
        terminal.err().println("  " + Output.clean(address));
        terminal.err().println();
        String browser = terminal.environment().get("BROWSER");
        if (browser == null || browser.isBlank()) {
            return;
        }
        try {
            new ProcessBuilder(browser, address)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            terminal.err()
                    .println("The browser " + Output.clean(browser) + " cannot be started; open the address yourself.");
        }
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(PATIENCE).build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                JsonNode answer = JSON.readTree(in.readNBytes(LARGEST_ANSWER));
                if (response.statusCode() != 200) {
                    throw refused("it answered " + response.statusCode() + " "
                            + Output.clean(answer.path("error").asText()));
                }
                return answer;
            }
        } catch (JsonProcessingException e) {
            throw refused(Output.clean(request.uri().toString()) + " answers with something else than JSON");
        } catch (IOException e) {
            // a refused connection has no message of its own
            String why = e.getMessage() == null ? "there is no connection" : Output.clean(e.getMessage());
            throw refused(Output.clean(request.uri().toString()) + " does not answer: " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", e);
        }
    }

    static Failure refused(String why) {
        return Failure.of(
                Exit.DENIED,
                Failure.local(
                        "cli-login-failed",
                        "The login failed",
                        "the identity provider does not log you in: " + why,
                        "Try again; if it lasts, ask whoever runs the identity provider."));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
