package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Asks the provider about bearer tokens that cannot be read here (RFC 7662). Only when it is asked for in the configuration, and never
 * about a JWT: that is checked by the provider's keys, and needs no provider that is up.
 */
final class Introspection {
    /** A JWS in its compact form has three parts; what is beside these characters no provider gives out (RFC 6750 §2.1). */
    private static final Pattern OPAQUE = Pattern.compile("(?![^.]*\\.[^.]*\\.[^.]*$)[A-Za-z0-9._~+/-]+=*");

    /** Anybody can bring a text that may be a token; so many of them at once are asked about, and no more. */
    private static final int AT_ONCE = 16;

    private final Semaphore asking = new Semaphore(AT_ONCE);
    private final Settings settings;
    private final Published<Metadata> metadata;
    private final Connection connection;
    private final ClientProof proof;
    private final InstantSource clock;

    Introspection(
            Settings settings,
            Published<Metadata> metadata,
            Connection connection,
            ClientProof proof,
            InstantSource clock) {
        this.settings = settings;
        this.metadata = metadata;
        this.connection = connection;
        this.proof = proof;
        this.clock = clock;
    }

    /** Whether the provider is to be asked about this token. */
    boolean isFor(String token) {
        return settings.introspection() && OPAQUE.matcher(token).matches();
    }

    /** What the provider says of the token, once it says that it is good, and it is good for us. */
    Claims bearer(String token, Instant deadline) {
        if (!asking.tryAcquire()) {
            throw Problem.of(
                            IdentityProblem.LOGIN_UNAVAILABLE,
                            "the provider is being asked about " + AT_ONCE + " tokens already",
                            "Try again in a moment.")
                    .with(Retry.after(Duration.ofSeconds(1)))
                    .asException();
        }
        Connection.Answer answer;
        try {
            answer = asked(token, deadline);
        } finally {
            asking.release();
        }
        if (answer.status() >= 500 || answer.status() == 429) {
            throw Failures.unreachable("the provider said " + answer.status() + " when it was asked about a token")
                    .with(Retry.after(Duration.ofSeconds(2)))
                    .asException();
        }
        if (answer.status() != 200 || !(answer.json().get("active") instanceof Boolean active)) {
            throw Failures.misconfigured(
                    "the introspection endpoint of the provider said " + answer.status()
                            + (answer.status() == 200 ? " without telling whether the token is active" : ""),
                    "Check the introspectionUrl and the clientSecret of the instance, and that the client may introspect.");
        }
        if (!active) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_EXPIRED,
                    "the provider says that the token is not active: it has expired, was revoked, or is none of its own",
                    "Ask the provider for a new token.");
        }
        return checked(answer.json());
    }

    private Connection.Answer asked(String token, Instant deadline) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", token);
        form.put("token_type_hint", "access_token");
        Metadata provider = metadata.any(deadline);
        String authorization = proof.addTo(form, provider);
        URI endpoint = settings.endpoint(
                settings.introspectionUrl(),
                provider::introspection,
                "introspection_endpoint",
                "is asked about tokens",
                "introspectionUrl");
        return connection.post(endpoint, Connection.form(form), authorization, deadline);
    }

    /** The same is demanded as of a JWT; a provider may leave out who it is and since when a token is. */
    private Claims checked(Map<String, Object> told) {
        Map<String, Object> all = new HashMap<>(told);
        all.putIfAbsent("iss", settings.issuer());
        all.putIfAbsent("iat", clock.instant().getEpochSecond());
        Claims claims = new Claims(all);
        if (!claims.optionalText("token_type").orElse("").equalsIgnoreCase("Bearer")) {
            // refresh tokens are introspected as well, and are no tokens to call with
            throw Failures.problem(
                    IdentityProblem.TOKEN_TYPE_NOT_ALLOWED,
                    "the provider does not say that the token is of the type Bearer",
                    "Send an access token.");
        }
        settings.checkTimesAndIssuer(claims, clock.instant());
        if (!claims.has("aud") || claims.texts("aud").stream().noneMatch(settings.audiences()::contains)) {
            throw Problem.of(
                            IdentityProblem.TOKEN_AUDIENCE_WRONG,
                            "the provider does not say that the token is meant for one of the audiences of the instance",
                            "Ask the provider for a token for one of: " + String.join(", ", settings.audiences()) + ".")
                    .asException();
        }
        return claims;
    }
}
