package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Where the objects are and who we are there.
 *
 * @param scheme http or https
 * @param host the host of the endpoint
 * @param port its port; -1 for the scheme's own
 * @param path what stands before the key in a path: empty, or a slash and the bucket
 * @param name the bucket's name
 * @param region its region
 * @param prefix put before each key
 * @param accessKeyId names the credentials
 * @param secretAccessKey signs the requests
 */
record Bucket(
        String scheme,
        String host,
        int port,
        String path,
        String name,
        String region,
        String prefix,
        String accessKeyId,
        Secret secretAccessKey) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Bucket of(S3Configuration configuration) {
        URI endpoint = endpoint(configuration.endpoint());
        Boolean pathStyle = configuration.pathStyle();
        String region = configuration.region();
        String prefix = configuration.prefix();
        return new Bucket(
                endpoint.getScheme().toLowerCase(Locale.ROOT),
                endpoint.getHost(),
                endpoint.getPort(),
                pathStyle == null || pathStyle ? "/" + configuration.bucket() : "",
                configuration.bucket(),
                region == null ? "us-east-1" : region,
                prefix == null ? "" : prefix,
                configuration.accessKeyId(),
                configuration.secretAccessKey());
    }

    private static URI endpoint(String text) {
        URI endpoint;
        try {
            endpoint = new URI(text);
        } catch (URISyntaxException e) {
            throw badEndpoint(text);
        }
        String scheme = endpoint.getScheme();
        boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        String path = endpoint.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null
                && endpoint.getRawUserInfo() == null;
        if (!http || !bare || endpoint.getHost() == null) {
            throw badEndpoint(text);
        }
        return endpoint;
    }

    private static RuntimeException badEndpoint(String text) {
        // what stands before an @ may be a password
        return Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the endpoint \"" + text.replaceAll("//.*@", "//***@") + "\" is not the address of a store",
                "Configure http or https, host and port only, for example https://s3.eu-central-1.amazonaws.com.");
    }

    /** The key in the bucket. */
    String full(String key) {
        String full = prefix + key;
        if (full.getBytes(UTF_8).length > StorageRules.LONGEST_KEY) {
            throw Failures.problem(
                    StorageProblem.OBJECT_KEY_INVALID,
                    "the key and the prefix of the instance have more than " + StorageRules.LONGEST_KEY + " bytes",
                    "Use a shorter key, or configure a shorter prefix.");
        }
        return full;
    }

    /** The path of a key in the bucket, or of the bucket itself when the key is empty; percent-encoded. */
    String path(String fullKey) {
        StringBuilder encoded = new StringBuilder(path).append('/');
        for (byte value : fullKey.getBytes(UTF_8)) {
            char c = (char) (value & 0xff);
            if (unreserved(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(value));
            }
        }
        return encoded.toString();
    }

    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~/".indexOf(c) >= 0;
    }
}
