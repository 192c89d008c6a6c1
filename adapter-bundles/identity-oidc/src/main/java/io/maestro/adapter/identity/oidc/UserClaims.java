package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.ProblemException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the provider says of a person beside the id token (OpenID Connect Core 5.3). Only when it is asked for in the configuration;
 * what stands in the id token goes before it.
 */
final class UserClaims {
    /** These say something of a token, and are nothing that one knows of a person. */
    private static final Set<String> OF_A_TOKEN = Set.of(
            "iss",
            "aud",
            "exp",
            "iat",
            "nbf",
            "jti",
            "azp",
            "nonce",
            "at_hash",
            "c_hash",
            "auth_time",
            "acr",
            "amr",
            "sid");

    private static final String EMAIL_VERIFIED = "email_verified";

    private final Settings settings;
    private final Published<Metadata> metadata;
    private final Connection connection;

    UserClaims(Settings settings, Published<Metadata> metadata, Connection connection) {
        this.settings = settings;
        this.metadata = metadata;
        this.connection = connection;
    }

    /**
     * The claims of an id token with what the provider says beside them.
     *
     * @param grant what the token endpoint answered
     */
    Claims joined(Claims idToken, Connection.Answer grant, Instant deadline) {
        if (!settings.userinfo()) {
            return idToken;
        }
        if (!(grant.json().get("access_token") instanceof String accessToken)) {
            throw unavailable("the provider gave no access token, by which it could be asked for more");
        }
        Claims told = asked(accessToken, deadline);
        if (!told.text("sub").equals(idToken.text("sub"))) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_NONCE_MISMATCH,
                    "the provider's userinfo is of another person than the id token",
                    "Log in again; if it happens again, somebody changes the provider's answers.");
        }
        Map<String, Object> all = new HashMap<>(told.all());
        all.keySet().removeAll(OF_A_TOKEN);
        all.putAll(idToken.all());
        // whichever of the two has the address: that it is not verified counts
        if (told.isFalse(EMAIL_VERIFIED)) {
            all.put(EMAIL_VERIFIED, false);
        }
        return new Claims(all);
    }

    private Claims asked(String accessToken, Instant deadline) {
        Connection.Answer answer;
        try {
            answer = connection.get(endpoint(deadline), "Bearer " + accessToken, deadline);
        } catch (ProblemException e) {
            throw Login.unanswered(e);
        }
        if (answer.status() >= 500 || answer.status() == 429) {
            throw Failures.loginLater("the provider said " + answer.status() + " when it was asked for its userinfo");
        }
        if (answer.status() != 200) {
            throw unavailable("the userinfo endpoint of the provider said " + answer.status());
        }
        if (!(answer.json().get("sub") instanceof String)) {
            throw unavailable("the provider's userinfo is no JSON object with a sub; a signed one is not read");
        }
        return new Claims(answer.json());
    }

    private URI endpoint(Instant deadline) {
        return settings.endpoint(
                settings.userinfoUrl(),
                () -> metadata.any(deadline).userinfo(),
                "userinfo_endpoint",
                "tells of people",
                "userinfoUrl");
    }

    private static ProblemException unavailable(String detail) {
        return Failures.problem(
                IdentityProblem.LOGIN_UNAVAILABLE,
                detail,
                "Check the userinfoUrl of the instance and the client at the provider, or set userinfo to false.");
    }
}
