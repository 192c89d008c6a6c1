package io.maestro.adapter.spi.identity;

import java.util.List;

/**
 * Output of {@code describe}: what the instance is configured to do. Nothing of it is secret.
 *
 * @param issuer names the provider, exactly as its tokens do
 * @param clientId what the provider knows this server as
 * @param scopes what a login asks for
 * @param audiences whom a bearer token may be meant for; one of them has to be named in it
 * @param login whether people can log in, so that {@code begin_login} and {@code complete_login} work
 */
public record ProviderDescription(
        String issuer, String clientId, List<String> scopes, List<String> audiences, boolean login) {
    /** Copies the lists. */
    public ProviderDescription {
        scopes = List.copyOf(scopes);
        audiences = List.copyOf(audiences);
    }
}
