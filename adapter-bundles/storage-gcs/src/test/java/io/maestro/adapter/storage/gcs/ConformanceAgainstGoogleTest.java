package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * The kit against Google Cloud Storage itself, by whoever has a bucket there: {@code gcs.bucket} names it and {@code gcs.key} is
 * the key file of an account with rights on it; {@code gcs.endpoint} and {@code gcs.tokenEndpoint} for other addresses. Each
 * place is a prefix; what is left there, a rule of the bucket's life cycle should remove. No build runs it by itself.
 */
final class ConformanceAgainstGoogleTest extends StorageKit {
    @Override
    protected StorageFixture fixture() {
        return new GoogleFixture();
    }

    private static final class GoogleFixture implements StorageFixture {
        @Override
        public AdapterFactory factory() {
            return new StorageGcsComponent();
        }

        @Override
        public Map<String, ?> emptyPlace() throws IOException {
            Map<String, Object> place = new HashMap<>();
            place.put("bucket", required("gcs.bucket"));
            place.put("serviceAccountKey", Files.readString(Path.of(required("gcs.key"))));
            place.put("prefix", "kit/" + UUID.randomUUID() + "/");
            for (String optional : Set.of("endpoint", "tokenEndpoint")) {
                String value = System.getProperty("gcs." + optional);
                if (value != null) {
                    place.put(optional, value);
                }
            }
            return place;
        }

        private static String required(String property) {
            return Objects.requireNonNull(System.getProperty(property), property + " is not given");
        }

        @Override
        public Set<Offer> offers() {
            return Set.of(Offer.SIGNED_URLS, Offer.ATOMIC_CONDITIONS, Offer.BACKSLASHES);
        }

        @Override
        public Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
            return ProtocolServerFixture.with(
                    ProtocolServerFixture.with(place, "endpoint", address.toString()),
                    "tokenEndpoint",
                    address + "/token");
        }

        /** The same account with a key that it does not have. */
        @Override
        public Map<String, ?> wrongCredentials(Map<String, ?> place) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                byte[] stranger = generator.generateKeyPair().getPrivate().getEncoded();
                JsonMapper json = new JsonMapper();
                ObjectNode key = json.readValue(String.valueOf(place.get("serviceAccountKey")), ObjectNode.class);
                key.put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8))
                                        .encodeToString(stranger)
                                + "\n-----END PRIVATE KEY-----\n");
                return ProtocolServerFixture.with(place, "serviceAccountKey", json.writeValueAsString(key));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has RSA", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Map<String, ?> containerMissing(Map<String, ?> place) {
            return ProtocolServerFixture.with(place, "bucket", "no-such-bucket-" + UUID.randomUUID());
        }
    }
}
