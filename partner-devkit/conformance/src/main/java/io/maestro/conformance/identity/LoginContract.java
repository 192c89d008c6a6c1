package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A person logs in with a browser, by the code flow with PKCE, and the instance remembers nothing of it. */
abstract class LoginContract extends IdentityContract {
    LoginContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void withoutLoginItIsRefused() throws Exception {
        if (!login()) {
            refusesLogins(instance());
        }
        Map<String, ?> forPrograms = fixture().forPrograms(registration());
        if (forPrograms == null) {
            return;
        }
        try (IdentityProvider programs = opened(context(Scope.of("acme", "dev"), forPrograms))) {
            refusesLogins(programs);
            assertThat(validate(programs, provider().token()).subject()).isNotBlank();
        }
    }

    private void refusesLogins(IdentityProvider programs) {
        assertThat(programs.describe(call(), new Describe()).login()).isFalse();
        refused(IdentityProblem.LOGIN_NOT_OFFERED, () -> programs.beginLogin(call(), beginning()));
        refused(IdentityProblem.LOGIN_NOT_OFFERED, () -> programs.completeLogin(call(), invented()));
    }

    @Test
    void beginsWithStateNonceAndChallenge() {
        if (!login()) {
            return;
        }
        URI url = instance().beginLogin(call(), beginning()).url();
        if (provider() instanceof LoopbackIssuer own) {
            assertThat(url.toString()).startsWith(own.registration().issuer() + LoopbackIssuer.LOGIN + "?");
        }
        assertThat(url.getRawFragment()).isNull();
        Map<String, String> asked = Query.of(url);
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", registration().clientId())
                .containsEntry("redirect_uri", provider().redirectUri().toString())
                .containsEntry("state", STATE)
                .containsEntry("nonce", NONCE)
                .containsEntry("code_challenge", LoopbackIssuer.challenge(VERIFIER))
                .containsEntry("code_challenge_method", "S256");
        assertThat(asked.getOrDefault("scope", "").split(" ")).contains("openid");
        assertThat(url.toString()).doesNotContain(VERIFIER, registration().clientSecret());
    }

    @Test
    void whoLoggedInIsKnown() throws Exception {
        if (!login()) {
            return;
        }
        VerifiedIdentity identity = complete(loggedIn(instance()));
        assertThat(identity.issuer()).isEqualTo(registration().issuer());
        assertThat(identity.subject()).isNotBlank();
        assertThat(identity.expiresAt()).isAfter(now());
        if (provider() instanceof LoopbackIssuer) {
            assertThat(identity.subject()).isEqualTo("alice-of-tests");
            assertThat(identity.displayName()).isEqualTo("Alice Example");
            assertThat(identity.roles()).containsExactly("tenant_admin");
            assertThat(identity.attributes()).isEqualTo(Map.of("department", List.of("engineering")));
        }
    }

    @Test
    void anotherInstanceMayCompleteWhatOneBegan() throws Exception {
        if (!login()) {
            return;
        }
        CompleteLogin login = loggedIn(instance());
        close();
        try (IdentityProvider again = opened(registration())) {
            assertThat(again.completeLogin(call(), login).subject()).isNotBlank();
        }
    }

    @Test
    void codeIsGoodOnce() throws Exception {
        if (!login()) {
            return;
        }
        CompleteLogin login = loggedIn(instance());
        complete(login);
        refusedCode(login);
    }

    @Test
    void codeIsWorthNothingWithAnotherVerifierOrAddress() throws Exception {
        if (!login()) {
            return;
        }
        CompleteLogin login = loggedIn(instance());
        refusedCode(new CompleteLogin(login.code(), login.redirectUri(), VERIFIER + "x", NONCE, login.issuer()));
        CompleteLogin other = loggedIn(instance());
        refusedCode(new CompleteLogin(
                other.code(), URI.create("https://maestro.example.org/elsewhere"), VERIFIER, NONCE, other.issuer()));
        refusedCode(invented());
    }

    private void refusedCode(CompleteLogin login) {
        Problem problem = refused(IdentityProblem.LOGIN_CODE_REFUSED, () -> complete(login));
        assertThat(problem.toString()).doesNotContain(login.code(), login.codeVerifier(), login.nonce());
    }

    @Test
    void loginOfAnotherNonceIsRefused() throws Exception {
        if (!login()) {
            return;
        }
        CompleteLogin login = loggedIn(instance());
        refused(
                IdentityProblem.TOKEN_NONCE_MISMATCH,
                () -> complete(with(login.code(), "nonce-of-another", login.issuer())));
    }

    @Test
    void browserThatComesBackFromAnotherIssuerRedeemsNothing() throws Exception {
        if (!login()) {
            return;
        }
        CompleteLogin login = loggedIn(instance());
        for (String other : List.of("https://evil.example.org", registration().issuer() + "/", "")) {
            refused(IdentityProblem.TOKEN_ISSUER_WRONG, () -> complete(with(login.code(), NONCE, other)));
        }
        assertThat(complete(with(login.code(), NONCE, null)).subject()).isNotBlank();
    }

    @Test
    void providerThatForgetsBrowsersIsNamed() {
        EndSession back = new EndSession(URI.create("https://maestro.example.org/?gone=1"));
        if (!offers(IdentityFixture.Offer.END_SESSION)) {
            assertThat(instance().endSessionUrl(call(), back).url()).isNull();
            return;
        }
        URI url = instance().endSessionUrl(call(), back).url();
        assertThat(url).isNotNull();
        assertThat(Query.of(url)).containsValue("https://maestro.example.org/?gone=1");
        assertThat(instance().endSessionUrl(call(), new EndSession(null)).url()).isNotNull();
        if (provider() instanceof LoopbackIssuer own) {
            assertThat(url.toString()).startsWith(own.registration().issuer() + LoopbackIssuer.END_SESSION + "?");
        }
    }

    @Test
    void providerThatForgetsNoBrowsersIsNotNamed() {
        issuer().tell("end_session_endpoint", "");
        assertThat(instance().endSessionUrl(call(), new EndSession(null)).url()).isNull();
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        if (!login()) {
            return;
        }
        String challenge = LoopbackIssuer.challenge(VERIFIER);
        URI back = provider().redirectUri();
        for (BeginLogin bad : List.of(
                new BeginLogin(back, "", NONCE, challenge),
                new BeginLogin(back, "s".repeat(513), NONCE, challenge),
                new BeginLogin(back, "with space", NONCE, challenge),
                new BeginLogin(back, STATE, "é", challenge),
                new BeginLogin(back, STATE, NONCE, challenge + "="),
                new BeginLogin(back, STATE, NONCE, "plain"),
                new BeginLogin(URI.create("javascript:alert(1)"), STATE, NONCE, challenge),
                new BeginLogin(URI.create("https://maestro.example.org/#x"), STATE, NONCE, challenge))) {
            refused(IdentityProblem.IDENTITY_REQUEST_INVALID, () -> instance().beginLogin(call(), bad));
        }
        for (CompleteLogin bad : List.of(
                with("", NONCE, null),
                with("c".repeat(4097), NONCE, null),
                with("line\nbreak", NONCE, null),
                with("code", "", null),
                new CompleteLogin("code", back, "too-short", NONCE, null),
                new CompleteLogin("code", URI.create("/relative"), VERIFIER, NONCE, null))) {
            refused(IdentityProblem.IDENTITY_REQUEST_INVALID, () -> complete(bad));
        }
        if (provider() instanceof LoopbackIssuer own) {
            assertThat(own.asked(LoopbackIssuer.TOKEN)).isZero();
        }
    }
}
