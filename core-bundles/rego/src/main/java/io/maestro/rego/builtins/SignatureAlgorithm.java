package io.maestro.rego.builtins;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** The algorithms of JSON Web Signatures that policies and bundles may use. There is none named {@code none}. */
public enum SignatureAlgorithm {
    HS256("HmacSHA256", Family.HMAC, 0),
    HS384("HmacSHA384", Family.HMAC, 0),
    HS512("HmacSHA512", Family.HMAC, 0),
    RS256("SHA256withRSA", Family.RSA, 0),
    RS384("SHA384withRSA", Family.RSA, 0),
    RS512("SHA512withRSA", Family.RSA, 0),
    PS256("SHA-256", Family.PSS, 32),
    PS384("SHA-384", Family.PSS, 48),
    PS512("SHA-512", Family.PSS, 64),
    ES256("SHA256withECDSAinP1363Format", Family.EC, 256),
    ES384("SHA384withECDSAinP1363Format", Family.EC, 384),
    ES512("SHA512withECDSAinP1363Format", Family.EC, 521),
    EDDSA("Ed25519", Family.ED, 0);

    private static final int LEAST_RSA_BITS = 1024;
    private static final int MOST_RSA_BITS = 8192;

    private enum Family {
        HMAC,
        RSA,
        PSS,
        EC,
        ED
    }

    private final String name;
    private final Family family;
    private final int size;

    SignatureAlgorithm(String name, Family family, int size) {
        this.name = name;
        this.family = family;
        this.size = size;
    }

    /** By the name that a header gives; null when it is none of them. */
    public static @Nullable SignatureAlgorithm of(String header) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.header().equals(header)) {
                return algorithm;
            }
        }
        return null;
    }

    public String header() {
        return this == EDDSA ? "EdDSA" : name();
    }

    public boolean isSecret() {
        return family == Family.HMAC;
    }

    public boolean verifies(byte[] secret, byte[] message, byte[] signature) {
        return isSecret() && MessageDigest.isEqual(CryptoBuiltins.hmac(name, secret, message), signature);
    }

    /** False also when the key is of another kind. */
    public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
        if (!fits(key)) {
            return false;
        }
        try {
            Signature verifier = signature();
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public byte[] sign(byte[] secret, byte[] message) {
        return CryptoBuiltins.hmac(name, secret, message);
    }

    /** Null when the key is of another kind. */
    public byte @Nullable [] sign(PrivateKey key, byte[] message) {
        if (!fits(key)) {
            return null;
        }
        try {
            Signature signer = signature();
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private boolean fits(Object key) {
        return switch (family) {
            case HMAC -> false;
            case RSA, PSS -> key instanceof RSAKey rsa && fits(rsa.getModulus());
            case EC ->
                key instanceof ECKey ec && ec.getParams().getCurve().getField().getFieldSize() == size;
            case ED -> key instanceof EdECKey;
        };
    }

    private static boolean fits(BigInteger modulus) {
        return modulus.bitLength() >= LEAST_RSA_BITS && modulus.bitLength() <= MOST_RSA_BITS;
    }

    private Signature signature() throws GeneralSecurityException {
        if (family != Family.PSS) {
            return Signature.getInstance(name);
        }
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), size, 1));
        return signature;
    }
}
