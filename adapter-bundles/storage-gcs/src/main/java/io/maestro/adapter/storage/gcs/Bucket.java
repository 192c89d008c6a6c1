package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import java.util.HexFormat;

/**
 * Where the objects are.
 *
 * @param endpoint scheme, host and port of the service, in lower case and without a port that is usual for the scheme
 * @param name the bucket's name
 * @param prefix put before each key
 */
record Bucket(String endpoint, String name, String prefix) {
    private static final String USUAL_ENDPOINT = "https://storage.googleapis.com";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Bucket of(GcsConfiguration configuration) {
        String endpoint = configuration.endpoint();
        String prefix = configuration.prefix();
        return new Bucket(
                endpoint(endpoint == null ? USUAL_ENDPOINT : endpoint),
                configuration.bucket(),
                prefix == null ? "" : prefix);
    }

    private static String endpoint(String text) {
        return SafeAddress.of(text)
                .filter(safe ->
                        safe.uri().getRawPath().matches("/?") && safe.uri().getRawQuery() == null)
                .orElseThrow(() -> badEndpoint(text))
                .origin();
    }

    private static RuntimeException badEndpoint(String text) {
        // what stands before an @ may be a password
        return Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the endpoint \"" + text.replaceAll("//.*@", "//***@")
                        + "\" is not an address that a storage service is safely reached at",
                "Configure https, host and port only, for example " + USUAL_ENDPOINT
                        + "; http is taken for this machine only.");
    }

    /** Host and port, as they stand in a request. */
    String host() {
        return endpoint.substring(endpoint.indexOf("//") + 2);
    }

    /** The name of the object under the key. */
    String object(String key) {
        String object = prefix + key;
        if (object.getBytes(UTF_8).length > StorageRules.LONGEST_KEY) {
            throw Failures.problem(
                    StorageProblem.OBJECT_KEY_INVALID,
                    "the key and the prefix of the instance have more than " + StorageRules.LONGEST_KEY + " bytes",
                    "Use a shorter key, or configure a shorter prefix.");
        }
        return object;
    }

    /** The path of the list of objects in the JSON API. */
    String objectsPath() {
        return "/storage/v1/b/" + encoded(name) + "/o";
    }

    /** The path of an object in the JSON API. */
    String objectPath(String object) {
        return objectsPath() + "/" + encoded(object);
    }

    /** The path for uploads in the JSON API. */
    String uploadPath() {
        return "/upload" + objectsPath();
    }

    /** The path of an object for holders of signed URLs. */
    String publicPath(String object) {
        return "/" + encoded(name) + "/" + encoded(object).replace("%2F", "/");
    }

    /** Percent-encoded but for the unreserved characters of RFC 3986. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte value : text.getBytes(UTF_8)) {
            char c = (char) (value & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(value));
            }
        }
        return encoded.toString();
    }
}
