package io.maestro.adapter.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.adapter.spi.Secret;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Signed URLs are, byte for byte, those of Google's conformance tests for its own clients (Maven Central, {@code
 * com.google.cloud:google-cloud-conformance-tests}).
 */
final class GoogleVectorsTest {
    private static final String FOLDER = "/com/google/cloud/conformance/storage/v1/";

    private final JsonMapper json = new JsonMapper();

    @Test
    void signsAsGoogleDoes() throws IOException {
        ServiceAccountKey key = ServiceAccountKey.parse(
                new Secret(read("test_service_account.not-a-test.json").toString()));
        List<String> compared = new ArrayList<>();
        for (JsonNode vector : read("v4_signatures.json").path("signingV4Tests")) {
            if (isOneOfOurs(vector)) {
                Bucket bucket = new Bucket(
                        "https://storage.googleapis.com", vector.path("bucket").asText(), "");
                assertThat(new UrlSigner(bucket)
                                .url(
                                        key,
                                        vector.path("method").asText(),
                                        vector.path("object").asText(),
                                        Instant.parse(vector.path("timestamp").asText()),
                                        vector.path("expiration").asInt()))
                        .as(vector.path("description").asText())
                        .hasToString(vector.path("expectedUrl").asText());
                compared.add(vector.path("description").asText());
            }
        }
        assertThat(compared)
                .containsExactly(
                        "Simple GET",
                        "Simple PUT",
                        "Vary expiration and timestamp",
                        "Vary bucket and object",
                        "Forward Slashes should not be stripped");
    }

    /** The adapter signs no further headers and parameters, and puts the bucket into the path. */
    private static boolean isOneOfOurs(JsonNode vector) {
        return vector.has("object")
                && !vector.has("headers")
                && !vector.has("queryParameters")
                && !vector.has("urlStyle");
    }

    private JsonNode read(String name) throws IOException {
        try (InputStream stream = GoogleVectorsTest.class.getResourceAsStream(FOLDER + name)) {
            if (stream == null) {
                throw new FileNotFoundException(name);
            }
            return json.readTree(stream);
        }
    }
}
