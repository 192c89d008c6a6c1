package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
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
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way to the outside system is told as that, in time, and is over once it goes wrong no more. */
abstract class WireContract extends StorageContract {
    private static final long PATIENCE_SECONDS = 20;
    private static final String KEY = "kept";
    private static final byte[] BEFORE = new byte[1_000_000];
    private static final byte[] AFTER = "content ".repeat(250_000).getBytes(UTF_8);

    private static final List<BiConsumer<ObjectStorage, CallContext>> ACTS = List.of(
            (storage, call) -> readWhole(storage.getObject(call, new GetObject(KEY))),
            (storage, call) -> storage.putObject(call, PutObject.of("other"), content(new byte[100])),
            (storage, call) -> storage.headObject(call, new HeadObject(KEY)),
            (storage, call) -> storage.list(call, new ListObjects(null, null, null)),
            (storage, call) -> storage.deleteObject(call, new DeleteObject("none")));

    WireContract(StorageKit kit) {
        super(kit);
    }

    /** What is tried over a way with faults. */
    @FunctionalInterface
    private interface Trial {
        void run(FaultyProxy way, ObjectStorage storage) throws Exception;
    }

    private static void readWhole(OpenObject open) {
        try (open) {
            assertThat(open.content().readAllBytes()).hasSize(BEFORE.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the way leads; null when there is no network. */
    private @Nullable URI system() throws IOException {
        put(PutObject.of(KEY), BEFORE);
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
        Set<Thread> before = Leftovers.threads();
        try (FaultyProxy way = given) {
            way.fault(fault);
            Map<String, ?> there = fixture().by(place(), way.address());
            assertThat(there).as("the same place by another way").isNotNull();
            TestAdapterContext context = context(Scope.of("acme", "dev"), there, tls);
            ObjectStorage storage = opened(context);
            try {
                trial.run(way, storage);
                assertThat(way.connections()).as("connections that were made").isPositive();
            } finally {
                storage.close();
                context.close();
            }
            Leftovers.endConnectionsOf(way);
        }
        Leftovers.endThreadsBut(before);
    }

    private static FutureTask<Void> begun(
            BiConsumer<ObjectStorage, CallContext> act, ObjectStorage storage, Duration deadline) {
        FutureTask<Void> running = new FutureTask<>(() -> act.accept(storage, call(deadline)), null);
        Thread.ofVirtual().start(running);
        return running;
    }

    private static void failsOnTheWay(FutureTask<Void> running) throws InterruptedException {
        try {
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fail("the answer did not come whole, and the call went well");
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case ProblemException refusal ->
                    assertThat(refusal.problem().category()).isEqualTo(ProblemCategory.EXTERNAL);
                case UncheckedIOException broken ->
                    assertThat(broken.getCause()).isNotNull();
                case Throwable other -> throw new AssertionError("it is no problem with the way", other);
            }
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new AssertionError("the call goes on " + PATIENCE_SECONDS + " seconds after it should have ended", e);
        }
    }

    private static void goesWell(BiConsumer<ObjectStorage, CallContext> act, ObjectStorage storage) {
        act.accept(storage, call());
    }

    @Test
    void slowWayOnlyTakesLonger() throws Exception {
        over(new Latency(Duration.ofMillis(5)), (way, storage) -> ACTS.forEach(act -> goesWell(act, storage)));
    }

    @Test
    void answerThatIsCutOffIsAFailureThatIsOverWithTheNextConnection() throws Exception {
        for (boolean reset : List.of(true, false)) {
            for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
                over(new CutAnswer(10, reset), (way, storage) -> {
                    failsOnTheWay(begun(act, storage, Duration.ofMinutes(2)));
                    way.fault(new None());
                    goesWell(act, storage);
                });
            }
        }
    }

    @Test
    void contentThatIsCutOffNeverLooksWhole() throws Exception {
        for (boolean reset : List.of(true, false)) {
            over(new CutAnswer(BEFORE.length / 2, reset), (way, storage) -> {
                failsOnTheWay(begun(ACTS.getFirst(), storage, Duration.ofMinutes(2)));
                way.fault(new None());
                goesWell(ACTS.getFirst(), storage);
            });
        }
    }

    @Test
    void putThatIsCutOffLeavesTheObjectAsItWas() throws Exception {
        for (boolean reset : List.of(true, false)) {
            byte[] expected = fixture().system(place()) == null ? BEFORE : AFTER;
            over(new CutRequest(AFTER.length / 2, reset), (way, storage) -> {
                failsOnTheWay(begun(
                        (other, call) -> other.putObject(call, PutObject.of(KEY), content(AFTER)),
                        storage,
                        Duration.ofMinutes(2)));
                way.fault(new None());
                goesWell(ACTS.getFirst(), storage);
                var _ = storage.putObject(call(), PutObject.of(KEY), content(AFTER));
            });
            try (OpenObject now = storage().getObject(call(), new GetObject(KEY))) {
                assertThat(now.content().readAllBytes()).isEqualTo(expected);
            }
        }
    }

    @Test
    void callEndsAtItsDeadlineAlthoughTheAnswerTrickles() throws Exception {
        for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
            over(new Trickle(5, Duration.ofMillis(200)), (way, storage) -> {
                FutureTask<Void> running = begun(act, storage, Duration.ofMillis(500));
                failsOnTheWay(running);
                way.fault(new None());
                goesWell(act, storage);
            });
        }
    }

