package io.maestro.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders.Description;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.IdentityProviders.Settings;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls instances of the type {@code identity} by name, as everybody else does: bounded by the host. What they answer is
 * not believed further than this server needs it.
 */
final class ProviderCalls {
    private static final System.Logger LOG = System.getLogger(ProviderCalls.class.getName());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_TEXT = 256;
    private static final int LONGEST_URI = 2048;
    private static final int MOST = 64;
    private static final String LOGIN_UNAVAILABLE = "login-unavailable";
    private static final int LARGEST_ATTRIBUTES = 2 * 1024;

    private final Supplier<@Nullable Calls> host;
    private final Complaints complaints;

    /** Calls through a host that may not be there yet. */
    ProviderCalls(Supplier<@Nullable Calls> host, Complaints complaints) {
        this.host = host;
        this.complaints = complaints;
    }

    /**
     * What an instance is, and how it says that it is configured.
     *
     * @param fingerprint of the very instance that said so
     */
    record Described(Description description, Digest fingerprint) {}

    /** Asks how an instance is configured. */
    Described describe(Scope scope, InstanceId instance, String correlationId) {
        Digest fingerprint;
        try {
            fingerprint = calls().fingerprint(scope, instance);
        } catch (ProblemException e) {
            if (e.problem().code().equals(AdapterProblem.INSTANCE_UNSETTLED.code())) {
                throw e;
            }
            throw unavailable(
                    instance + " of " + scope.environment() + " answers "
                            + e.problem().code(),
                    e);
        }
        JsonNode answer = call(scope, instance, fingerprint, "describe", JSON.createObjectNode(), correlationId);
        return new Described(
                new Description(
                        text(answer, "issuer", LONGEST_URI),
                        text(answer, "clientId", 512),
                        texts(answer.path("scopes")),
                        texts(answer.path("audiences")),
                        answer.path("login").asBoolean()),
                fingerprint);
    }

    /** What an instance is now; null when it does not run, or not as it is configured. */
    @Nullable
    Digest fingerprint(Scope scope, InstanceId instance) {
        try {
            return calls().fingerprint(scope, instance);
        } catch (ProblemException e) {
            return null;
        }
    }

    /** Asks whose token this is. */
    Verdict validate(IdentityProvider provider, String token, String correlationId) {
        return forStrangers(
                provider,
                correlationId,
                () -> verdict(
                        provider, "validate_token", JSON.createObjectNode().put("token", token), correlationId));
    }

    /** Asks for the address at which somebody logs in. */
    URI begin(IdentityProvider provider, LoginSeal.Login login, URI callback, String correlationId) {
        return forStrangers(provider, correlationId, () -> address(provider, login, callback, correlationId));
    }

