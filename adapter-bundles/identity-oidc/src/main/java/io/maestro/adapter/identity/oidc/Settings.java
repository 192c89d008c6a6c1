package io.maestro.adapter.identity.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.identity.IdentityProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an instance behaves: the configuration with its usual values filled in.
 *
 * @param issuer names the provider, exactly as its tokens do
 * @param clientId what the provider knows this server as
 * @param clientSecret proves it at the token endpoint; null for a public client
 * @param login whether people log in
 * @param scopes what a login asks for
 * @param audiences whom a bearer token may be meant for
 * @param jwksUrl where the keys are; null to ask the provider
 * @param tokenUrl where codes are redeemed; null to ask the provider
 * @param userinfo whether a login asks for what the id token does not have
 * @param userinfoUrl where; null to ask the provider
 * @param introspection whether the provider is asked about tokens that are no JWT
 * @param introspectionUrl where; null to ask the provider
 * @param algorithms by which a token may be signed; never by a shared secret, never not at all
 * @param tokenTypes what the header {@code typ} of a bearer token may be, in lower case; {@code absent} for none
 * @param clockSkew how far the provider's clock may be off
 * @param interval how long to wait at least between two fetches of the keys
 * @param mapping which claims become what
 */
record Settings(
        String issuer,
        String clientId,
        @Nullable Secret clientSecret,
        boolean login,
        List<String> scopes,
        List<String> audiences,
        @Nullable URI jwksUrl,
        @Nullable URI tokenUrl,
        boolean userinfo,
        @Nullable URI userinfoUrl,
        boolean introspection,
        @Nullable URI introspectionUrl,
        Set<JWSAlgorithm> algorithms,
        Set<String> tokenTypes,
        Duration clockSkew,
        Duration interval,
        ClaimMapping mapping) {
    static Settings of(OidcConfiguration configuration) {
        address("issuer", configuration.issuer());
        List<String> scopes = orElse(configuration.scopes(), List.of("openid", "profile", "email"));
        if (!scopes.contains("openid")) {
            throw wrong(
                    "the scopes of the instance lack openid, without which a provider gives no id token",
                    "Add openid to the scopes.");
        }
        boolean introspection = orElse(configuration.introspection(), false);
        if (introspection && configuration.clientSecret() == null) {
            throw wrong(
                    "the instance is to ask about tokens and has no client secret to prove itself by",
                    "Give it a clientSecret, or set introspection to false.");
        }
        return new Settings(
                configuration.issuer(),
                configuration.clientId(),
                configuration.clientSecret(),
                orElse(configuration.login(), true),
                List.copyOf(scopes),
                List.copyOf(orElse(configuration.audiences(), List.of(configuration.clientId()))),
                optional("jwksUrl", configuration.jwksUrl()),
                optional("tokenUrl", configuration.tokenUrl()),
                orElse(configuration.userinfo(), false),
                optional("userinfoUrl", configuration.userinfoUrl()),
                introspection,
                optional("introspectionUrl", configuration.introspectionUrl()),
                orElse(configuration.algorithms(), List.of("RS256", "PS256", "ES256")).stream()
                        .map(JWSAlgorithm::parse)
                        .collect(Collectors.toUnmodifiableSet()),
                orElse(configuration.tokenTypes(), List.of("at+jwt", "JWT", "absent")).stream()
                        .map(type -> type.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                Duration.ofSeconds(orElse(configuration.clockSkewSeconds(), 30)),
                Duration.ofSeconds(orElse(configuration.jwksRefreshSeconds(), 10)),
                ClaimMapping.of(configuration.mapping()));
    }

    /** Whether the address has the issuer's scheme, host and port, so that the instance may go there. */
    boolean isAtTheIssuer(URI address) {
        URI home = URI.create(issuer);
        return home.getScheme().equalsIgnoreCase(address.getScheme())
                && home.getHost().equalsIgnoreCase(address.getHost())
                && port(home) == port(address);
    }

    /**
     * Where the provider is asked: as configured, else as it tells, if that is the issuer's own host.
     *
     * @param configured null when nothing is
     * @param told asked only when nothing is configured; gives null when it tells nothing
     * @param name of it in the provider's metadata
     * @param act what the provider does there
     * @param property where another one can be configured
     */
    URI endpoint(@Nullable URI configured, Supplier<@Nullable URI> told, String name, String act, String property) {
        if (configured != null) {
            return configured;
        }
        URI address = told.get();
        if (address == null) {
            throw Failures.misconfigured(
                    "the provider tells no " + name, "Configure the " + property + " of the instance.");
        }
        if (!isAtTheIssuer(address)) {
            throw Failures.misconfigured(
                    "the provider " + act + " at another host than its issuer's",
                    "Configure the " + property + " of the instance as " + address + ".");
        }
        return address;
    }

    /** Refuses what is of another issuer, or not good now. */
    void checkTimesAndIssuer(Claims claims, Instant now) {
        if (!claims.text("iss").equals(issuer)) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_ISSUER_WRONG,
                    "the token is not of the issuer of the instance",
                    "Ask " + issuer + " for a token.");
        }
        if (!now.minus(clockSkew).isBefore(claims.time("exp"))) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_EXPIRED,
                    "the token expired at " + claims.time("exp"),
                    "Ask the provider for a new token; check the clock of the node if it should be good still.");
        }
        Instant latest = now.plus(clockSkew);
        if (claims.time("iat").isAfter(latest)
                || claims.optionalTime("nbf").filter(latest::isBefore).isPresent()) {
            throw Failures.problem(
                    IdentityProblem.TOKEN_NOT_YET_VALID,
                    "the token is not valid yet",
                    "Wait until it is; check the clocks of the node and of the provider.");
        }
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    /** Keys and codes travel encrypted, or do not leave the machine. */
    static boolean isSafe(URI address) {
        String host = address.getHost();
        if (host == null || address.getRawUserInfo() != null || address.getRawFragment() != null) {
            return false;
        }
        return "https".equalsIgnoreCase(address.getScheme())
                || ("http".equalsIgnoreCase(address.getScheme())
                        && (host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1") || host.equals("[::1]")));
    }

    private static @Nullable URI optional(String property, @Nullable String text) {
        return text == null ? null : address(property, text);
    }

    private static URI address(String property, String text) {
        try {
            URI address = new URI(text);
            if (isSafe(address)) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw badAddress(property);
        }
        throw badAddress(property);
    }

    private static RuntimeException badAddress(String property) {
        return wrong(
                "the " + property + " of the instance is not an https address",
                "Configure an address with https; http is taken for this machine only.");
    }

    private static RuntimeException wrong(String detail, String fix) {
        return Failures.problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, detail, fix);
    }

    private static <T> T orElse(@Nullable T value, T usual) {
        return value == null ? usual : value;
    }
}
