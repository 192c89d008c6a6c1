package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.CallerProblem;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import io.maestro.telemetry.TelemetryComponent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardTest {
    private static final Asked ASKED = new Asked("put_object", "token:t", "c-1", 1);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Executor VIRTUAL = Thread::startVirtualThread;

    private final FlightTable flights = new FlightTable();
    private final Metrics metrics = new TelemetryComponent();
    private final CallHistories histories = new CallHistories();
    private final CallMeter meter = new CallMeter(metrics, key("files"), histories);
    private final Guard guard = guard(2, 10, Duration.ofMinutes(1));

    @AfterEach
    void stopTheWatchdog() {
        flights.close();
    }

    @Test
    void givesTheAdaptersAnswer() {
        assertThat(guard.<String>call(ASKED, PATIENT, flight -> "answer")).isEqualTo("answer");
        assertThat(guard.running()).isZero();
    }

    @Test
    void runsTheAdapterOnAVirtualThreadThatIsNotTheCallers() {
        Thread adapter = guard.call(ASKED, PATIENT, flight -> Thread.currentThread());

        assertThat(adapter.isVirtual()).isTrue();
        assertThat(adapter).isNotSameAs(Thread.currentThread());
    }

    @Test
    void passesTheAdaptersProblemOn() {
        ProblemException thrown = new ProblemException(Problem.of(CallerProblem.INVALID_REQUEST, "no", null));

        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
    }

    @Test
    void hidesWhatTheAdapterThrowsUnexpectedlyEvenAnError() {
        assertProblem(
                AdapterProblem.ADAPTER_FAILED,
                () -> guard.call(ASKED, PATIENT, flight -> {
                    throw new StackOverflowError("secret detail");
                }));
        assertThat(guard.running()).isZero();
    }

    @Test
    void answersInTimeForAnAdapterThatIgnoresItsInterruptAndKeepsItsPlaceUntilItReturns() {
        CountDownLatch stubborn = new CountDownLatch(1);

        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.call(ASKED, SOON, flight -> {
                    while (stubborn.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return "late";
                }));

        assertThat(guard.running()).isEqualTo(1);
        stubborn.countDown();
        await().atMost(PATIENT).until(() -> guard.running() == 0);
    }

    @Test
    void interruptsAnAdapterThatBlocksPastItsDeadline() {
        AtomicBoolean interrupted = new AtomicBoolean();

        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.call(ASKED, SOON, flight -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                    return "late";
                }));

        await().atMost(PATIENT).until(() -> interrupted.get() && guard.running() == 0);
    }

    @Test
    void closesTheAnswerOfACallThatCameTooLate() {
        AtomicBoolean closed = new AtomicBoolean();

        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.<AutoCloseable>call(ASKED, SOON, flight -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return () -> closed.set(true);
                }));

        await().atMost(PATIENT).untilTrue(closed);
    }

    @Test
    void refusesWhatExceedsTheBulkheadAndServesAgainAfterwards() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        CompletableFuture<?> first = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        CompletableFuture<?> second = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        await().atMost(PATIENT).until(() -> inside.getCount() == 0);

        ProblemException busy =
                assertProblem(AdapterProblem.CALL_BULKHEAD_FULL, () -> guard.call(ASKED, PATIENT, flight -> "no room"));
        assertThat(busy.problem().retry()).isInstanceOf(Retry.After.class);

        release.countDown();
        CompletableFuture.allOf(first, second).join();
        assertThat(guard.<String>call(ASKED, PATIENT, flight -> "room")).isEqualTo("room");
    }

    @Test
    void oneFullInstanceDoesNotHinderAnother() {
        Guard other = guard(2, 10, Duration.ofMinutes(1));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        CompletableFuture<?> first = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        CompletableFuture<?> second = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        await().atMost(PATIENT).until(() -> inside.getCount() == 0);

        assertThat(other.<String>call(ASKED, PATIENT, flight -> "served")).isEqualTo("served");

        release.countDown();
        CompletableFuture.allOf(first, second).join();
    }

    @Test
    void stopsCallingAnInstanceThatKeepsFailingAndTriesItAgainLater() {
        Guard fragile = guard(2, 10, Duration.ofMillis(200));
        AtomicInteger reached = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> fragile.call(ASKED, PATIENT, flight -> {
                        reached.incrementAndGet();
                        throw new IOException("down");
                    }))
                    .isInstanceOf(ProblemException.class);
        }

        assertProblem(AdapterProblem.CALL_CIRCUIT_OPEN, () -> fragile.call(ASKED, PATIENT, flight -> "unreached"));
        assertThat(reached).hasValueLessThan(10);

        await().atMost(PATIENT)
                .ignoreExceptions()
                .until(() ->
                        fragile.<String>call(ASKED, PATIENT, flight -> "up").equals("up"));
    }

    @Test
    void theCallersOwnMistakesDoNotOpenTheCircuit() {
        for (int i = 0; i < 50; i++) {
            assertProblem(
                    CallerProblem.INVALID_REQUEST,
                    () -> guard.call(ASKED, PATIENT, flight -> {
                        throw Problem.of(CallerProblem.INVALID_REQUEST, "no", null)
                                .asException();
                    }));
        }

        assertThat(guard.<String>call(ASKED, PATIENT, flight -> "served")).isEqualTo("served");
    }

    @Test
    void drainsRunningCallsAndRefusesNewOnes() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<?> running = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        await().atMost(PATIENT).until(() -> inside.getCount() == 0);

        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> guard.drain(PATIENT), VIRTUAL);
        await().atMost(PATIENT)
                .untilAsserted(() -> assertProblem(
                        AdapterProblem.INSTANCE_NOT_RUNNING, () -> guard.call(ASKED, PATIENT, flight -> "too late")));
        assertThat(drained).isNotDone();

        release.countDown();
        assertThat(drained.join()).isTrue();
        running.join();
    }

    @Test
    void interruptingAllEndsTheCallsOfThisInstanceOnly() {
        Guard other = guard(2, 10, Duration.ofMinutes(1));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        CompletableFuture<?> mine = CompletableFuture.runAsync(() -> occupy(inside, release), VIRTUAL);
        CompletableFuture<?> theirs = CompletableFuture.runAsync(
                () -> other.call(ASKED, PATIENT, flight -> {
                    inside.countDown();
                    release.await();
                    return "done";
                }),
                VIRTUAL);
        await().atMost(PATIENT).until(() -> inside.getCount() == 0);

        guard.interruptAll();

        assertThatThrownBy(mine::join)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(AdapterProblem.INSTANCE_NOT_RUNNING.code()));
        assertThat(theirs).isNotDone();
        release.countDown();
        theirs.join();
    }

    @Test
    void aStreamCountsAsRunningUntilItIsClosed() throws IOException {
        guard.retainStream();
        GuardedStream stream =
                new GuardedStream(guard, new ByteArrayInputStream(new byte[] {1, 2, 3}), InputStream.nullInputStream());

        assertThat(stream.readAllBytes()).containsExactly(1, 2, 3);
        assertThat(guard.running()).isEqualTo(1);
        assertThat(guard.drain(SOON)).isFalse();

        stream.close();
        stream.close();
        assertThat(guard.running()).isZero();
    }

    @Test
    void aStreamThatFallsSilentIsInterruptedAndLeavesItsReaderUninterrupted() {
        Guard impatient = new Guard(
                key("silent"),
                new GuardSettings(2, SOON, PATIENT, PATIENT, 10, 50, Duration.ofMinutes(1)),
                flights,
                meter,
                InstantSource.system());
        impatient.retainStream();
        GuardedStream stream = new GuardedStream(impatient, new SilentStream(), InputStream.nullInputStream());

        assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void aCallerThatIsInterruptedStopsWaitingAndInterruptsTheAdapter() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                occupy(inside, never);
            } catch (ProblemException e) {
                outcome.complete(e);
            }
        });
        await().atMost(PATIENT).until(() -> inside.getCount() == 0);

        caller.interrupt();

        assertThat(outcome.join()).hasMessageContaining(AdapterProblem.CALL_CANCELLED.code());
        await().atMost(PATIENT).until(() -> guard.running() == 0);
    }

    @Test
    void anAnswerThatMeetsAnInterruptOfItsCallerIsGivenOrClosedButNeverLost() throws Exception {
        AtomicInteger open = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            Thread caller = Thread.startVirtualThread(() -> takeAndClose(open));
            caller.join();
        }

        await().atMost(PATIENT).until(() -> open.get() == 0 && guard.running() == 0);
    }

    private void takeAndClose(AtomicInteger open) {
        Thread caller = Thread.currentThread();
        try (Opened taken = guard.call(ASKED, PATIENT, flight -> {
            open.incrementAndGet();
            caller.interrupt();
            return open::decrementAndGet;
        })) {
            assertThat(taken).isNotNull();
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo(AdapterProblem.CALL_CANCELLED.code());
        }
    }

    /** Something that must be closed. */
    private interface Opened extends AutoCloseable {
        @Override
        void close();
    }

    @Test
    void aLateAnswerThatFailsToCloseWithAnErrorStillGivesItsPlaceBack() {
        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.<AutoCloseable>call(ASKED, SOON, flight -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return () -> {
                        throw new NoClassDefFoundError("gone");
                    };
                }));

        await().atMost(PATIENT).until(() -> guard.running() == 0);
    }

    @Test
    void theContentOfAnUploadCannotBeReadOnceTheCallHasEnded() {
        InputStream kept = guard.<InputStream>call(
                ASKED, PATIENT, flight -> new ExtendingStream(new ByteArrayInputStream(new byte[100]), flight, 1));

        assertThatThrownBy(kept::read).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> kept.read(new byte[10])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> kept.skip(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(kept::available).isInstanceOf(IOException.class);
    }

    @Test
    void aStreamThatFlowsForEverIsEndedAtTheLongestTime() {
        Guard impatient = new Guard(
                key("endless"),
                new GuardSettings(2, PATIENT, PATIENT, SOON, 10, 50, Duration.ofMinutes(1)),
                flights,
                meter,
                InstantSource.system());
        impatient.retainStream();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return 1;
            }
        };
        GuardedStream stream = new GuardedStream(impatient, endless, endless);

        await().atMost(PATIENT)
                .untilAsserted(() -> assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class));
    }

    @Test
    void anAdapterThatHangsInCloseIsInterruptedAndLeavesItsReaderUninterrupted() {
        Guard impatient = new Guard(
                key("hanging"),
                new GuardSettings(2, SOON, PATIENT, PATIENT, 10, 50, Duration.ofMinutes(1)),
                flights,
                meter,
                InstantSource.system());
        impatient.retainStream();
        GuardedStream stream = new GuardedStream(impatient, InputStream.nullInputStream(), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        });

        assertThatThrownBy(stream::close).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(impatient.running()).isZero();
    }

    @Test
    void oneInstanceThatBurnsEveryProcessorDoesNotStopAnother() {
        int processors = Runtime.getRuntime().availableProcessors();
        Guard burning = guard(processors, 10, Duration.ofMinutes(1));
        Guard other = guard(2, 10, Duration.ofMinutes(1));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch inside = new CountDownLatch(processors);
        for (int i = 0; i < processors; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> burning.call(ASKED, PATIENT, flight -> {
                        inside.countDown();
                        while (!stop.get()) {
                            Thread.onSpinWait();
                        }
                        return "burnt";
                    }));
        }
        try {
            await().atMost(PATIENT).until(() -> inside.getCount() == 0);

            assertThat(other.<String>call(ASKED, Duration.ofSeconds(20), flight -> "served"))
                    .isEqualTo("served");
        } finally {
            stop.set(true);
        }
    }

    @Test
    @Timeout(180)
    void manyMoreThatBurnThanThereAreProcessorsStopNobody() {
        int processors = Runtime.getRuntime().availableProcessors();
        // no more than can be lent
        int many = Math.min(processors * 6, processors + 60);
        Guard burning = guard(many, 10, Duration.ofMinutes(1));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch inside = new CountDownLatch(many);
        for (int i = 0; i < many; i++) {
            // each begins as others do that have all processors already
            VIRTUAL.execute(() -> burning.call(ASKED, Duration.ofMinutes(2), flight -> {
                inside.countDown();
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
                return "burnt";
            }));
        }
        try {
            await().atMost(Duration.ofSeconds(100)).until(() -> inside.getCount() == 0);
        } finally {
            stop.set(true);
        }
    }

    @Test
    void aStreamThatMovesIsProgressOfItsCall() {
        CallWindow window = new CallWindow();
        meter.watch(window);
        long before = window.progress();
        long after = guard.<Long>call(ASKED, PATIENT, flight -> {
            flight.extend(System.nanoTime() + 1);
            return window.progress();
        });
        assertThat(after).isGreaterThan(before);
        assertThat(window.running()).isZero();
    }

    @Test
    void callsApartTakeNoneOfTheProcessorsOfVirtualThreads() {
        guard.apart(true);
        assertThat(guard.<Boolean>call(
                        ASKED, PATIENT, flight -> Thread.currentThread().isVirtual()))
                .isFalse();

        guard.apart(false);
        assertThat(guard.<Boolean>call(
                        ASKED, PATIENT, flight -> Thread.currentThread().isVirtual()))
                .isTrue();
    }

    @Test
    void beyondABoundCallsApartRunAsAllOthersDo() throws Exception {
        Guard apart = guard(1000, 10, Duration.ofMinutes(1));
        apart.apart(true);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger virtual = new AtomicInteger();
        CountDownLatch inside = new CountDownLatch(300);
        List<CompletableFuture<String>> calls = IntStream.range(0, 300)
                .mapToObj(call -> CompletableFuture.supplyAsync(
                        () -> apart.<String>call(ASKED, PATIENT, flight -> {
                            if (Thread.currentThread().isVirtual()) {
                                virtual.incrementAndGet();
                            }
                            inside.countDown();
                            end.await();
                            return "answer";
                        }),
                        VIRTUAL))
                .toList();

        inside.await();
        end.countDown();

        assertThat(virtual).hasValue(300 - 256);
        for (CompletableFuture<String> call : calls) {
            assertThat(call.get()).isEqualTo("answer");
        }
    }

    @Test
    void theWatchdogOutlivesAThreadThatFailsWhenInterrupted() {
        Watched hostile = new Watched() {
            @Override
            public Guard guard() {
                return guard;
            }

            @Override
            public boolean isPast(long now) {
                return true;
            }

            @Override
            public boolean burns(long now) {
                return false;
            }

            @Override
            public void expire() {
                throw new IllegalStateException("from the adapter's channel");
            }
        };
        flights.enter(hostile);

        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.call(ASKED, SOON, flight -> {
                    new CountDownLatch(1).await();
                    return "never";
                }));
    }

    @Test
    void countsCallsByHowTheyEndAndTimesThoseThatTheAdapterHad() throws IOException {
        guard.call(ASKED, PATIENT, flight -> "answer");
        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> {
            throw new ProblemException(Problem.of(CallerProblem.INVALID_REQUEST, "no", null));
        }));
        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> {
            throw new IllegalStateException("broken");
        }));
        assertProblem(
                AdapterProblem.CALL_DEADLINE_EXCEEDED,
                () -> guard.call(ASKED, SOON, flight -> {
                    new CountDownLatch(1).await();
                    return "never";
                }));
        await().atMost(PATIENT).until(() -> guard.running() == 0);
        Thread.currentThread().interrupt();
        assertProblem(
                AdapterProblem.CALL_CANCELLED,
                () -> guard.call(ASKED, PATIENT, flight -> {
                    new CountDownLatch(1).await();
                    return "never";
                }));
        assertThat(Thread.interrupted()).isTrue();
        guard.drain(PATIENT);
        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> "answer"));

        String labels = "tenant=\"acme\",environment=\"prod\",instance=\"files\"";
        StringBuilder text = new StringBuilder();
        metrics.write(text, Metrics.Format.PROMETHEUS, Metrics.Selection.ALL);
        for (String outcome : List.of("ok", "rejected", "failed", "late", "cancelled", "refused")) {
            assertThat(text).contains("mc_adapter_calls_total{" + labels + ",outcome=\"" + outcome + "\"} 1\n");
        }
        assertThat(text).contains("mc_adapter_call_seconds_count{" + labels + "} 4\n");
    }

    @Test
    void keepsOfEachCallWhoAskedForWhatAndHowItEnded() {
        guard.call(ASKED, PATIENT, flight -> "answer");
        Asked again = new Asked("list", null, "c-2", 2);
        assertThatThrownBy(() -> guard.call(again, PATIENT, flight -> {
            throw new IllegalStateException("s3cret");
        }));
        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> {
            throw new ProblemException(Problem.of(CallerProblem.INVALID_REQUEST, "s3cret", null));
        }));
        guard.drain(PATIENT);
        assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> "answer"));

        List<RecentCalls.Ended> kept = kept();
        assertThat(kept)
                .extracting(RecentCalls.Ended::outcome, RecentCalls.Ended::code)
                .containsExactly(
                        tuple(Outcome.REFUSED, "instance-not-running"),
                        tuple(Outcome.REJECTED, "invalid-request"),
                        tuple(Outcome.FAILED, "adapter-failed"),
                        tuple(Outcome.OK, null));
        assertThat(kept.get(2).asked()).isEqualTo(again);
        assertThat(kept.getFirst().took()).isZero();
        assertThat(kept.toString()).doesNotContain("s3cret");
    }

    @Test
    void keepsNoCodeThatIsNone() {
        for (String text : List.of("", "My Password!", "x".repeat(1_000))) {
            assertThatThrownBy(() -> guard.call(ASKED, PATIENT, flight -> {
                throw new ProblemException(new Problem(
                        text, ProblemCategory.EXTERNAL, 503, "title", "detail", null, List.of(), Retry.never()));
            }));
        }

        assertThat(kept()).extracting(RecentCalls.Ended::code).containsOnly("adapter-failed");
        assertThat(histories.of(key("files")).lastFailure())
                .satisfies(last -> assertThat(last.code()).isEqualTo("adapter-failed"));
    }

    private List<RecentCalls.Ended> kept() {
        return histories.of(key("files")).recent().newestFirst();
    }

    private void occupy(CountDownLatch inside, CountDownLatch release) {
        guard.call(ASKED, PATIENT, flight -> {
            inside.countDown();
            release.await();
            return "done";
        });
    }

    private Guard guard(int concurrent, int window, Duration openFor) {
        return new Guard(
                key("files"),
                new GuardSettings(concurrent, PATIENT, PATIENT, PATIENT, window, 50, openFor),
                flights,
                meter,
                InstantSource.system());
    }

    private static InstanceKey key(String instance) {
        return new InstanceKey(Scope.of("acme", "prod"), new InstanceId(instance));
    }

    private static ProblemException assertProblem(ProblemCode code, ThrowingCallable call) {
        ProblemException[] thrown = new ProblemException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(code.code());
            thrown[0] = e;
        });
        return thrown[0];
    }

    /** Never gives a byte, but heeds its interrupt. */
    private static final class SilentStream extends InputStream {
        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                new CountDownLatch(1).await();
                return -1;
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }
}
