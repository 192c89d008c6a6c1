package io.maestro.adapter.identity.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of itself at {@code /.well-known/openid-configuration}.
 *
 * @param authorization where people log in; null when it tells none
 * @param token where codes are redeemed; null when it tells none
 * @param keys where its keys are; null when it tells none
 * @param endSession where people log out; null when it offers no such thing
 * @param userinfo where it tells more of people; null when it tells none
 * @param introspection where it is asked about tokens; null when it tells none
 * @param secretInHeader whether the token endpoint takes the client secret in a header
 * @param secretInForm whether it takes the client secret in the form
 */
record Metadata(
        @Nullable URI authorization,
        @Nullable URI token,
        @Nullable URI keys,
        @Nullable URI endSession,
        @Nullable URI userinfo,
        @Nullable URI introspection,
        boolean secretInHeader,
        boolean secretInForm) {
    /** Where the issuer's metadata is. */
    static URI address(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** Reads the document; its issuer has to be the very one that it was asked for. */
    static Metadata of(Map<String, Object> document, String issuer) {
        if (!issuer.equals(document.get("issuer"))) {
            throw Failures.misconfigured(
                    "the provider calls itself by another issuer than the instance does",
                    "Configure the issuer exactly as the provider writes it, with or without the slash at its end.");
        }
        Object methods = document.get("token_endpoint_auth_methods_supported");
        List<?> known = methods instanceof List<?> list ? list : List.of("client_secret_basic");
        return new Metadata(
                uri(document, "authorization_endpoint"),
                uri(document, "token_endpoint"),
                uri(document, "jwks_uri"),
                uri(document, "end_session_endpoint"),
                uri(document, "userinfo_endpoint"),
                uri(document, "introspection_endpoint"),
                known.contains("client_secret_basic"),
                known.contains("client_secret_post"));
    }

    private static @Nullable URI uri(Map<String, Object> document, String name) {
        Object value = document.get(name);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof String text && text.length() <= 2048) {
                URI uri = new URI(text);
                if (Settings.isSafe(uri)) {
                    return uri;
                }
            }
        } catch (URISyntaxException e) {
            throw badAddress(name);
        }
        throw badAddress(name);
    }

    private static RuntimeException badAddress(String name) {
        return Failures.misconfigured(
                "the " + name + " that the provider tells is not an https address", "Mend the provider's metadata.");
    }
}
