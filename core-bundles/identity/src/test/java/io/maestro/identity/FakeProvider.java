package io.maestro.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Instances of the type {@code identity} that keep its contract without any cryptography: each answers for the issuer
 * {@code https://INSTANCE.example} and takes the tokens that {@link #token} made for it, while they last.
 */
final class FakeProvider implements Calls {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The operations that were called, in order. */
    final List<String> called = new CopyOnWriteArrayList<>();

    /** Instances that do not run. */
    final Set<String> down = ConcurrentHashMap.newKeySet();

    /** Instances that do not run as they are configured. */
    final Set<String> unsettled = ConcurrentHashMap.newKeySet();

    /** What happens within each validation; for tests that keep it waiting. */
    volatile Runnable within = () -> {};

    /** What happens before each login is confirmed. */
    volatile Runnable beforeLogin = () -> {};

    /** Where the last login comes back to. */
    volatile String redirectUri = "";

    /** Who logs in next. */
    volatile String subject = "ada";

    /** Instances that are no longer what they were, by how often they have changed. */
    final Map<String, Integer> changes = new ConcurrentHashMap<>();

    /** Whether a token that is refused now may be good in a moment. */
    volatile boolean keysOnTheirWay;

    /** Each attribute of everybody who is validated, and how many there are. */
    volatile String attribute = "storage";

    volatile int attributes = 1;

    private final Map<String, ObjectNode> good = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> begun = new ConcurrentHashMap<>();
    private final InstantSource clock;

    FakeProvider(InstantSource clock) {
        this.clock = clock;
    }

    /** A token that this instance takes, until it expires. */
    String token(String instance, String who, String key, Duration lifetime, String... roles) {
        Instant expiresAt = clock.instant().plus(lifetime);
        String text = forged(instance, who, key);
        good.put(instance + " " + text, identity(instance, who, expiresAt, roles));
        return text;
    }

    /** A token that says the same and that nobody signed. */
    static String forged(String instance, String who, String key) {
        return part("{\"alg\":\"RS256\",\"kid\":\"" + key + "\"}") + "."
                + part("{\"iss\":\"https://" + instance + ".example\",\"aud\":[\"maestro\"],\"sub\":\"" + who + "\"}")
                + "." + UUID.randomUUID();
    }

    /** The provider takes the token no more. */
    void forget(String token) {
        good.keySet().removeIf(key -> key.endsWith(token));
    }

    static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Digest fingerprint(Scope scope, InstanceId instance) {
        if (down.contains(instance.value())) {
            throw Problem.of(AdapterProblem.INSTANCE_NOT_RUNNING, "it is stopped", null)
                    .asException();
        }
        if (unsettled.contains(instance.value())) {
            throw Problem.of(AdapterProblem.INSTANCE_UNSETTLED, "it goes on with its old configuration", null)
                    .asException();
        }
        return fingerprintOf(scope, instance);
    }

    private Digest fingerprintOf(Scope scope, InstanceId instance) {
        return Digest.sha256(scope + "/" + instance + changes.get(instance.value()));
    }

    @Override
    public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        called.add(operation.value());
        if (down.contains(instance.value())) {
            throw Problem.of(AdapterProblem.INSTANCE_NOT_RUNNING, "it is stopped", null)
                    .asException();
        }
        if (!fingerprintOf(scope, instance).equals(options.fingerprint())) {
            throw Problem.of(AdapterProblem.INSTANCE_CHANGED, "it has changed", null)
                    .asException();
        }
        try {
            JsonNode request = JSON.readTree(input);
            return JSON.writeValueAsBytes(
                    switch (operation.value()) {
                        case "describe" -> describe(instance);
                        case "validate_token" -> validate(instance, request);
                        case "begin_login" -> begin(instance, request);
                        case "complete_login" -> complete(instance, request);
                        default -> throw new AssertionError(operation);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode describe(InstanceId instance) {
        ObjectNode answer = JSON.createObjectNode()
                .put("issuer", "https://" + instance + ".example")
                .put("clientId", "maestro-web")
                .put("login", true);
        answer.putArray("scopes").add("openid");
        answer.putArray("audiences").add("maestro");
        return answer;
    }

    private ObjectNode validate(InstanceId instance, JsonNode request) {
        within.run();
        ObjectNode known = good.get(instance + " " + request.path("token").asText());
        if (known == null) {
            throw refused("token-signature-wrong", keysOnTheirWay ? Retry.after(Duration.ofSeconds(1)) : Retry.never());
        }
        if (!clock.instant().isBefore(Instant.parse(known.path("expiresAt").asText()))) {
            throw refused("token-expired");
        }
        ObjectNode answer = known.deepCopy();
        ObjectNode all = answer.putObject("attributes");
        all.putArray("team").add(attribute);
        for (int i = 1; i < attributes; i++) {
            all.putArray("team" + i).add(attribute);
        }
        return answer;
    }

    private ObjectNode begin(InstanceId instance, JsonNode request) {
        redirectUri = request.path("redirectUri").asText();
        begun.put("code-of-" + request.path("state").asText(), request.deepCopy());
        return JSON.createObjectNode()
                .put(
                        "url",
                        "https://" + instance + ".example/authorize?state="
                                + request.path("state").asText());
    }

    private ObjectNode complete(InstanceId instance, JsonNode request) {
        beforeLogin.run();
        JsonNode before = begun.remove(request.path("code").asText());
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        Digest.sha256(request.path("codeVerifier").asText()).bytes());
        if (before == null
                || !before.path("codeChallenge").asText().equals(challenge)
                || !before.path("redirectUri").equals(request.path("redirectUri"))) {
            throw refused("login-code-refused");
        }
        if (!before.path("nonce").equals(request.path("nonce"))) {
            throw refused("token-nonce-mismatch");
        }
        return identity(instance.value(), subject, clock.instant().plusSeconds(300), "tenant_admin", "made-up");
    }

    private static ObjectNode identity(String instance, String who, Instant expiresAt, String... roles) {
        ObjectNode answer = JSON.createObjectNode()
                .put("issuer", "https://" + instance + ".example")
                .put("subject", who)
                .put("displayName", "Somebody called " + who)
                .put("issuedAt", "2026-01-01T00:00:00Z")
                .put("expiresAt", expiresAt.toString());
        Arrays.stream(roles).forEach(answer.putArray("roles")::add);
        answer.putObject("attributes").putArray("team").add("storage");
        return answer;
    }

    private static ProblemException refused(String code) {
        return refused(code, Retry.never());
    }

    private static ProblemException refused(String code, Retry retry) {
        return new Problem(code, ProblemCategory.CALLER, 422, "Refused", "it is refused", null, List.of(), retry)
                .asException();
    }

    @Override
    public byte[] upload(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            byte[] input,
            InputStream content,
            OptionalLong length,
            CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Download download(
            Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        throw new UnsupportedOperationException();
    }
}
