package io.maestro.adapter.spi.identity;

import java.net.URI;

/**
 * Output of {@code begin_login}. It holds state and nonce of one login, so it does not print.
 *
 * @param url where to send the browser
 */
public record LoginUrl(URI url) {
    @Override
    public String toString() {
        return "LoginUrl[" + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + "]";
    }
}
