package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
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
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way to the directory is told as that, in time, and is over once it goes wrong no more. */
abstract class WireContract extends ProvisioningContract {
    private static final long PATIENCE_SECONDS = 20;

    WireContract(ProvisioningKit kit) {
        super(kit);
    }

    /** What is tried over a way with faults. */
    @FunctionalInterface
    private interface Trial {
        void run(FaultyProxy way, UserDirectory directory, List<BiConsumer<UserDirectory, CallContext>> acts)
                throws Exception;
    }

    private List<BiConsumer<UserDirectory, CallContext>> acts() throws Exception {
        ProvisionedUser ada = create("ada");
        UserReference reference = new UserReference(ada.id());
        Membership membership = new Membership(ada.id(), fixture().newGroup(place()));
        return List.of(
                (directory, call) -> directory.createUser(call, new CreateUser("x-ada", person("ada"), null)),
                (directory, call) -> directory.getUser(call, reference),
                (directory, call) -> directory.listUsers(call, new ListUsers("ada", null, null, null)),
                (directory, call) -> directory.replaceUser(call, new ReplaceUser(ada.id(), person("ada"), null)),
                (directory, call) ->
                        directory.patchUser(call, new PatchUser(ada.id(), Map.of("displayName", "Ada"), null)),
                (directory, call) -> directory.deactivateUser(call, reference),
                (directory, call) -> directory.reactivateUser(call, reference),
                (directory, call) -> directory.assignGroup(call, membership),
                (directory, call) -> directory.removeGroup(call, membership));
    }

    /** Where the way leads; null when there is no network. */
    private @Nullable URI system() throws IOException {
        URI system = fixture().system(place());
        if (system == null && manifest().asksForNetwork()) {
            Assumptions.abort("the fixture names no system that a faulty way can lead to");
        }
        return system;
    }

    private void over(Fault fault, Trial trial) throws Exception {
        URI system = system();
        if (system != null) {
            over(FaultyProxy.to(system), null, fault, trial);
        }
    }

    /** Tries it with an instance of its own, and sees that nothing is left of that afterwards. */
    private void over(FaultyProxy given, @Nullable SSLContext tls, Fault fault, Trial trial) throws Exception {
        List<BiConsumer<UserDirectory, CallContext>> acts = acts();
        Set<Thread> before = Leftovers.threads();
        try (FaultyProxy way = given) {
            way.fault(fault);
            Map<String, ?> there = fixture().elsewhere(place(), way.address());
            assertThat(there).as("the same directory by another way").isNotNull();
            TestAdapterContext context = context(Scope.of("acme", "dev"), there, tls);
            UserDirectory directory = opened(context);
            try {
                trial.run(way, directory, acts);
                assertThat(way.connections()).as("connections that were made").isPositive();
            } finally {
                directory.close();
                context.close();
            }
            Leftovers.endConnectionsOf(way);
        }
        Leftovers.endThreadsBut(before);
    }

    private static void failsOnTheWay(
            BiConsumer<UserDirectory, CallContext> act, UserDirectory directory, Duration deadline)
            throws InterruptedException {
        FutureTask<Void> running = new FutureTask<>(() -> act.accept(directory, call(deadline)), null);
        Thread.ofVirtual().start(running);
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the answer did not come whole, and the call went well");
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().category()).isEqualTo(ProblemCategory.EXTERNAL));
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }

    @Test
    void slowWayOnlyTakesLonger() throws Exception {
        over(
                new Latency(Duration.ofMillis(50)),
                (way, directory, acts) -> acts.forEach(act -> act.accept(directory, call())));
    }

    @Test
    void answerThatIsCutOffIsAFailureThatIsOverWithTheNextConnection() throws Exception {
        for (boolean reset : List.of(true, false)) {
            over(new CutAnswer(30, reset), (way, directory, acts) -> {
                for (BiConsumer<UserDirectory, CallContext> act : acts) {
                    failsOnTheWay(act, directory, Duration.ofMinutes(2));
                }
                way.fault(new None());
                acts.forEach(act -> act.accept(directory, call()));
            });
        }
    }

    @Test
    void requestThatIsCutOffIsAFailureThatIsOverWithTheNextConnection() throws Exception {
        for (boolean reset : List.of(true, false)) {
            over(new CutRequest(20, reset), (way, directory, acts) -> {
                for (BiConsumer<UserDirectory, CallContext> act : acts) {
                    failsOnTheWay(act, directory, Duration.ofMinutes(2));
                }
                way.fault(new None());
                acts.forEach(act -> act.accept(directory, call()));
            });
        }
    }

    @Test
    void callEndsAtItsDeadlineAlthoughTheAnswerTricklesOrStops() throws Exception {
        for (Fault fault : List.of(new Trickle(40, Duration.ofMillis(200)), new Stall(40))) {
            over(fault, (way, directory, acts) -> {
                for (BiConsumer<UserDirectory, CallContext> act : acts) {
                    failsOnTheWay(act, directory, Duration.ofMillis(300));
                }
                way.fault(new None());
                acts.forEach(act -> act.accept(directory, call()));
            });
        }
    }

    @Test
    void certificateHasToBeOfAKnownIssuerInTimeAndOfTheHost() throws Exception {
        URI system = system();
        if (system == null) {
            return;
        }
        TestAuthority authority = TestAuthority.in(folder);
        for (ServerCertificate certificate : ServerCertificate.values()) {
            FaultyProxy served = FaultyProxy.to(system, authority.showing(certificate));
            over(served, authority.trusting(), new None(), (way, directory, acts) -> {
                for (BiConsumer<UserDirectory, CallContext> act : acts) {
                    if (certificate == ServerCertificate.SOUND) {
                        act.accept(directory, call());
                    } else {
                        failsOnTheWay(act, directory, Duration.ofMinutes(2));
                    }
                }
                if (certificate != ServerCertificate.SOUND) {
                    assertThat(way.asked())
                            .as("bytes sent to a server with a certificate %s", certificate)
                            .isZero();
                }
            });
        }
    }
}
