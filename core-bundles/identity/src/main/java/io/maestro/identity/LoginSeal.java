package io.maestro.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.identity.Sessions;
import io.maestro.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals what must be known again when a browser comes back from its provider. The browser keeps it, unable to read or
 * change it, so that strangers who begin logins without end fill no table of ours; any node can open it.
 */
final class LoginSeal {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int LONGEST = 3_000;

    private final byte[] key;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Seals with a key of 32 bytes. */
    LoginSeal(byte[] key, InstantSource clock, RandomGenerator random) {
        this.key = key.clone();
        this.clock = clock;
        this.random = random;
    }

    /**
     * A login under way.
     *
     * @param provider the id of the one that the browser was sent to, and that it has to come back from
     * @param state comes back in the address, and proves that it was this browser that began
     * @param nonce comes back in the id token
     * @param verifier proves to the provider that it is us who redeem the code (PKCE)
     * @param returnTo where the browser goes afterwards
     */
    record Login(String provider, String state, String nonce, String verifier, String returnTo) {
        /** Begins one with fresh secrets. */
        static Login begin(String provider, String returnTo, RandomGenerator random) {
            return new Login(provider, Bearer.secret(random), Bearer.secret(random), Bearer.secret(random), returnTo);
        }

        /** What the provider is shown of the verifier. */
        String challenge() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Digest.sha256(verifier).bytes());
        }

        @Override
        public String toString() {
            return "Login[" + provider + "]";
        }
    }

    /** The login as a cookie. */
    String seal(Login login) {
        ObjectNode content = JSON.createObjectNode()
                .put("provider", login.provider())
                .put("state", login.state())
                .put("nonce", login.nonce())
                .put("verifier", login.verifier())
                .put("returnTo", login.returnTo())
                .put("until", clock.instant().plus(Sessions.LOGIN_LIMIT).getEpochSecond());
        try {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(JSON.writeValueAsBytes(content));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(NONCE + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /** What a cookie holds; empty when it is none of ours, or too old. */
    Optional<Login> open(@Nullable String cookie) {
        if (cookie == null || cookie.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cookie);
            if (bytes.length <= NONCE) {
                return Optional.empty();
            }
            byte[] content = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE))
                    .doFinal(bytes, NONCE, bytes.length - NONCE);
            JsonNode login = JSON.readTree(content);
            Instant until = Instant.ofEpochSecond(login.path("until").asLong());
            if (!clock.instant().isBefore(until)) {
                return Optional.empty();
            }
            return Optional.of(new Login(
                    login.path("provider").asText(),
                    login.path("state").asText(),
                    login.path("nonce").asText(),
                    login.path("verifier").asText(),
                    login.path("returnTo").asText()));
        } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
