package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that signs tokens by RS256, and what may be made of tokens without one.
 *
 * @param id names it
 * @param pair the key
 */
record SigningKey(String id, KeyPair pair) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Made once, for that takes long. */
    private static final List<KeyPair> PAIRS =
            Stream.generate(() -> generated(2048)).limit(7).toList();

    /** No provider publishes this one. */
    static SigningKey foreign(String id) {
        return new SigningKey(id, PAIRS.getLast());
    }

    /** One of six that providers have. */
    static SigningKey number(String id, int number) {
        return new SigningKey(id, PAIRS.get(number));
    }

    /** One that is too short to be trusted. */
    static SigningKey weak(String id) {
        return new SigningKey(id, generated(1024));
    }

    /** As a provider publishes it. */
    Map<String, Object> published() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("kty", "RSA");
        entry.put("use", "sig");
        entry.put("kid", id);
        entry.put("n", BASE64.encodeToString(bytes(publicKey().getModulus())));
        entry.put("e", BASE64.encodeToString(bytes(publicKey().getPublicExponent())));
        return entry;
    }

    /** The header of a token that it signs. */
    Map<String, Object> header(String type) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("typ", type);
        header.put("kid", id);
        return header;
    }

    /** A bearer token with these claims. */
    String sign(Map<String, Object> claims) {
        return sign(header("at+jwt"), claims);
    }

    /** A token with this header, by RS256 whatever the header says. */
    String sign(Map<String, Object> header, Map<String, Object> claims) {
        return signText(header, json(claims));
    }

    /** A token with this content, which may be none. */
    String signText(Map<String, Object> header, String content) {
        String signed = encoded(json(header)) + "." + encoded(content);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tokens signed by HS256 where the secret is the public key, in each of its usual spellings. */
    List<String> signByPublicKey(Map<String, Object> claims) {
        byte[] encoded = publicKey().getEncoded();
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----";
        return Stream.of(
                        encoded,
                        (pem + "\n").getBytes(US_ASCII),
                        pem.getBytes(US_ASCII),
                        bytes(publicKey().getModulus()))
                .map(secret -> hmac(secret, claims))
                .toList();
    }

    private String hmac(byte[] secret, Map<String, Object> claims) {
        Map<String, Object> header = header("at+jwt");
        header.put("alg", "HS256");
        String signed = encoded(json(header)) + "." + encoded(json(claims));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token of this algorithm, none for example, with this text for a signature. */
    static String unsigned(String algorithm, Map<String, Object> claims, String signature) {
        return encoded(json(Map.of("alg", algorithm, "typ", "at+jwt"))) + "." + encoded(json(claims)) + "." + signature;
    }

    /** The same token with other claims and the old signature. */
    static String changed(String token, Map<String, Object> claims) {
        List<String> parts = parts(token);
        return parts.get(0) + "." + encoded(json(claims)) + "." + parts.get(2);
    }

    /** What a token says. */
    static Map<String, Object> claims(String token) {
        byte[] content = Base64.getUrlDecoder().decode(parts(token).get(1));
        try {
            Map<String, Object> claims = new LinkedHashMap<>();
            JSON.readTree(new String(content, UTF_8))
                    .properties()
                    .forEach(claim -> claims.put(claim.getKey(), claim.getValue()));
            return claims;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the token of the provider is none that says what it is", e);
        }
    }

    /** Header, content and signature. */
    static List<String> parts(String token) {
        return List.of(token.split("\\.", -1));
    }

    static String json(Map<String, ?> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    private RSAPublicKey publicKey() {
        return (RSAPublicKey) pair.getPublic();
    }

    /** Without the sign. */
    private static byte[] bytes(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static KeyPair generated(int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
