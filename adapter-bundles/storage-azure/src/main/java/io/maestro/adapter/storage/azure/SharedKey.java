package io.maestro.adapter.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs with a key of the account: requests by Shared Key, URLs by a service SAS. Any thread. */
final class SharedKey {
    /** The version of the service's protocol; it decides what is signed. */
    static final String VERSION = "2021-12-02";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<String> SIGNED_BY_PLACE = List.of(
            "content-encoding",
            "content-language",
            "content-length",
            "content-md5",
            "content-type",
            "date",
            "if-modified-since",
            "if-match",
            "if-none-match",
            "if-unmodified-since",
            "range");

    private final Container container;
    private volatile SecretKeySpec key;

    SharedKey(Container container, Secret accountKey) {
        this.container = container;
        this.key = key(accountKey);
    }

    /** Signs what comes from now on with this key. */
    void renew(Secret accountKey) {
        key = key(accountKey);
    }

    private static SecretKeySpec key(Secret accountKey) {
        try {
            return new SecretKeySpec(Base64.getDecoder().decode(accountKey.reveal()), "HmacSHA256");
        } catch (IllegalArgumentException e) {
            // not with the cause, which tells parts of the key
            throw Failures.problem(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    "the accountKey of the instance is not Base64",
                    "Copy one of the two access keys of the storage account.");
        }
    }

    /** The headers of a request with its signature, but for the length. */
    Map<String, String> signed(BlobRequest request, long length, Instant now) {
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("x-ms-date", DATE.format(now));
        headers.put("x-ms-version", VERSION);
        String places = SIGNED_BY_PLACE.stream()
                .map(name -> name.equals("content-length")
                        ? (length == 0 ? "" : Long.toString(length))
                        : headers.getOrDefault(name, ""))
                .collect(Collectors.joining("\n"));
        String own = headers.entrySet().stream()
                .filter(header -> header.getKey().startsWith("x-ms-"))
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        String query = request.query().entrySet().stream()
                .map(parameter -> "\n" + parameter.getKey() + ":" + parameter.getValue())
                .collect(Collectors.joining());
        String text = request.method() + "\n" + places + "\n" + own + "/" + container.account()
                + container.path(request.blob()) + query;
        headers.put("authorization", "SharedKey " + container.account() + ":" + signature(text));
        return headers;
    }

    /** A URL that carries its signature. */
    URI url(String blob, SignUrl.Access access, Instant expiry) {
        String permissions = switch (access) {
            case READ -> "r";
            case WRITE -> "cw";
        };
        String until = expiry.truncatedTo(ChronoUnit.SECONDS).toString();
        String protocol = container.secured() ? "https" : "https,http";
        String text = String.join(
                "\n",
                permissions,
                "",
                until,
                "/blob/" + container.account() + "/" + container.name() + "/" + blob,
                "",
                "",
                protocol,
                VERSION,
                "b",
                "",
                "",
                "",
                "",
                "",
                "",
                "");
        Map<String, String> query = new TreeMap<>(Map.of(
                "sp", permissions, "se", until, "spr", protocol, "sv", VERSION, "sr", "b", "sig", signature(text)));
        return URI.create(container.endpoint() + container.path(blob) + "?"
                + query.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + Container.query(parameter.getValue()))
                        .collect(Collectors.joining("&")));
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
