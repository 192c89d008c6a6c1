package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** New keys come to be known, old ones go on while they are published, and what is known outlasts the provider. */
abstract class KeyContract extends IdentityContract {
    private static final int TOKENS = 50;

    KeyContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void manyTokensOfOneKeyNeedTheProviderOnce() {
        for (int i = 0; i < TOKENS; i++) {
            validate(issuer().token());
        }
        assertThat(issuer().asked(LoopbackIssuer.KEYS))
                .as("fetches of the keys")
                .isBetween(1, 2);
    }

    @Test
    void floodOfUnknownKeysIsNotPassedOn() {
        validate(issuer().token());
        for (int i = 0; i < TOKENS; i++) {
            refusedToken(
                    IdentityProblem.TOKEN_KEY_UNKNOWN,
                    SigningKey.foreign("made-up-" + i).sign(issuer().claims()));
        }
        assertThat(issuer().asked(LoopbackIssuer.KEYS))
                .as("fetches of the keys")
                .isLessThan(TOKENS / 2);
    }

    @Test
    void newKeyIsKnownWithinAMinuteAndTheOldOneGoesOn() {
        SigningKey old = issuer().key();
        validate(issuer().token());
        SigningKey next = issuer().rotate();
        becomesKnown(next);
        assertThat(validate(old.sign(issuer().claims())).subject()).isEqualTo("alice-of-tests");
        SigningKey third = issuer().rotate();
        becomesKnown(third);
        for (SigningKey key : List.of(old, next, third)) {
            assertThat(validate(key.sign(issuer().claims())).subject()).isEqualTo("alice-of-tests");
        }
    }

    private void becomesKnown(SigningKey key) {
        for (int second = 0; second < 60; second++) {
            try {
                validate(key.sign(issuer().claims()));
                return;
            } catch (ProblemException e) {
                assertThat(e.problem().code()).isEqualTo(IdentityProblem.TOKEN_KEY_UNKNOWN.code());
                pass(Duration.ofSeconds(1));
            }
        }
        throw new AssertionError("a key that signs for a minute is not known");
    }

    @Test
    void retiredKeyIsForgottenWithinAnHour() throws InterruptedException {
        SigningKey old = issuer().key();
        validate(issuer().token());
        issuer().rotate();
        issuer().retireOthers();
        pass(Duration.ofHours(1));
        // an adapter may fetch the keys behind the back of the first who comes
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            try {
                validate(old.sign(issuer().claims()));
            } catch (ProblemException e) {
                assertThat(e.problem().code()).isEqualTo(IdentityProblem.TOKEN_KEY_UNKNOWN.code());
                return;
            }
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
        }
        throw new AssertionError("a key that is not published any more is still good after an hour");
    }

    @Test
    void knownKeysGoOnWhenTheProviderIsDown() {
        validate(issuer().token());
        issuer().goDown();
        for (int i = 0; i < 3; i++) {
            assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
            pass(Duration.ofMinutes(20));
        }
        assertThat(instance().health()).isNotEqualTo(new Health.Up());
        assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
        issuer().back();
        pass(Duration.ofMinutes(1));
        assertThat(instance().health()).isEqualTo(new Health.Up());
    }

    @Test
    void unknownKeyIsTheTokensFaultWhileOthersAreKnown() {
        validate(issuer().token());
        for (Runnable trouble : List.<Runnable>of(
                issuer()::goDown,
                () -> issuer().answerAll(
                                (request, target) -> target.write(AnsweringPeer.message(500, Map.of(), ""))))) {
            trouble.run();
            pass(Duration.ofMinutes(2));
            refusedToken(
                    IdentityProblem.TOKEN_KEY_UNKNOWN,
                    SigningKey.foreign("key-of-nobody").sign(issuer().claims()));
        }
    }

    @Test
    void providerThatIsDownWhileNoKeyIsKnownIsUnreachable() {
        issuer().goDown();
        for (int i = 0; i < 3; i++) {
            Problem problem = refusedToken(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, issuer().token());
            assertThat(problem.retry()).isInstanceOf(Retry.After.class);
        }
        assertThat(instance().health()).isInstanceOf(Health.Down.class);
        issuer().back();
        pass(Duration.ofMinutes(1));
        assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
    }
}
