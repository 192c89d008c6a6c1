package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys of tokens: PEM certificates and public keys, and JSON Web Keys. */
public final class TokenKeys {
    /**
     * A public key.
     *
     * @param id what it is called in a set of keys; null when it has no name
     * @param algorithm the only algorithm it is for; null when it does not say
     */
    public record Named(@Nullable String id, @Nullable String algorithm, PublicKey key) {}

    private TokenKeys() {}

    /** Reads what a policy gives: one key or a set of them. */
    public static List<Named> read(String name, String text) {
        String stripped = text.strip();
        if (stripped.startsWith("-----BEGIN")) {
            return List.of(new Named(null, null, pem(name, stripped)));
        }
        ObjectValue object = object(name, text);
        List<Named> keys = new ArrayList<>();
        if (object.get("keys") instanceof ArrayValue set) {
            for (Value each : set) {
                if (each instanceof ObjectValue key && !StringValue.of("oct").equals(key.get("kty"))) {
                    keys.add(named(name, key));
                }
            }
        } else {
            keys.add(named(name, object));
        }
        return keys;
    }

    private static ObjectValue object(String name, String text) {
        try {
            if (Json.read(text) instanceof ObjectValue object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, "failed to parse a JWK key (set): " + e.getMessage());
        }
        throw BuiltinException.of(name, "failed to parse a JWK key (set)");
    }

    private static PublicKey pem(String name, String text) {
        int begin = text.indexOf("-----", 11);
        int end = text.indexOf("-----END", Math.max(begin, 0));
        int last = end < 0 ? -1 : text.indexOf("-----", end + 8);
        if (begin < 0 || last < 0) {
            throw BuiltinException.of(name, "failed to find any PEM data");
        }
        if (last + 5 != text.length()) {
            throw BuiltinException.of(name, "extra data after a PEM certificate block");
        }
        String kind = text.substring(11, begin);
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text.substring(begin + 5, end));
            return switch (kind) {
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(bytes))
                            .getPublicKey();
                case "PUBLIC KEY" -> publicKey(bytes);
                default -> throw BuiltinException.of(name, "failed to extract a Key from the PEM certificate");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BuiltinException.of(name, "failed to parse a PEM certificate");
        }
    }

    private static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
        GeneralSecurityException first = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                first = e;
            }
        }
        throw first == null ? new GeneralSecurityException() : first;
    }

    private static Named named(String name, ObjectValue key) {
        try {
            PublicKey made = switch (text(key, "kty")) {
                case "RSA" ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
                case "EC" ->
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new ECPublicKeySpec(new ECPoint(number(key, "x"), number(key, "y")), curve(key)));
                case "OKP" ->
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(bytes(key, "x"))));
                default -> throw new GeneralSecurityException("no such kind of key");
            };
            return new Named(optional(key, "kid"), optional(key, "alg"), made);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BuiltinException.of(name, "failed to parse a JWK key (set)");
        }
    }

    /** Ed25519: the bytes in reverse, with the sign of x in the highest bit. */
    private static EdECPoint point(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        boolean odd = reversed.length > 0 && (reversed[0] & 0x80) != 0;
        if (reversed.length > 0) {
            reversed[0] &= 0x7f;
        }
        return new EdECPoint(odd, new BigInteger(1, reversed));
    }

    private static ECParameterSpec curve(ObjectValue key) throws GeneralSecurityException {
        String curve = switch (text(key, "crv")) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> throw new GeneralSecurityException("no such curve");
        };
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** The secret of a key of the kind {@code oct}; null for other kinds. */
    static byte @Nullable [] secret(String name, ObjectValue key) {
        try {
            return text(key, "kty").equals("oct") ? bytes(key, "k") : null;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BuiltinException.of(name, "failed to parse a JWK key (set)");
        }
    }

    static PrivateKey privateKey(String name, ObjectValue key) {
        try {
            return switch (text(key, "kty")) {
                case "RSA" -> rsa(key);
                case "EC" ->
                    KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number(key, "d"), curve(key)));
                case "OKP" ->
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes(key, "d")));
                default -> throw new GeneralSecurityException("no such kind of key");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw BuiltinException.of(name, "failed to parse a JWK key (set)");
        }
    }

    private static PrivateKey rsa(ObjectValue key) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        if (key.get("p") == null) {
            return factory.generatePrivate(new RSAPrivateKeySpec(number(key, "n"), number(key, "d")));
        }
        return factory.generatePrivate(new RSAPrivateCrtKeySpec(
                number(key, "n"),
                number(key, "e"),
                number(key, "d"),
                number(key, "p"),
                number(key, "q"),
                number(key, "dp"),
                number(key, "dq"),
                number(key, "qi")));
    }

    private static String text(ObjectValue key, String member) throws GeneralSecurityException {
        if (!(key.get(member) instanceof StringValue text)) {
            throw new GeneralSecurityException("the key has no " + member);
        }
        return text.value();
    }

    private static @Nullable String optional(ObjectValue key, String member) {
        return key.get(member) instanceof StringValue text ? text.value() : null;
    }

    private static byte[] bytes(ObjectValue key, String member) throws GeneralSecurityException {
        return Base64.getUrlDecoder().decode(text(key, member));
    }

    private static BigInteger number(ObjectValue key, String member) throws GeneralSecurityException {
        return new BigInteger(1, bytes(key, member));
    }
}
