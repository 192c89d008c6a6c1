package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.EncodingBuiltins.bytes;

import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes and message authentication codes, by the JDK. */
final class CryptoBuiltins {
    private CryptoBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("crypto.md5", "S", "S", (e, a) -> digest(e, "MD5", a[0]));
        registry.add("crypto.sha1", "S", "S", (e, a) -> digest(e, "SHA-1", a[0]));
        registry.add("crypto.sha256", "S", "S", (e, a) -> digest(e, "SHA-256", a[0]));
        for (String hash : List.of("md5", "sha1", "sha256", "sha512")) {
            registry.add("crypto.hmac." + hash, "S,S", "S", (e, a) -> {
                e.meter().text(bytes(a[0]).length);
                return StringValue.of(HexFormat.of()
                        .formatHex(hmac("Hmac" + hash.toUpperCase(java.util.Locale.ROOT), bytes(a[1]), bytes(a[0]))));
            });
        }
        registry.add(
                "crypto.hmac.equal",
                "S,S",
                "B",
                (_, a) -> BoolValue.of(MessageDigest.isEqual(bytes(a[0]), bytes(a[1]))));
    }

    private static Value digest(Evaluation evaluation, String algorithm, Value text) {
        byte[] bytes = bytes(text);
        evaluation.meter().text(bytes.length);
        try {
            return StringValue.of(HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(bytes)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] hmac(String algorithm, byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // an empty key is padded with zeros anyway, and the JDK takes none that is empty
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
