package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ProviderDescription;
import io.maestro.conformance.UnresponsivePeer;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An instance opens, tells what and how it is, and ends. */
abstract class LifecycleContract extends IdentityContract {
    LifecycleContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void isUpWhenItsProviderAnswers() {
        assertThat(instance().health()).isEqualTo(new Health.Up());
    }

    @Test
    void opensBeforeItsProviderIsThereAndSaysThatItIsDown() throws IOException {
        String nowhere = UnresponsivePeer.nowhere().toString();
        try (IdentityProvider lonely = opened(registration().at(nowhere))) {
            assertThat(lonely.health())
                    .isInstanceOfSatisfying(
                            Health.Down.class, down -> assertThat(down.reason()).isNotBlank());
        }
    }

    @Test
    void isUpAgainWhenItsProviderIsBack() {
        LoopbackIssuer issuer = issuer();
        issuer.goDown();
        assertThat(instance().health()).isInstanceOf(Health.Down.class);
        issuer.back();
        pass(Duration.ofMinutes(1));
        assertThat(instance().health()).isEqualTo(new Health.Up());
    }

    @Test
    void describesItselfWithoutAskingAnybody() throws IOException {
        Registration nowhere = registration().at(UnresponsivePeer.nowhere().toString());
        try (IdentityProvider lonely = opened(nowhere)) {
            ProviderDescription described = lonely.describe(call(), new Describe());
            assertThat(described.issuer()).isEqualTo(nowhere.issuer());
            assertThat(described.clientId()).isEqualTo(nowhere.clientId());
            assertThat(described.audiences()).contains(nowhere.audience());
            assertThat(described.login()).isEqualTo(login());
        }
        if (provider() instanceof LoopbackIssuer own) {
            instance().describe(call(), new Describe());
            assertThat(own.asked()).isZero();
        }
    }

    @Test
    void refusesEverythingOnceClosed() throws Exception {
        String token = provider().token();
        validate(token);
        IdentityProvider closed = instance();
        close();
        for (ThrowingCallable act : acts(closed, token)) {
            refused(IdentityProblem.IDENTITY_CLOSED, act);
        }
        assertThat(closed.health()).isInstanceOf(Health.Down.class);
    }

    @Test
    void opensAgain() throws Exception {
        String token = provider().token();
        String subject = validate(token).subject();
        close();
        // the same context: what an instance keeps in its folder is there again
        try (IdentityProvider again = opened(context())) {
            assertThat(validate(again, token).subject()).isEqualTo(subject);
        }
    }
}
