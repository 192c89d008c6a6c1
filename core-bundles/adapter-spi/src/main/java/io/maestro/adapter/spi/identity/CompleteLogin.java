package io.maestro.adapter.spi.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Input of {@code complete_login}: what the browser brought back, and what the caller kept since {@code begin_login}.
 *
 * @param code the parameter {@code code} of the callback; good for one try
 * @param redirectUri the same as at the beginning
 * @param codeVerifier whose SHA-256 the code challenge was, 43 to 128 characters
 * @param nonce the same as at the beginning
 * @param issuer the parameter {@code iss} of the callback (RFC 9207), which has to name the provider; null when there was
 *     none
 */
public record CompleteLogin(
        String code,
        URI redirectUri,
        String codeVerifier,
        String nonce,
        @Nullable String issuer) {
    @Override
    public String toString() {
        return "CompleteLogin[" + redirectUri + "]";
    }
}
