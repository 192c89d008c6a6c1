package io.maestro.adapter.spi.storage;

import java.net.URI;
import java.time.Instant;

/**
 * Output of {@code signed_url}. Whoever holds it has the access, so it is masked in logs.
 *
 * @param url the address with its signature
 * @param method the HTTP method it is good for
 * @param expiresAt until when
 */
public record SignedUrl(URI url, String method, Instant expiresAt) {
    @Override
    public String toString() {
        return "SignedUrl[" + method + ", expires " + expiresAt + "]";
    }
}
