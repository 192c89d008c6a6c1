package io.maestro.adapter.identity.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which a provider signs, as it published them at one time. Those are left out that no token may be verified
 * by: shared secrets, keys for encryption, RSA keys of less than 2048 bits, and what cannot be read.
 *
 * <p>Immutable.
 */
final class SigningKeys {
    private static final int MOST_KEYS = 100;
    private static final int WEAKEST_RSA = 2048;
    /** Verifying by a longer one takes so long that somebody could keep the node busy. */
    private static final int LONGEST_RSA = 8192;

    private static final Map<JWSAlgorithm, Curve> CURVES =
            Map.of(JWSAlgorithm.ES256, Curve.P_256, JWSAlgorithm.ES384, Curve.P_384, JWSAlgorithm.ES512, Curve.P_521);

    private final List<JWK> keys;

    private SigningKeys(List<JWK> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Reads a JWK set. */
    static SigningKeys of(Map<String, Object> document) {
        Map<String, Object>[] entries;
        try {
            entries = JSONObjectUtils.getJSONObjectArray(document, "keys");
        } catch (ParseException e) {
            entries = null;
        }
        if (entries == null || entries.length > MOST_KEYS) {
            throw Failures.misconfigured(
                    entries == null
                            ? "what the provider publishes as its keys is no JWK set"
                            : "the provider publishes more than " + MOST_KEYS + " keys",
                    "Check the jwksUrl of the instance, or the jwks_uri of the provider.");
        }
        List<JWK> keys = new ArrayList<>();
        for (Map<String, Object> entry : entries) {
            JWK key = readable(entry);
            if (key != null && verifies(key)) {
                keys.add(key);
            }
        }
        return new SigningKeys(keys);
    }

    /** The key that the header names; null when there is none that fits its algorithm. */
    @Nullable
    JWK find(JWSHeader header) {
        List<JWK> fitting =
                keys.stream().filter(key -> fits(key, header.getAlgorithm())).toList();
        String id = header.getKeyID();
        if (id == null) {
            // a provider with one key need not name it
            return fitting.size() == 1 ? fitting.getFirst() : null;
        }
        return fitting.stream()
                .filter(key -> id.equals(key.getKeyID()))
                .findFirst()
                .orElse(null);
    }

    /** How many keys there are to verify by. */
    int size() {
        return keys.size();
    }

    private static @Nullable JWK readable(Map<String, Object> entry) {
        try {
            return JWK.parse(entry).toPublicJWK();
        } catch (ParseException | RuntimeException e) {
            // the others may be good
            return null;
        }
    }

    private static boolean verifies(@Nullable JWK key) {
        Set<KeyOperation> operations = key == null ? null : key.getKeyOperations();
        return key != null
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (operations == null || operations.contains(KeyOperation.VERIFY))
                && switch (key) {
                    case RSAKey rsa -> rsa.size() >= WEAKEST_RSA && rsa.size() <= LONGEST_RSA;
                    case ECKey ec -> CURVES.containsValue(ec.getCurve());
                    default -> false;
                };
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().getName().equals(algorithm.getName())) {
            return false;
        }
        return switch (key) {
            case RSAKey rsa -> JWSAlgorithm.Family.RSA.contains(algorithm);
            case ECKey ec -> Objects.equals(CURVES.get(algorithm), ec.getCurve());
            default -> false;
        };
    }
}
