package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured, as the manifest's schema has it; {@link Settings} is what becomes of it.
 *
 * @param issuer names the provider, exactly as its tokens do
 * @param clientId what the provider knows this server as
 * @param clientSecret proves it at the token endpoint; null for a public client
 * @param login whether people log in; true when null
 * @param scopes what a login asks for
 * @param audiences whom a bearer token may be meant for; the client id when null
 * @param jwksUrl where the keys are; from the discovery document when null
 * @param tokenUrl where codes are redeemed; from the discovery document when null
 * @param userinfo whether a login asks for what the id token does not have; false when null
 * @param userinfoUrl where it asks; from the discovery document when null
 * @param introspection whether the provider is asked about tokens that are no JWT; false when null
 * @param introspectionUrl where it is asked; from the discovery document when null
 * @param algorithms by which a token may be signed
 * @param tokenTypes what the header {@code typ} of a bearer token may be
 * @param clockSkewSeconds how far the provider's clock may be off; 30 when null
 * @param jwksRefreshSeconds how long to wait at least between two fetches; 10 when null
 * @param mapping which claims become what
 */
record OidcConfiguration(
        String issuer,
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable Boolean login,
        @Nullable List<String> scopes,
        @Nullable List<String> audiences,
        @Nullable String jwksUrl,
        @Nullable String tokenUrl,
        @Nullable Boolean userinfo,
        @Nullable String userinfoUrl,
        @Nullable Boolean introspection,
        @Nullable String introspectionUrl,
        @Nullable List<String> algorithms,
        @Nullable List<String> tokenTypes,
        @Nullable Integer clockSkewSeconds,
        @Nullable Integer jwksRefreshSeconds,
        @Nullable Mapping mapping) {

    /**
     * Which claims become what; a claim is a name or a JSON Pointer.
     *
     * @param name claim of the name for people; {@code name} when null
     * @param email claim of the email address; {@code email} when null
     * @param roles claims whose values grant roles
     * @param attributes for each attribute, the claim whose values it has
     */
    record Mapping(
            @Nullable String name,
            @Nullable String email,
            @Nullable List<RoleTable> roles,
            @Nullable Map<String, String> attributes) {}

    /**
     * The roles that the values of one claim grant.
     *
     * @param claim the claim
     * @param values for each value, its roles; other values grant none
     */
    record RoleTable(String claim, Map<String, List<String>> values) {}
}
