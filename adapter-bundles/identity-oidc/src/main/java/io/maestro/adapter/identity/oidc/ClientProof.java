package io.maestro.adapter.identity.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Secret;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the instance shows the provider that it is its client. Any thread; a new secret counts from the next request on. */
final class ClientProof {
    private final String clientId;
    private volatile @Nullable Secret secret;

    ClientProof(String clientId, @Nullable Secret secret) {
        this.clientId = clientId;
        this.secret = secret;
    }

    /** Proves the client by this one from now on. */
    void secret(@Nullable Secret changed) {
        secret = changed;
    }

    /**
     * Adds the proof to a form, where the provider wants it there.
     *
     * @return the header {@code Authorization}, where it wants it there
     */
    @Nullable
    String addTo(Map<String, String> form, Metadata provider) {
        Secret proof = secret;
        if (proof != null && provider.secretInHeader()) {
            return basic(clientId, proof);
        }
        form.put("client_id", clientId);
        if (proof != null) {
            if (!provider.secretInForm()) {
                throw Failures.misconfigured(
                        "the provider takes a client secret neither in a header nor in a form",
                        "Let the client authenticate by client_secret_basic or client_secret_post.");
            }
            form.put("client_secret", proof.reveal());
        }
        return null;
    }

    /** Both are encoded as in a form first (RFC 6749 §2.3.1). */
    private static String basic(String clientId, Secret secret) {
        String both = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(secret.reveal(), UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(US_ASCII));
    }
}
