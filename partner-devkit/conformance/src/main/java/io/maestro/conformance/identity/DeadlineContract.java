package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A call ends at its deadline and when it is interrupted, also when the provider says nothing. */
abstract class DeadlineContract extends IdentityContract {
    /** After its deadline or interruption a call is over within this time; it says nothing about how fast an adapter is. */
    private static final long PATIENCE_SECONDS = 10;

    DeadlineContract(IdentityKit kit) {
        super(kit);
    }

    /** What asks the provider while nothing is known of it. */
    private interface Act {
        void run(IdentityProvider instance, CallContext call);
    }

    private List<Act> acts(Registration there) {
        String token = SigningKey.foreign("key-1").sign(LoopbackIssuer.claims(there, now()));
        List<Act> acts = new ArrayList<>();
        acts.add((instance, call) -> instance.validateToken(call, new ValidateToken(token)));
        if (login()) {
            acts.add((instance, call) -> instance.completeLogin(call, invented()));
            acts.add((instance, call) -> instance.beginLogin(call, beginning()));
        }
        if (offers(IdentityFixture.Offer.END_SESSION)) {
            acts.add((instance, call) -> instance.endSessionUrl(call, new EndSession(null)));
        }
        return acts;
    }

    @Test
    void callEndsAtItsDeadline() throws Exception {
        try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
            Registration silent = registration().at(peer.address().toString());
            for (Act act : acts(silent)) {
                try (IdentityProvider instance = opened(silent)) {
                    FutureTask<Void> running =
                            new FutureTask<>(() -> act.run(instance, call(Duration.ofMillis(500))), null);
                    Thread.ofVirtual().start(running);
                    endsAs(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, running);
                }
            }
        }
    }

    @Test
    void callEndsWhenItIsInterrupted() throws Exception {
        for (int i = 0; i < acts(registration()).size(); i++) {
            try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
                Registration silent = registration().at(peer.address().toString());
                Act act = acts(silent).get(i);
                try (IdentityProvider instance = opened(silent)) {
                    FutureTask<Void> running = new FutureTask<>(() -> act.run(instance, call()), null);
                    Thread thread = Thread.ofVirtual().start(running);
                    assertThat(peer.awaitCall(PATIENCE_SECONDS))
                            .as("somebody called")
                            .isTrue();
                    thread.interrupt();
                    endsAs(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, running);
                }
            }
        }
    }

    @Test
    void interruptionOfOneIsNotThatOfAnotherWhoWaits() throws Exception {
        issuer().fallSilent();
        String token = issuer().token();
        FutureTask<Void> first = new FutureTask<>(() -> validate(token), null);
        Thread thread = Thread.ofVirtual().start(first);
        FutureTask<String> second = new FutureTask<>(() -> validate(token).subject());
        Thread.ofVirtual().start(second);
        thread.interrupt();
        endsAs(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, first);
        issuer().back();
        assertThat(second.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("alice-of-tests");
    }

    @Test
    void codeThatIsNotAnsweredEndsAtTheDeadlineAndDoesNotCountAgainstTheInstance() throws Exception {
        if (!login()) {
            return;
        }
        validate(issuer().token());
        issuer().answerCodes(issuer()::keepWaiting);
        FutureTask<Void> running =
                new FutureTask<>(() -> instance().completeLogin(call(Duration.ofMillis(500)), invented()), null);
        Thread.ofVirtual().start(running);
        endsAs(IdentityProblem.LOGIN_UNAVAILABLE, running);
    }

    @Test
    void nobodyWhomTheKnownKeysSufficeWaitsForNewOnes() throws Exception {
        validate(issuer().token());
        issuer().fallSilent();
        pass(Duration.ofHours(1));
        FutureTask<String> running =
                new FutureTask<>(() -> validate(issuer().token()).subject());
        Thread.ofVirtual().start(running);
        try {
            assertThat(running.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("alice-of-tests");
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("who has a token of a known key waits for a provider that says nothing", e);
        }
    }

    private static void endsAs(IdentityProblem code, FutureTask<Void> running) throws InterruptedException {
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the provider said nothing, and the call went well");
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().code()).isEqualTo(code.code()));
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }
}
