package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Signs tokens by one key of its own, good ones and such as no good provider would ever make. Headers and claims are maps,
 * written as they are.
 *
 * @param key the key pair, with its id
 * @param algorithm by which good tokens are signed
 */
public record Jwts(JWK key, String algorithm) {
    /** A new RSA key of 2048 bits and RS256. */
    public static Jwts rsa() {
        return rsa(2048, "RS256");
    }

    /** A new RSA key. */
    public static Jwts rsa(int bits, String algorithm) {
        KeyPair pair = pair("RSA", bits);
        return new Jwts(
                new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .keyUse(KeyUse.SIGNATURE)
                        .keyID(UUID.randomUUID().toString())
                        .build(),
                algorithm);
    }

    /** A new key on the curve P-256 and ES256. */
    public static Jwts ec() {
        KeyPair pair = pair("EC", 256);
        return new Jwts(
                new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .keyUse(KeyUse.SIGNATURE)
                        .keyID(UUID.randomUUID().toString())
                        .build(),
                "ES256");
    }

    /** The public key as an entry of a JWK set. */
    public Map<String, Object> published() {
        return key.toPublicJWK().toJSONObject();
    }

    /** The header of a good token: algorithm, key id, and the type of access tokens. */
    public Map<String, Object> header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("kid", key.getKeyID());
        header.put("typ", "at+jwt");
        return header;
    }

    /** A token with a good header. */
    public String sign(Map<String, Object> claims) {
        return sign(header(), claims);
    }

    /** A token with any header, signed by our algorithm whatever the header says. */
    public String sign(Map<String, Object> header, Map<String, Object> claims) {
        return signText(header, JSONObjectUtils.toJSONString(claims));
    }

    /** A token with any content, JSON or not. */
    public String signText(Map<String, Object> header, String content) {
        return signed(signer(), new JWSHeader(JWSAlgorithm.parse(algorithm)), header, content);
    }

    /** A token whose signature is by HMAC, with our public key as if it were a shared secret (key confusion). */
    public String signByPublicKey(Map<String, Object> claims) {
        try {
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(
                                    key.toPublicJWK().toRSAKey().toPublicKey().getEncoded())
                    + "\n-----END PUBLIC KEY-----\n";
            Map<String, Object> header = header();
            header.put("alg", "HS256");
            return signed(
                    new MACSigner(pem),
                    new JWSHeader(JWSAlgorithm.HS256),
                    header,
                    JSONObjectUtils.toJSONString(claims));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token without a signature ({@code alg=none}). */
    public static String unsigned(Map<String, Object> claims) {
        return encoded(Map.of("alg", "none")) + "." + encoded(claims) + ".";
    }

    /** The same token with other claims and the old signature. */
    public static String changed(String token, Map<String, Object> claims) {
        String[] parts = token.split("\\.", -1);
        return parts[0] + "." + encoded(claims) + "." + parts[2];
    }

    private JWSSigner signer() {
        try {
            return key instanceof RSAKey rsa
                    // short keys, too
                    ? new RSASSASigner(rsa.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()))
                    : new ECDSASigner(key.toECKey());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSSigner signer, JWSHeader algorithm, Map<String, Object> header, String content) {
        String signed = encoded(header) + "." + Base64URL.encode(content);
        try {
            return signed + "." + signer.sign(algorithm, signed.getBytes(UTF_8));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(Map<String, Object> json) {
        return Base64URL.encode(JSONObjectUtils.toJSONString(json)).toString();
    }

    private static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
