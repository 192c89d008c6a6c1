package io.maestro.adapter.identity.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The authorization code flow with PKCE. Remembers nothing of a login. */
final class Login {
    private static final Set<String> OUR_FAULT = Set.of("invalid_client", "unauthorized_client");

    private final Settings settings;
    private final Published<Metadata> metadata;
    private final Connection connection;
    private final Tokens tokens;
    private final ClientProof proof;
    private final UserClaims userClaims;

    Login(Settings settings, Published<Metadata> metadata, Connection connection, Tokens tokens, ClientProof proof) {
        this.settings = settings;
        this.metadata = metadata;
        this.connection = connection;
        this.tokens = tokens;
        this.proof = proof;
        this.userClaims = new UserClaims(settings, metadata, connection);
    }

    /** Where a person logs in. */
    URI begin(BeginLogin request, Instant deadline) {
        requireOffered();
        URI endpoint = metadata.any(deadline).authorization();
        if (endpoint == null) {
            throw missing("authorization_endpoint");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", settings.clientId());
        parameters.put("redirect_uri", request.redirectUri().toString());
        parameters.put("scope", String.join(" ", settings.scopes()));
        parameters.put("state", request.state());
        parameters.put("nonce", request.nonce());
        parameters.put("code_challenge", request.codeChallenge());
        parameters.put("code_challenge_method", "S256");
        return withQuery(endpoint, parameters);
    }

    /** Redeems the code, verifies the id token, and asks for more if that is wanted. */
    Claims complete(CompleteLogin request, Instant deadline) {
        requireOffered();
        if (request.issuer() != null && !request.issuer().equals(settings.issuer())) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_ISSUER_WRONG,
                    "the browser came back from another issuer",
                    "Log in again; if it happens again, somebody mixes up two providers.");
        }
        Connection.Answer answer = redeem(request, deadline);
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        if (!(answer.json().get("id_token") instanceof String idToken)) {
            throw Failures.problem(
                    IdentityProblem.LOGIN_UNAVAILABLE,
                    "the provider gave no id token",
                    "Check that the client may ask for the scope openid, and the tokenUrl of the instance.");
        }
        Tokens.Signed signed = tokens.idToken(idToken, deadline);
        if (!request.nonce().equals(signed.claims().optionalText("nonce").orElse(null))) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_NONCE_MISMATCH,
                    "the id token is of another login than the one that was begun",
                    "Log in again from the beginning, in one browser.");
        }
        signed.claims().optionalText("at_hash").ifPresent(hash -> checkHash(hash, signed, answer));
        return userClaims.joined(signed.claims(), answer, deadline);
    }

    /** Where a person logs out; null when the provider offers no such thing. */
    @Nullable
    URI end(EndSession request, Instant deadline) {
        requireOffered();
        URI endpoint = metadata.any(deadline).endSession();
        if (endpoint == null) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("client_id", settings.clientId());
        URI returnTo = request.returnTo();
        if (returnTo != null) {
            parameters.put("post_logout_redirect_uri", returnTo.toString());
        }
        return withQuery(endpoint, parameters);
    }

    private Connection.Answer redeem(CompleteLogin request, Instant deadline) {
        Metadata provider = metadata.any(deadline);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", request.code());
        form.put("redirect_uri", request.redirectUri().toString());
        form.put("code_verifier", request.codeVerifier());
        String authorization = proof.addTo(form, provider);
        URI endpoint = tokenEndpoint(provider);
        try {
            return connection.post(endpoint, Connection.form(form), authorization, deadline);
        } catch (ProblemException e) {
            throw unanswered(e);
        }
    }

    /** Nor does it count against the instance that there is no answer, or none that can be read. */
    static ProblemException unanswered(ProblemException failure) {
        if (!failure.problem().code().equals(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE.code())) {
            return failure;
        }
        return Problem.of(
                        IdentityProblem.LOGIN_UNAVAILABLE,
                        failure.problem().detail(),
                        "Log in again in a while; if it lasts, look at the provider.")
                .with(failure.problem().retry())
                .asException(failure);
    }

    private URI tokenEndpoint(Metadata provider) {
        return settings.endpoint(settings.tokenUrl(), provider::token, "token_endpoint", "redeems codes", "tokenUrl");
    }

    /**
     * What the provider says against us; its description is not passed on, for it may quote the request. Nothing of it counts
     * against the instance: whoever comes by may bring a code.
     */
    private static ProblemException refusal(Connection.Answer answer) {
        String error = answer.json().get("error") instanceof String text ? text : "";
        if (answer.status() >= 500 || answer.status() == 429) {
            return Failures.loginLater("the provider said " + answer.status() + " to the code");
        }
        if (OUR_FAULT.contains(error) || answer.status() == 401) {
            return Failures.problem(
                    IdentityProblem.LOGIN_UNAVAILABLE,
                    "the provider does not take the client's credentials",
                    "Check clientId and clientSecret of the instance, and how the client authenticates there.");
        }
        if (error.equals("invalid_grant") || error.equals("invalid_request")) {
            return Failures.problem(
                    IdentityProblem.LOGIN_CODE_REFUSED,
                    "the provider does not take the code: it was used, has expired, or belongs to another login",
                    "Log in again from the beginning.");
        }
        return Failures.problem(
                IdentityProblem.LOGIN_UNAVAILABLE,
                "the token endpoint of the provider said " + answer.status(),
                "Check the tokenUrl of the instance, and the client at the provider.");
    }

    /** The access token beside the id token has to be the one that it was made with (OpenID Connect Core 3.1.3.8). */
    private static void checkHash(String hash, Tokens.Signed signed, Connection.Answer answer) {
        String expected = answer.json().get("access_token") instanceof String accessToken
                ? hash(accessToken, signed.header().getAlgorithm().getName())
                : "";
        if (!hash.equals(expected)) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_SIGNATURE_WRONG,
                    "the id token was made with another access token",
                    "Log in again; if it happens again, somebody changes the provider's answers.");
        }
    }

    private static String hash(String accessToken, String algorithm) {
        try {
            // RS256, ES384: the number is the hash's
            byte[] hash =
                    MessageDigest.getInstance("SHA-" + algorithm.substring(2)).digest(accessToken.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void requireOffered() {
        if (!settings.login()) {
            throw Failures.problem(
                    IdentityProblem.LOGIN_NOT_OFFERED,
                    "the instance only validates tokens",
                    "Set login to true in the configuration of the instance.");
        }
    }

    private static ProblemException missing(String name) {
        return Failures.misconfigured(
                "the provider tells no " + name,
                "Mend the provider's metadata, or set login to false in the configuration of the instance.");
    }

    private static URI withQuery(URI endpoint, Map<String, String> parameters) {
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        return URI.create(endpoint + separator + Connection.form(parameters));
    }
}
