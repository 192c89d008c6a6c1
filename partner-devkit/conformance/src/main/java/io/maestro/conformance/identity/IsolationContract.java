package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.model.Scope;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances of different tenants, from one factory, have nothing in common. */
abstract class IsolationContract extends IdentityContract {
    IsolationContract(IdentityKit kit) {
        super(kit);
    }

    private IdentityProvider ofAnotherTenant(Registration registration) throws Exception {
        return opened(context(Scope.of("globex", "prod"), fixture().configuration(registration)));
    }

    @Test
    void tokenOfOneIsNothingToAnother() throws Exception {
        try (LoopbackIssuer theirs = LoopbackIssuer.startAnother();
                IdentityProvider other = ofAnotherTenant(theirs.registration())) {
            String token = issuer().token();
            validate(token);
            refusedToken(IdentityProblem.TOKEN_ISSUER_WRONG, other, token);
            assertThat(validate(other, theirs.token()).issuer())
                    .isEqualTo(theirs.registration().issuer());
            refusedToken(IdentityProblem.TOKEN_ISSUER_WRONG, theirs.token());
        }
    }

    @Test
    void keysOfOneAreNotThoseOfAnother() throws Exception {
        try (LoopbackIssuer theirs = LoopbackIssuer.startAnother();
                IdentityProvider other = ofAnotherTenant(theirs.registration())) {
            validate(issuer().token());
            validate(other, theirs.token());
            // the keys have the same name
            refusedToken(
                    IdentityProblem.TOKEN_SIGNATURE_WRONG, other, issuer().key().sign(theirs.claims()));
            refusedToken(IdentityProblem.TOKEN_SIGNATURE_WRONG, theirs.key().sign(issuer().claims()));
        }
    }

    @Test
    void tokenForOneIsNotForAnotherAtTheSameProvider() throws Exception {
        Registration ours = registration();
        Registration theirs =
                new Registration(ours.issuer(), ours.clientId(), ours.clientSecret(), "api-of-another-tenant");
        try (IdentityProvider other = ofAnotherTenant(theirs)) {
            String token = issuer().token();
            validate(token);
            refusedToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, other, token);
        }
    }

    @Test
    void clientSecretGoesToItsOwnProviderOnly() throws Exception {
        if (!login()) {
            return;
        }
        LoopbackIssuer ours = issuer();
        try (LoopbackIssuer theirs = LoopbackIssuer.startAnother();
                IdentityProvider other = ofAnotherTenant(theirs.registration())) {
            complete(loggedIn(instance()));
            URI back = theirs.logIn(other.beginLogin(call(), beginning()).url());
            Map<String, String> brought = Query.of(back);
            CompleteLogin login = with(brought.getOrDefault("code", ""), NONCE, brought.get("iss"));
            assertThat(other.completeLogin(call(), login).issuer())
                    .isEqualTo(theirs.registration().issuer());
            assertThat(ours.secretsThatCame()).containsOnly(ours.registration().clientSecret());
            assertThat(theirs.secretsThatCame())
                    .containsOnly(theirs.registration().clientSecret());
        }
    }

    @Test
    void troubleOfOneIsNotTroubleOfAnother() throws Exception {
        try (LoopbackIssuer theirs = LoopbackIssuer.startAnother();
                IdentityProvider other = ofAnotherTenant(theirs.registration())) {
            theirs.goDown();
            refusedToken(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, other, theirs.token());
            assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
            assertThat(instance().health()).isEqualTo(new Health.Up());
        }
    }

    @Test
    void oneGoesOnWhenAnotherIsClosed() throws Exception {
        String token = provider().token();
        validate(token);
        IdentityProvider other = ofAnotherTenant(registration());
        validate(other, token);
        other.close();
        assertThat(validate(token).subject()).isNotBlank();
        assertThat(instance().health()).isEqualTo(new Health.Up());
    }
}