    @Test
    void contentThatStopsComingEndsWhenTheReaderIsInterrupted() throws Exception {
        over(new Stall(BEFORE.length / 2), (way, storage) -> {
            CountDownLatch reading = new CountDownLatch(1);
            FutureTask<Void> running = new FutureTask<>(
                    () -> {
                        try (OpenObject open = storage.getObject(call(), new GetObject(KEY))) {
                            assertThat(open.content().readNBytes(BEFORE.length / 8))
                                    .hasSize(BEFORE.length / 8);
                            reading.countDown();
                            assertThat(open.content().readAllBytes()).isNull();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    null);
            Thread reader = Thread.ofVirtual().start(running);
            assertThat(reading.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            reader.interrupt();
            failsOnTheWay(running);
        });
    }

    @Test
    void nobodyThereIsAFailureThatIsOverOnceSomebodyIs() throws Exception {
        over(new CutRequest(0, true), (way, storage) -> {
            for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
                failsOnTheWay(begun(act, storage, Duration.ofMinutes(2)));
            }
            way.fault(new None());
            ACTS.forEach(act -> goesWell(act, storage));
        });
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
            over(served, authority.trusting(), new None(), (way, storage) -> {
                if (certificate == ServerCertificate.SOUND) {
                    ACTS.forEach(act -> goesWell(act, storage));
                } else {
                    for (BiConsumer<ObjectStorage, CallContext> act : ACTS) {
                        failsOnTheWay(begun(act, storage, Duration.ofMinutes(2)));
                    }
                    assertThat(way.asked())
                            .as("bytes sent to a server with a certificate %s", certificate)
                            .isZero();
                }
            });
        }
    }

    @Test
    void hostThatNobodyKnowsIsAFailureOnTheWay() throws Exception {
        if (system() == null) {
            return;
        }
        Map<String, ?> there = fixture().by(place(), URI.create("https://no-such-host.invalid:9443"));
        assertThat(there).as("the same place by another way").isNotNull();
        try (TestAdapterContext context = context(Scope.of("acme", "dev"), there)) {
            ObjectStorage storage = opened(context);
            // some machines take long to find out
            failsOnTheWay(begun(
                    (other, call) -> other.headObject(call, new HeadObject(KEY)), storage, Duration.ofSeconds(10)));
            storage.close();
        }
    }
}
