package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.conformance.AnsweringPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who signed a token, and how, is for the provider's keys to say and never for the token. */
abstract class ForgeryContract extends IdentityContract {
    ForgeryContract(IdentityKit kit) {
        super(kit);
    }

    /** What a good token says. */
    private Map<String, Object> claims() throws Exception {
        return SigningKey.claims(provider().token());
    }

    @Test
    void unsignedTokenIsRefused() throws Exception {
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            refusedToken(SigningKey.unsigned(none, claims(), ""));
            refusedToken(SigningKey.unsigned(none, claims(), "AAAA"));
        }
        refusedToken(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, SigningKey.unsigned("none", claims(), ""));
        refusedToken(SigningKey.unsigned("", claims(), ""));
    }

    @Test
    void tokenSignedByThePublicKeyIsRefused() {
        for (String token : issuer().key().signByPublicKey(issuer().claims())) {
            refusedToken(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, token);
        }
    }

    @Test
    void tokenOfAnUnknownKeyIsRefused() throws Exception {
        validate(provider().token());
        refusedToken(
                IdentityProblem.TOKEN_KEY_UNKNOWN,
                SigningKey.foreign("key-of-nobody").sign(claims()));
    }

    @Test
    void keyIsTheOneThatTheTokenNames() {
        Map<String, Object> header = issuer().key().header("at+jwt");
        header.put("kid", "key-of-nobody");
        refusedToken(IdentityProblem.TOKEN_KEY_UNKNOWN, issuer().key().sign(header, issuer().claims()));
    }

    @Test
    void tokenOfAnotherKeyUnderAKnownNameIsRefused() {
        SigningKey known = issuer().key();
        refusedToken(
                IdentityProblem.TOKEN_SIGNATURE_WRONG,
                SigningKey.foreign(known.id()).sign(issuer().claims()));
    }

    @Test
    void changedTokenIsRefused() throws Exception {
        String token = provider().token();
        Map<String, Object> claims = claims();
        claims.put("sub", "root");
        refusedToken(IdentityProblem.TOKEN_SIGNATURE_WRONG, SigningKey.changed(token, claims));
        List<String> parts = SigningKey.parts(token);
        String signed = parts.get(0) + "." + parts.get(1) + ".";
        refusedToken(signed);
        refusedToken(signed + "AAAA");
        refusedToken(signed + parts.get(2).substring(0, parts.get(2).length() / 2));
        refusedToken(
                signed + SigningKey.parts(SigningKey.foreign("x").sign(claims)).get(2));
    }

    @Test
    void tokenThatBringsItsOwnKeyIsRefused() throws Exception {
        SigningKey own = SigningKey.foreign(issuer().key().id());
        try (AnsweringPeer elsewhere = AnsweringPeer.saying(
                200,
                Map.of("Content-Type", "application/json"),
                SigningKey.json(Map.of("keys", List.of(own.published()))))) {
            for (String id : List.of(issuer().key().id(), "key-of-its-own")) {
                for (Map.Entry<String, Object> brought : Map.<String, Object>of(
                                "jwk", own.published(),
                                "jku", elsewhere.address().toString(),
                                "x5u", elsewhere.address().toString())
                        .entrySet()) {
                    Map<String, Object> header = own.header("at+jwt");
                    header.put("kid", id);
                    header.put(brought.getKey(), brought.getValue());
                    refusedToken(own.sign(header, issuer().claims()));
                }
            }
            assertThat(elsewhere.asked()).as("who was asked because of a token").isZero();
        }
    }

    @Test
    void ruleThatNobodyKnowsIsRefused() {
        Map<String, Object> header = issuer().key().header("at+jwt");
        header.put("crit", List.of("odd"));
        header.put("odd", true);
        refusedToken(issuer().key().sign(header, issuer().claims()));
    }

    @Test
    void weakKeyAndKeyForEncryptionAreNone() throws IOException {
        SigningKey weak = SigningKey.weak("weak");
        SigningKey other = SigningKey.foreign("for-encryption");
        Map<String, Object> forEncryption = other.published();
        forEncryption.put("use", "enc");
        issuer().publish(List.of(
                weak.published(), forEncryption, Map.of("kty", "oct", "k", "c2VjcmV0", "kid", "shared")));
        assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
        refusedToken(weak.sign(issuer().claims()));
        refusedToken(other.sign(issuer().claims()));
    }
}
