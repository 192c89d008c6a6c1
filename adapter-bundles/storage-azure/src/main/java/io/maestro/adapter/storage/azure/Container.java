package io.maestro.adapter.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Where the objects are.
 *
 * @param endpoint scheme, host and port
 * @param account the storage account
 * @param path what stands before the key in a path: a slash and the container, and the account before them if it has to
 * @param name the container's name
 * @param prefix put before each key
 */
record Container(String endpoint, String account, String path, String name, String prefix) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Container of(AzureConfiguration configuration) {
        String prefix = configuration.prefix();
        boolean accountInPath = Boolean.TRUE.equals(configuration.accountInPath());
        return new Container(
                endpoint(configuration.endpoint()),
                configuration.account(),
                (accountInPath ? "/" + configuration.account() : "") + "/" + configuration.container(),
                configuration.container(),
                prefix == null ? "" : prefix);
    }

    private static String endpoint(String text) {
        URI endpoint;
        try {
            endpoint = new URI(text);
        } catch (URISyntaxException e) {
            throw badEndpoint(text);
        }
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        String path = endpoint.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null
                && endpoint.getRawUserInfo() == null;
        if (!(scheme.equals("http") || scheme.equals("https")) || !bare || endpoint.getHost() == null) {
            throw badEndpoint(text);
        }
        return scheme + "://" + endpoint.getRawAuthority();
    }

    private static RuntimeException badEndpoint(String text) {
        // what stands before an @ may be a password
        return Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the endpoint \"" + text.replaceAll("//.*@", "//***@") + "\" is not the address of a blob service",
                "Configure http or https, host and port only, for example https://acme.blob.core.windows.net.");
    }

    /** Whether whoever holds a signed URL has to come by HTTPS. */
    boolean secured() {
        return endpoint.startsWith("https:");
    }

    /** The name of the blob with the object. */
    String blob(String key) {
        if (key.indexOf('\\') >= 0) {
            // the service would take it for a slash, and so for another object
            throw Failures.problem(
                    StorageProblem.OBJECT_KEY_INVALID,
                    "the key has a backslash, which Azure takes for a slash",
                    "Use a key without backslashes.");
        }
        String blob = prefix + key;
        if (blob.getBytes(UTF_8).length > StorageRules.LONGEST_KEY) {
            throw Failures.problem(
                    StorageProblem.OBJECT_KEY_INVALID,
                    "the key and the prefix of the instance have more than " + StorageRules.LONGEST_KEY + " bytes",
                    "Use a shorter key, or configure a shorter prefix.");
        }
        return blob;
    }

    /** The path of a blob, percent-encoded; of the container itself when the name is empty. */
    String path(String blob) {
        return blob.isEmpty() ? path : path + "/" + encoded(blob, "-._~/");
    }

    /** Percent-encoded for a query. */
    static String query(String text) {
        return encoded(text, "-._~");
    }

    private static String encoded(String text, String further) {
        StringBuilder encoded = new StringBuilder();
        for (byte value : text.getBytes(UTF_8)) {
            char c = (char) (value & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || further.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(value));
            }
        }
        return encoded.toString();
    }
}
