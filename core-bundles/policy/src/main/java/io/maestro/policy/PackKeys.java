package io.maestro.policy;

import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

/** Public keys that may sign packs, as PEM. */
final class PackKeys {
    private static final int LONGEST = 8_192;
    private static final int FEWEST_RSA_BITS = 2_048;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    /** The kind of key by the algorithm of JWS. */
    private static final Map<String, String> KINDS = Map.of(
            "RS256", "RSA",
            "RS384", "RSA",
            "RS512", "RSA",
            "PS256", "RSA",
            "PS384", "RSA",
            "PS512", "RSA",
            "ES256", "EC",
            "ES384", "EC",
            "ES512", "EC",
            "EdDSA", "EdDSA");

    private PackKeys() {}

    /** The key in its usual form, when it is one for the algorithm. */
    static String checked(String algorithm, String pem) {
        String kind = KINDS.get(algorithm);
        if (kind == null) {
            throw invalid("the algorithm is not one that is taken", null);
        }
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (pem.length() > LONGEST || begin < 0 || end < begin) {
            throw invalid("that is no public key in PEM form", null);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            PublicKey key = KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
            if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < FEWEST_RSA_BITS) {
                throw invalid("the key has fewer than " + FEWEST_RSA_BITS + " bits", null);
            }
            return BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n"
                    + END + "\n";
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw invalid("that is no key for " + algorithm, e);
        }
    }

    private static ProblemException invalid(String what, @org.jspecify.annotations.Nullable Exception cause) {
        Problem problem = Problem.of(
                PolicyProblem.POLICY_KEY_INVALID,
                what,
                "Send what `openssl pkey -in KEY -pubout` prints, with RS256, PS256, ES256 or EdDSA.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
