package io.maestro.adapter.identity.oidc;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.Header;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens of the one provider: that it signed them, and that they are meant for us, and now. Which key and which
 * algorithm count is decided here and never by the token.
 */
final class Tokens {
    /** How often the keys are looked through for one token: as they are, after a fetch under way, and after our own. */
    private static final int MOST_LOOKS = 3;

    /** By these a token would bring its own key, or change how it is to be read. */
    private static final Set<String> OWN_KEYS = Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip");

    /** These stand in id tokens and logout tokens, and in no bearer token. */
    private static final List<String> OTHER_KINDS = List.of("nonce", "at_hash", "c_hash", "events");

    private final Settings settings;
    private final Published<SigningKeys> keys;
    private final InstantSource clock;

    Tokens(Settings settings, Published<SigningKeys> keys, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * A token whose signature is right.
     *
     * @param header how it is signed
     * @param claims what it says
     */
    record Signed(JWSHeader header, Claims claims) {}

    /** Verifies a bearer token. */
    Claims bearer(String token, Instant deadline) {
        JWSObject parsed = parsed(token);
        checkType(parsed.getHeader(), settings.tokenTypes());
        Claims claims = unverified(parsed);
        if (!type(parsed.getHeader()).equals("at+jwt") && OTHER_KINDS.stream().anyMatch(claims::has)) {
            throw wrongType("the token is for another use than calling us");
        }
        if (claims.texts("aud").stream().noneMatch(settings.audiences()::contains)) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_AUDIENCE_WRONG,
                    "the token is meant for none of the audiences of the instance",
                    "Ask the provider for a token for one of: " + String.join(", ", settings.audiences()) + ".");
        }
        checkSignature(parsed, deadline);
        return claims;
    }

    /** Verifies an id token that came from the token endpoint; the nonce and the hash are the caller's to check. */
    Signed idToken(String token, Instant deadline) {
        JWSObject parsed = parsed(token);
        checkType(parsed.getHeader(), Set.of("jwt", "absent"));
        Claims claims = unverified(parsed);
        List<String> audiences = claims.texts("aud");
        String party = claims.optionalText("azp").orElse(null);
        boolean ours = audiences.contains(settings.clientId())
                && (party == null ? audiences.size() == 1 : party.equals(settings.clientId()));
        if (!ours) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_AUDIENCE_WRONG,
                    "the id token is meant for another client",
                    "Check the clientId of the instance.");
        }
        checkSignature(parsed, deadline);
        return new Signed(parsed.getHeader(), claims);
    }

    private static JWSObject parsed(String token) {
        try {
            return JWSObject.parse(token);
        } catch (ParseException | RuntimeException e) {
            // no cause: its message may quote the token
            throw isUnsigned(token)
                    ? notAllowed("the token is not signed")
                    : Failures.malformed("the text is no signed token");
        }
    }

    /** The library does not read an unsigned token as a signed one; we say what is wrong with it. */
    private static boolean isUnsigned(String token) {
        try {
            return Header.parse(JOSEObject.split(token)[0]).getAlgorithm().equals(Algorithm.NONE);
        } catch (ParseException | RuntimeException e) {
            return false;
        }
    }

    private void checkType(JWSHeader header, Set<String> allowed) {
        if (!allowed.contains(type(header))) {
            throw wrongType("the header typ of the token is not one of " + String.join(", ", allowed));
        }
    }

    private static String type(JWSHeader header) {
        if (header.getType() == null) {
            return "absent";
        }
        String type = header.getType().getType().toLowerCase(Locale.ROOT);
        return type.startsWith("application/") ? type.substring("application/".length()) : type;
    }

    /**
     * What a token says whose signature is still to be checked. It is refused for what it says before a key is looked for: who
     * wants to keep us and the provider busy has to make tokens that could be good.
     */
    private Claims unverified(JWSObject token) {
        JWSHeader header = token.getHeader();
        if (!settings.algorithms().contains(header.getAlgorithm())) {
            throw notAllowed("the token is signed by an algorithm that the instance does not take");
        }
        if (asWritten(header).keySet().stream().anyMatch(OWN_KEYS::contains)) {
            throw notAllowed("the token brings its own key, or rules of its own");
        }
        Map<String, Object> content = token.getPayload().toJSONObject();
        if (content == null) {
            throw Failures.malformed("the token's content is no JSON object");
        }
        Claims claims = new Claims(content);
        settings.checkTimesAndIssuer(claims, clock.instant());
        return claims;
    }

    private void checkSignature(JWSObject token, Instant deadline) {
        if (!isVerified(token, key(token.getHeader(), deadline))) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_SIGNATURE_WRONG,
                    "the signature does not fit the token",
                    "Send the token exactly as the provider gave it.");
        }
    }

    /** The header without what the library makes of it, which leaves out some of what is not as it should be. */
    private static Map<String, Object> asWritten(JWSHeader header) {
        try {
            return JSONObjectUtils.parse(header.getParsedBase64URL().decodeToString());
        } catch (ParseException e) {
            throw Failures.malformed("the token's header is no JSON object");
        }
    }

    private JWK key(JWSHeader header, Instant deadline) {
        SigningKeys known = keys.any(deadline);
        for (int look = 1; look <= MOST_LOOKS; look++) {
            JWK key = known.find(header);
            if (key != null) {
                return key;
            }
            SigningKeys newer = look == MOST_LOOKS ? null : newer(known, deadline);
            if (newer == null) {
                break;
            }
            known = newer;
        }
        throw Problem.of(
                        IdentityProblem.TOKEN_KEY_UNKNOWN,
                        "the provider has published no key for this token",
                        "Ask the provider for a new token. A key that it has just put to use is known within "
                                + settings.interval().toSeconds() + " seconds.")
                .with(Retry.after(keys.untilNewer()))
                .asException();
    }

    /**
     * Null also when the provider does not answer: the fault may be the token's, and must not count as one of the instance,
     * whose known keys go on.
     */
    private @Nullable SigningKeys newer(SigningKeys known, Instant deadline) {
        try {
            return keys.newer(known, deadline);
        } catch (ProblemException e) {
            if (e.problem().code().equals(IdentityProblem.IDENTITY_CLOSED.code())) {
                throw e;
            }
            return null;
        }
    }

    private static boolean isVerified(JWSObject token, JWK key) {
        try {
            JWSVerifier verifier = switch (key) {
                case RSAKey rsa -> new RSASSAVerifier(rsa);
                case ECKey ec -> new ECDSAVerifier(ec);
                default -> throw new IllegalStateException("no verifier for " + key.getKeyType());
            };
            return token.verify(verifier);
        } catch (JOSEException e) {
            // a signature that cannot even be read
            return false;
        }
    }

    private static ProblemException wrongType(String detail) {
        return Failures.problem(
                IdentityProblem.TOKEN_TYPE_NOT_ALLOWED,
                detail,
                "Send an access token. An id token is for the client that a person logged in to.");
    }

    private static ProblemException notAllowed(String detail) {
        return Failures.problem(
                IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED,
                detail,
                "Let the provider sign by a key pair and one of the algorithms in the configuration of the instance.");
    }
}
