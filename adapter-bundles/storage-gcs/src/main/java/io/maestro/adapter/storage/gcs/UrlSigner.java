package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** Makes URLs that carry their signature, by version 4 of Google's signing process. The signature covers the host. */
final class UrlSigner {
    private static final String ALGORITHM = "GOOG4-RSA-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Bucket bucket;

    UrlSigner(Bucket bucket) {
        this.bucket = bucket;
    }

    /** A URL for one object, good for so many seconds from {@code now}, which counts in whole seconds. */
    URI url(ServiceAccountKey key, String method, String object, Instant now, int seconds) {
        String time = TIME.format(now);
        String scope = time.substring(0, 8) + "/auto/storage/goog4_request";
        String path = bucket.publicPath(object);
        // in the order of their names, as they have to be signed
        String query = "X-Goog-Algorithm=" + ALGORITHM
                + "&X-Goog-Credential=" + Bucket.encoded(key.email() + "/" + scope)
                + "&X-Goog-Date=" + time
                + "&X-Goog-Expires=" + seconds
                + "&X-Goog-SignedHeaders=host";
        String request =
                String.join("\n", method, path, query, "host:" + bucket.host(), "", "host", "UNSIGNED-PAYLOAD");
        String text = String.join("\n", ALGORITHM, time, scope, sha256(request));
        String signature = HexFormat.of().formatHex(key.sign(text.getBytes(UTF_8)));
        return URI.create(bucket.endpoint() + path + "?" + query + "&X-Goog-Signature=" + signature);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
