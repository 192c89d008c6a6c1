package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.conformance.FaultyProxy;
import io.maestro.conformance.FaultyProxy.CutAnswer;
import io.maestro.conformance.FaultyProxy.CutRequest;
import io.maestro.conformance.FaultyProxy.Fault;
import io.maestro.conformance.FaultyProxy.Latency;
import io.maestro.conformance.FaultyProxy.None;
import io.maestro.conformance.FaultyProxy.Stall;
import io.maestro.conformance.FaultyProxy.Trickle;
import io.maestro.conformance.Leftovers;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.TestAuthority;
import io.maestro.conformance.TestAuthority.ServerCertificate;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way to the provider is told as that, in time, and is over once it goes wrong no more. */
abstract class WireContract extends IdentityContract {
    private static final long PATIENCE_SECONDS = 20;

    /** In these many seconds an instance finds back to a provider that is there again. */
    private static final int RECOVERY_SECONDS = 30;

    WireContract(IdentityKit kit) {
        super(kit);
    }

    /** What an instance is asked that knows nothing yet. */
    private interface Act {
        void run(IdentityProvider instance, CallContext call) throws Exception;
    }

    private List<Act> acts() {
        List<Act> acts = new ArrayList<>();
        acts.add((instance, call) -> instance.validateToken(call, new ValidateToken(issuer().token())));
        if (login()) {
            acts.add((instance, call) -> instance.completeLogin(call, invented()));
        }
        return acts;
    }

    /** Tries each act with an instance of its own, and sees that nothing is left of that afterwards. */
    private void over(Fault fault, Duration deadline, boolean fails) throws Exception {
        Set<Thread> before = Leftovers.threads();
        for (Act act : acts()) {
            try (FaultyProxy way = FaultyProxy.to(issuer().address())) {
                issuer().callItself(way.address());
                way.fault(fault);
                TestAdapterContext context =
                        context(Scope.of("acme", "dev"), fixture().configuration(registration()));
                IdentityProvider instance = opened(context);
                try {
                    if (fails) {
                        failsOnTheWay(act, instance, deadline);
                        way.fault(new None());
                        recovers(instance);
                    } else {
                        validate(instance, issuer().token());
                        if (login()) {
                            assertThat(instance.completeLogin(call(), loggedIn(instance))
                                            .subject())
                                    .isNotBlank();
                        }
                    }
                    assertThat(way.connections())
                            .as("connections that were made")
                            .isPositive();
                } finally {
                    instance.close();
                    context.close();
                }
                Leftovers.endConnectionsOf(way);
            }
        }
        Leftovers.endThreadsBut(before);
    }

    private void failsOnTheWay(Act act, IdentityProvider instance, Duration deadline) throws InterruptedException {
        CallContext call = call(deadline);
        FutureTask<Void> running = new FutureTask<>(() -> {
            act.run(instance, call);
            return null;
        });
        Thread.ofVirtual().start(running);
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the answer did not come whole, and the call went well");
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().code())
                                    .as(refusal.problem().toString())
                                    .isIn(
                                            IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE.code(),
                                            IdentityProblem.LOGIN_UNAVAILABLE.code()));
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }

    /** Whoever spaces out what it fetches does so by the clock of its context, which is moved here. */
    private void recovers(IdentityProvider instance) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int second = 0; second < RECOVERY_SECONDS; second++) {
            pass(Duration.ofSeconds(20));
            try {
                instance.validateToken(call(Duration.ofSeconds(1)), new ValidateToken(issuer().token()));
                if (login()) {
                    assertThat(instance.completeLogin(call(), loggedIn(instance))
                                    .subject())
                            .isNotBlank();
                }
                return;
            } catch (ProblemException e) {
                assertThat(e.problem().code()).isEqualTo(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE.code());
                assertThat(never.await(200, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
        throw new AssertionError("the way is good again, and the instance does not find back in a long time");
    }

    @Test
    void slowWayOnlyTakesLonger() throws Exception {
        over(new Latency(Duration.ofMillis(50)), Duration.ofMinutes(2), false);
    }

    @Test
    void answerThatIsCutOffIsAFailureThatIsOverWithTheNextConnection() throws Exception {
        for (long after : List.of(30L, 200L)) {
            for (boolean reset : List.of(true, false)) {
                over(new CutAnswer(after, reset), Duration.ofMinutes(2), true);
            }
        }
    }

    @Test
    void requestThatIsCutOffIsAFailureThatIsOverWithTheNextConnection() throws Exception {
        for (boolean reset : List.of(true, false)) {
            over(new CutRequest(20, reset), Duration.ofMinutes(2), true);
        }
    }

    @Test
    void callEndsAtItsDeadlineAlthoughTheAnswerTricklesOrStops() throws Exception {
        for (Fault fault : List.of(new Trickle(40, Duration.ofMillis(200)), new Stall(40), new Stall(200))) {
            over(fault, Duration.ofMillis(300), true);
        }
    }

    @Test
    void certificateHasToBeOfAKnownIssuerInTimeAndOfTheHost() throws Exception {
        TestAuthority authority = TestAuthority.in(folder);
        for (ServerCertificate certificate : ServerCertificate.values()) {
            try (FaultyProxy way = FaultyProxy.to(issuer().address(), authority.showing(certificate))) {
                issuer().callItself(way.address());
                TestAdapterContext context =
                        context(Scope.of("acme", "dev"), fixture().configuration(registration()), authority.trusting());
                IdentityProvider instance = opened(context);
                if (certificate == ServerCertificate.SOUND) {
                    assertThat(validate(instance, issuer().token()).subject()).isNotBlank();
                } else {
                    for (Act act : acts()) {
                        failsOnTheWay(act, instance, Duration.ofMinutes(2));
                    }
                    assertThat(way.asked())
                            .as("bytes sent to a server with a certificate %s", certificate)
                            .isZero();
                }
                instance.close();
            }
        }
    }
}
