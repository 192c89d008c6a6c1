package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
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

/** A call ends at its deadline and when it is interrupted, also when the outside system says nothing. */
abstract class DeadlineContract extends StorageContract {
    /** After its deadline or interruption a call is over within this time; it says nothing about how fast an adapter is. */
    private static final long PATIENCE_SECONDS = 20;

    private static final List<BiConsumer<ObjectStorage, CallContext>> ACTS = List.of(
            (storage, call) -> storage.getObject(call, new GetObject("key")),
            (storage, call) -> storage.putObject(call, PutObject.of("key"), content(new byte[100])),
            (storage, call) -> storage.putObject(call, PutObject.of("key"), content(new byte[8_000_000])),
            (storage, call) -> storage.headObject(call, new HeadObject("key")),
            (storage, call) -> storage.list(call, new ListObjects(null, null, null)),
            (storage, call) -> storage.deleteObject(call, new DeleteObject("key")));

    DeadlineContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void callEndsAtItsDeadline() throws Exception {
        for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
            try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
                Map<String, ?> silent = fixture().elsewhere(place(), peer.address());
                if (silent == null) {
                    assertThat(manifest().asksForNetwork()).isFalse();
                    return;
                }
                ObjectStorage storage = opened(silent);
                FutureTask<Void> running =
                        new FutureTask<>(() -> act.accept(storage, call(Duration.ofMillis(500))), null);
                Thread.ofVirtual().start(running);
                endsUnreachable(running);
                storage.close();
            }
        }
    }

    @Test
    void callEndsWhenItIsInterrupted() throws Exception {
        for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
            try (UnresponsivePeer peer = UnresponsivePeer.silent()) {
                Map<String, ?> silent = fixture().elsewhere(place(), peer.address());
                if (silent == null) {
                    assertThat(manifest().asksForNetwork()).isFalse();
                    return;
                }
                ObjectStorage storage = opened(silent);
                FutureTask<Void> running = new FutureTask<>(() -> act.accept(storage, call()), null);
                Thread thread = Thread.ofVirtual().start(running);
                assertThat(peer.awaitCall(PATIENCE_SECONDS))
                        .as("somebody called")
                        .isTrue();
                thread.interrupt();
                endsUnreachable(running);
                storage.close();
            }
        }
    }

    private static void endsUnreachable(FutureTask<Void> running) throws InterruptedException {
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the outside system said nothing, and the call went well");
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().code())
                                    .isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code()));
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }
}
