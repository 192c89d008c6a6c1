package io.maestro.adapter.spi.identity;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for requests and answers that hold for every identity provider. An adapter calls {@code check} first in each
 * operation, and last for the identity that it gives.
 *
 * <p>All methods are pure and throw a {@link ProblemException} that names the rule that is broken. What a request carries
 * in confidence is never quoted.
 */
public final class IdentityRules {
    /** The longest token, in characters. */
    public static final int LONGEST_TOKEN = 16 * 1024;

    /** The longest code, in characters. */
    public static final int LONGEST_CODE = 4096;

    /** The longest address, in characters. */
    public static final int LONGEST_URI = 2048;

    /** The longest state and nonce, in characters. */
    public static final int LONGEST_OPAQUE = 512;

    /** The longest subject, name, role, attribute name and attribute value, in characters. */
    public static final int LONGEST_TEXT = 256;

    /** How many roles an identity has, at most. */
    public static final int MOST_ROLES = 64;

    /** How many attributes an identity has, at most. */
    public static final int MOST_ATTRIBUTES = 64;

    /** How many values an attribute has, at most. */
    public static final int MOST_VALUES = 256;

    /** How many characters the names and values of all attributes have together, at most. */
    public static final int LARGEST_ATTRIBUTES = 2 * 1024;

    private static final Pattern OPAQUE = Pattern.compile("[!-~]+");
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private IdentityRules() {}

    /** Checks that there is a token, and its length. */
    public static void check(ValidateToken request) {
        String token = request.token();
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            throw problem(
                    IdentityProblem.TOKEN_MALFORMED,
                    "the token has " + token.length() + " characters",
                    "Send a token of 1 to " + LONGEST_TOKEN + " characters.");
        }
    }

    /** Checks all four. */
    public static void check(BeginLogin request) {
        checkAddress("redirectUri", request.redirectUri());
        checkOpaque("state", request.state(), LONGEST_OPAQUE);
        checkOpaque("nonce", request.nonce(), LONGEST_OPAQUE);
        if (!CHALLENGE.matcher(request.codeChallenge()).matches()) {
            throw invalid(
                    "the codeChallenge is not a SHA-256 in base64url",
                    "Send the SHA-256 of the code verifier as the 43 characters of base64url without padding.");
        }
    }

    /** Checks code, address, verifier and nonce; the issuer is the provider's to compare. */
    public static void check(CompleteLogin request) {
        checkOpaque("code", request.code(), LONGEST_CODE);
        checkAddress("redirectUri", request.redirectUri());
        checkOpaque("nonce", request.nonce(), LONGEST_OPAQUE);
        if (!VERIFIER.matcher(request.codeVerifier()).matches()) {
            throw invalid(
                    "the codeVerifier is not one of PKCE",
                    "Send the verifier of the login's beginning: 43 to 128 letters, digits, and any of . _ ~ -");
        }
    }

    /** Checks the address, if there is one. */
    public static void check(EndSession request) {
        URI returnTo = request.returnTo();
        if (returnTo != null) {
            checkAddress("returnTo", returnTo);
        }
    }

    /** Checks the bounds of what an adapter says of somebody. */
    public static void check(VerifiedIdentity identity) {
        checkText("the subject", identity.subject());
        checkText("the name", identity.displayName());
        checkText("the email address", identity.email());
        checkText("the token id", identity.tokenId());
        checkCount("roles", identity.roles().size(), MOST_ROLES);
        identity.roles().forEach(role -> checkText("a role", role));
        checkCount("attributes", identity.attributes().size(), MOST_ATTRIBUTES);
        int size = 0;
        for (Map.Entry<String, List<String>> attribute : identity.attributes().entrySet()) {
            checkText("an attribute's name", attribute.getKey());
            checkCount("values of one attribute", attribute.getValue().size(), MOST_VALUES);
            size += attribute.getKey().length();
            for (String value : attribute.getValue()) {
                checkText("a value of the attribute " + attribute.getKey(), value);
                size += value.length();
            }
        }
        checkCount("characters of attributes", size, LARGEST_ATTRIBUTES);
    }

    private static void checkText(String what, @Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            throw tooLarge(what + " has more than " + LONGEST_TEXT + " characters");
        }
    }

    private static void checkCount(String what, int count, int most) {
        if (count > most) {
            throw tooLarge("there are more than " + most + " " + what);
        }
    }

    private static void checkOpaque(String name, String value, int longest) {
        if (value.length() > longest || !OPAQUE.matcher(value).matches()) {
            throw invalid(
                    "the " + name + " is empty, too long, or has characters beyond printable ASCII",
                    "Send 1 to " + longest + " characters of printable ASCII without spaces.");
        }
    }

    private static void checkAddress(String name, URI uri) {
        String scheme = uri.getScheme();
        boolean http = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
        if (!http
                || uri.getHost() == null
                || uri.getRawFragment() != null
                || uri.toString().length() > LONGEST_URI) {
            throw invalid(
                    "the " + name + " is not an address that a browser can be sent to",
                    "Send an http or https address without a fragment, at most " + LONGEST_URI + " characters.");
        }
    }

    private static ProblemException tooLarge(String detail) {
        return problem(
                IdentityProblem.TOKEN_CLAIMS_TOO_LARGE,
                detail,
                "Let the provider say less, or map fewer claims in the configuration of the instance.");
    }

    private static ProblemException invalid(String detail, String fix) {
        return problem(IdentityProblem.IDENTITY_REQUEST_INVALID, detail, fix);
    }

    private static ProblemException problem(IdentityProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }
}
