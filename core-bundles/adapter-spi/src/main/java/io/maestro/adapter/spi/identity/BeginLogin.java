package io.maestro.adapter.spi.identity;

import java.net.URI;

/**
 * Input of {@code begin_login}. The caller makes state, nonce and verifier anew for each login, keeps them with the
 * browser that began it, and takes an answer with this state from no other.
 *
 * @param redirectUri where the provider sends the browser back to; registered with the provider
 * @param state comes back with the browser, unchanged
 * @param nonce will stand in the id token
 * @param codeChallenge the SHA-256 of the code verifier in base64url without padding (PKCE, RFC 7636, {@code S256})
 */
public record BeginLogin(URI redirectUri, String state, String nonce, String codeChallenge) {
    @Override
    public String toString() {
        return "BeginLogin[" + redirectUri + "]";
    }
}