    private URI address(IdentityProvider provider, LoginSeal.Login login, URI callback, String correlationId) {
        JsonNode answer = ask(
                provider,
                "begin_login",
                JSON.createObjectNode()
                        .put("redirectUri", callback.toString())
                        .put("state", login.state())
                        .put("nonce", login.nonce())
                        .put("codeChallenge", login.challenge()),
                correlationId);
        try {
            URI address = URI.create(text(answer, "url", 8 * 1024));
            if ("https".equals(address.getScheme()) || "http".equals(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw unavailable("it gave no address to log in at", e);
        }
        throw unavailable("it gave no address to log in at", null);
    }

    /** Redeems the code of a login. */
    Verdict complete(
            IdentityProvider provider,
            LoginSeal.Login login,
            String code,
            @Nullable String issuer,
            URI callback,
            String correlationId) {
        ObjectNode input = JSON.createObjectNode()
                .put("code", code)
                .put("redirectUri", callback.toString())
                .put("codeVerifier", login.verifier())
                .put("nonce", login.nonce());
        if (issuer != null) {
            input.put("issuer", issuer);
        }
        return forStrangers(provider, correlationId, () -> verdict(provider, "complete_login", input, correlationId));
    }

    private Verdict verdict(IdentityProvider provider, String operation, ObjectNode input, String correlationId) {
        JsonNode answer;
        try {
            answer = ask(provider, operation, input, correlationId);
        } catch (Refusal e) {
            return new Verdict.Refused(e.code, e.soon);
        }
        try {
            return new Verdict.Verified(
                    text(answer, "issuer", LONGEST_URI),
                    text(answer, "subject", LONGEST_TEXT),
                    text(answer, "displayName", LONGEST_TEXT),
                    texts(answer.path("roles")),
                    attributes(answer.path("attributes")),
                    Instant.parse(answer.path("expiresAt").asText()));
        } catch (DateTimeException e) {
            throw unavailable("it does not say until when its answer holds", e);
        }
    }

    /**
     * Asks the instance on behalf of somebody who is not known yet. It says who may do what, so it is believed only as what
     * it was when somebody agreed to it who may grant that: whoever may configure instances may not.
     */
    private JsonNode ask(IdentityProvider provider, String operation, ObjectNode input, String correlationId) {
        Settings settings = provider.settings();
        Digest fingerprint = provider.agreed();
        if (fingerprint == null) {
            throw unconfirmed(null);
        }
        return call(settings.scope(), settings.instance(), fingerprint, operation, input, correlationId);
    }

    private Calls calls() {
        Calls calls = host.get();
        if (calls == null) {
            throw unavailable("adapters are not served yet", null);
        }
        return calls;
    }

    private JsonNode call(
            Scope scope,
            InstanceId instance,
            Digest fingerprint,
            String operation,
            ObjectNode input,
            String correlationId) {
        CallOptions options = new CallOptions(new Actor("system:identity", correlationId), null, PATIENCE, fingerprint);
        try {
            byte[] answer =
                    calls().call(scope, instance, new OperationName(operation), JSON.writeValueAsBytes(input), options);
            return JSON.readTree(answer);
        } catch (ProblemException e) {
            String code = e.problem().code();
            if (!code.equals(LOGIN_UNAVAILABLE) && (code.startsWith("token-") || code.startsWith("login-"))) {
                throw new Refusal(code, e.problem().retry() instanceof Retry.After);
            }
            if (code.equals(AdapterProblem.INSTANCE_CHANGED.code())) {
                throw unconfirmed(e);
            }
            throw unavailable(instance + " of " + scope.environment() + " answers " + code, e);
        } catch (IOException e) {
            throw unavailable(instance + " of " + scope.environment() + " answers with malformed JSON", e);
        }
    }

    /** Whoever asks is not known yet, and must not learn which instance it is about or what ails it: the log says that. */
    private <R> R forStrangers(IdentityProvider provider, String correlationId, Supplier<R> work) {
        try {
            return work.get();
        } catch (ProblemException e) {
            complaints
                    .tell(provider.id(), e.problem().code())
                    .ifPresent(untold -> complain(provider, correlationId, e.problem(), untold));
            if (!e.problem().code().equals(IdentityProblem.IDENTITY_PROVIDER_UNAVAILABLE.code())) {
                throw e;
            }
            throw Problem.of(
                            IdentityProblem.IDENTITY_PROVIDER_UNAVAILABLE,
                            "the identity provider cannot be asked now",
                            "Try again soon; if it lasts, tell an administrator, whom the server's log says more.")
                    .with(e.problem().retry())
                    .asException(e);
        }
    }

    private static void complain(IdentityProvider provider, String correlationId, Problem problem, long untold) {
        Settings settings = provider.settings();
        ScopedLog.of(LOG, settings.scope(), settings.instance(), correlationId)
                .log(
                        System.Logger.Level.WARNING,
                        "the identity provider " + provider.name() + " vouches for nobody: " + problem.detail()
                                + (untold == 0
                                        ? ""
                                        : "; so it was " + untold + " more times since this was last told"));
    }

    private static ProblemException unconfirmed(@Nullable Exception cause) {
        Problem problem = Problem.of(
                IdentityProblem.IDENTITY_PROVIDER_UNCONFIRMED,
                "what stands behind the identity provider was changed, and nobody who may grant its roles has agreed",
                "Have an administrator look at its instance, then enable the identity provider again.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    static ProblemException unavailable(String why, @Nullable Exception cause) {
        Problem problem = Problem.of(
                        IdentityProblem.IDENTITY_PROVIDER_UNAVAILABLE,
                        "the identity provider cannot be asked now: " + why,
                        "Try again soon; if it lasts, look at the instance that stands for the provider.")
                .with(Retry.after(Duration.ofSeconds(2)));
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    /** The instance knows, and says no. Never leaves this class. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String code;
        private final boolean soon;

        Refusal(String code, boolean soon) {
            super(code, null, false, false);
            this.code = code;
            this.soon = soon;
        }
    }

    private static String text(JsonNode answer, String name, int longest) {
        String text = answer.path(name).asText();
        if (text.isEmpty() || text.length() > longest || text.indexOf('\0') >= 0) {
            throw unavailable("its answer has no " + name + " that can be used", null);
        }
        return text;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            String text = item.asText();
            if (texts.size() == MOST || text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0) {
                throw unavailable("its answer is too long", null);
            }
            texts.add(text);
        }
        return texts;
    }

    private static Map<String, List<String>> attributes(JsonNode object) {
        Map<String, List<String>> attributes = new HashMap<>();
        int size = 0;
        for (Map.Entry<String, JsonNode> attribute : object.properties()) {
            List<String> values = texts(attribute.getValue());
            size += attribute.getKey().length()
                    + values.stream().mapToInt(String::length).sum();
            attributes.put(attribute.getKey(), values);
        }
        if (attributes.size() > MOST || size > LARGEST_ATTRIBUTES) {
            throw unavailable("its answer is too long", null);
        }
        return attributes;
    }
}
