package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key file of a service account: a name and the private half of an RSA key. What else the file says, addresses among it,
 * does not count. Immutable; its private half does not print.
 */
final class ServiceAccountKey {
    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private final String email;
    private final String id;
    private final PrivateKey key;

    private ServiceAccountKey(String email, String id, PrivateKey key) {
        this.email = email;
        this.id = id;
        this.key = key;
    }

    /** Reads a key file; of one that is none it says no more than that. */
    static ServiceAccountKey parse(Secret file) {
        try {
            JsonObject document = JsonObject.parse(file.reveal().getBytes(UTF_8));
            Matcher pem = PEM.matcher(document.text("private_key"));
            if (!document.text("type").equals("service_account") || !pem.matches()) {
                throw unreadable();
            }
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            return new ServiceAccountKey(
                    document.text("client_email"),
                    document.text("private_key_id"),
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (JsonObject.Malformed | GeneralSecurityException | IllegalArgumentException e) {
            // not with the cause, which may tell parts of the file
            throw unreadable();
        }
    }

    private static ProblemException unreadable() {
        return Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the serviceAccountKey of the instance is not the key file of a service account",
                "Give the whole JSON document that Google gave for the key, with type, client_email, private_key_id and private_key.");
    }

    /** Names the account. */
    String email() {
        return email;
    }

    /** Names the key. */
    String id() {
        return id;
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            // not with the cause, for the same reason; every Java has the algorithm, so the key is at fault
            throw unreadable();
        }
    }
}
