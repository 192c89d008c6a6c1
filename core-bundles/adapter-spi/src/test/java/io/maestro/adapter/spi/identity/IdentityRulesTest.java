package io.maestro.adapter.spi.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.model.ProblemException;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityRulesTest {
    private static final URI CALLBACK = URI.create("http://127.0.0.1:8080/callback");
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    @Test
    void refusesEmptyAndEndlessToken() {
        taken(() -> IdentityRules.check(new ValidateToken("t".repeat(16_384))));
        refused("token-malformed", () -> IdentityRules.check(new ValidateToken("")));
        refused("token-malformed", () -> IdentityRules.check(new ValidateToken("t".repeat(16_385))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "callback",
                "/callback",
                "ftp://example.org/",
                "javascript:alert(1)",
                "https:/x",
                "https://example.org/#part",
                "mailto:a@example.org"
            })
    void refusesAddressThatNoBrowserIsSentTo(String address) {
        URI uri = URI.create(address);
        refused("identity-request-invalid", () -> IdentityRules.check(new BeginLogin(uri, "s", "n", CHALLENGE)));
        refused(
                "identity-request-invalid",
                () -> IdentityRules.check(new CompleteLogin("c", uri, VERIFIER, "n", null)));
        refused("identity-request-invalid", () -> IdentityRules.check(new EndSession(uri)));
    }

    @Test
    void takesLoopbackAndPlainAddress() {
        taken(() -> IdentityRules.check(new BeginLogin(CALLBACK, "s", "n", CHALLENGE)));
        taken(() -> IdentityRules.check(new EndSession(URI.create("https://example.org/bye?from=here"))));
        taken(() -> IdentityRules.check(new EndSession(null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\nb", "é"})
    void refusesStateNonceAndCodeBeyondPrintableAscii(String value) {
        refused("identity-request-invalid", () -> IdentityRules.check(new BeginLogin(CALLBACK, value, "n", CHALLENGE)));
        refused("identity-request-invalid", () -> IdentityRules.check(new BeginLogin(CALLBACK, "s", value, CHALLENGE)));
        refused(
                "identity-request-invalid",
                () -> IdentityRules.check(new CompleteLogin(value, CALLBACK, VERIFIER, "n", null)));
        refused(
                "identity-request-invalid",
                () -> IdentityRules.check(new CompleteLogin("c", CALLBACK, VERIFIER, value, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "+/"})
    void refusesChallengeThatIsNoSha256(String challenge) {
        refused("identity-request-invalid", () -> IdentityRules.check(new BeginLogin(CALLBACK, "s", "n", challenge)));
    }

    @Test
    void countsTheVerifier() {
        for (int length : List.of(43, 128)) {
            taken(() -> IdentityRules.check(new CompleteLogin("c", CALLBACK, "v".repeat(length), "n", null)));
        }
        for (int length : List.of(0, 42, 129)) {
            refused(
                    "identity-request-invalid",
                    () -> IdentityRules.check(new CompleteLogin("c", CALLBACK, "v".repeat(length), "n", null)));
        }
    }

    @Test
    void boundsWhatAnIdentityHolds() {
        List<String> many = Collections.nCopies(256, "v");
        taken(() -> IdentityRules.check(identity("s", List.of("r"), Map.of("groups", many))));
        refused("token-claims-too-large", () -> IdentityRules.check(identity("s".repeat(257), List.of(), Map.of())));
        refused(
                "token-claims-too-large",
                () -> IdentityRules.check(identity("s", Collections.nCopies(65, "r"), Map.of())));
        refused(
                "token-claims-too-large",
                () -> IdentityRules.check(identity("s", List.of(), Map.of("groups", Collections.nCopies(257, "v")))));
        refused(
                "token-claims-too-large",
                () -> IdentityRules.check(identity("s", List.of(), Map.of("groups", List.of("v".repeat(257))))));
        Map<String, List<String>> wide = new HashMap<>();
        IntStream.range(0, 65).forEach(i -> wide.put("a" + i, List.of("v")));
        refused("token-claims-too-large", () -> IdentityRules.check(identity("s", List.of(), wide)));
        List<String> long64 = Collections.nCopies(64, "v".repeat(256));
        refused("token-claims-too-large", () -> IdentityRules.check(identity("s", List.of(), Map.of("a", long64))));
    }

    @Test
    void nothingConfidentialIsPrinted() {
        String secret = "very-confidential-very-confidential-very-confidential";
        List<Object> records = List.of(
                new ValidateToken(secret),
                new BeginLogin(CALLBACK, secret, secret, secret),
                new LoginUrl(URI.create("https://example.org/auth?state=" + secret)),
                new CompleteLogin(secret, CALLBACK, secret, secret, null));
        assertThat(records).allSatisfy(record -> assertThat(record.toString()).doesNotContain(secret));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> IdentityRules.check(new CompleteLogin(secret + "é", CALLBACK, secret, secret, null)))
                .satisfies(refusal -> assertThat(refusal.problem().toString()).doesNotContain(secret));
    }

    private static VerifiedIdentity identity(String subject, List<String> roles, Map<String, List<String>> attributes) {
        return new VerifiedIdentity(
                "https://issuer.example.org",
                subject,
                "Ann",
                null,
                roles,
                attributes,
                Instant.EPOCH,
                Instant.MAX,
                null);
    }

    private static void taken(ThrowingCallable check) {
        assertThatCode(check).doesNotThrowAnyException();
    }

    private static void refused(String code, ThrowingCallable check) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(check).satisfies(refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code);
            assertThat(refusal.problem().fix()).isNotBlank();
        });
    }
}
