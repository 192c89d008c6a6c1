package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A call ends at its deadline and when it is interrupted, also when the directory says nothing. */
abstract class DeadlineContract extends ProvisioningContract {
    /** After its deadline or interruption a call is over within this time; it says nothing about how fast an adapter is. */
    private static final long PATIENCE_SECONDS = 10;

    private static final List<BiConsumer<UserDirectory, CallContext>> ACTS = List.of(
            (directory, call) -> directory.createUser(call, new CreateUser("x", person("ada"), null)),
            (directory, call) -> directory.getUser(call, new UserReference("ada")),
            (directory, call) -> directory.listUsers(call, new ListUsers(null, null, null, null)),
            (directory, call) -> directory.patchUser(call, new PatchUser("ada", Map.of("displayName", "x"), null)),
            (directory, call) -> directory.assignGroup(call, new Membership("ada", "group")));

    DeadlineContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void callEndsAtItsDeadline() throws Exception {
        for (BiConsumer<UserDirectory, CallContext> act : ACTS) {
            try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
                Map<String, ?> silent = fixture().elsewhere(place(), peer.address());
                if (silent == null) {
                    assertThat(manifest().asksForNetwork()).isFalse();
                    return;
                }
                UserDirectory directory = opened(silent);
                FutureTask<Void> running =
                        new FutureTask<>(() -> act.accept(directory, call(Duration.ofMillis(500))), null);
                Thread.ofVirtual().start(running);
                endsUnreachable(running);
                directory.close();
            }
        }
    }

    @Test
    void callEndsWhenItIsInterrupted() throws Exception {
        for (BiConsumer<UserDirectory, CallContext> act : ACTS) {
            try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
                Map<String, ?> silent = fixture().elsewhere(place(), peer.address());
                if (silent == null) {
                    assertThat(manifest().asksForNetwork()).isFalse();
                    return;
                }
                UserDirectory directory = opened(silent);
                FutureTask<Void> running = new FutureTask<>(() -> act.accept(directory, call()), null);
                Thread thread = Thread.ofVirtual().start(running);
                assertThat(peer.awaitCall(PATIENCE_SECONDS))
                        .as("somebody called")
                        .isTrue();
                thread.interrupt();
                endsUnreachable(running);
                directory.close();
            }
        }
    }

    private static void endsUnreachable(FutureTask<Void> running) throws InterruptedException {
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the directory said nothing, and the call went well");
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().code())
                                    .isEqualTo(ProvisioningProblem.PROVISIONING_UNREACHABLE.code()));
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }
}
