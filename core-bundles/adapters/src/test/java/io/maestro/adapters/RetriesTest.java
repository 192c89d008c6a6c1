package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call that failed for the moment is made again, when it may be, and never so that its caller waits for too long. */
class RetriesTest {
    private static final InstanceKey KEY = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("files"));
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FlightTable flights = new FlightTable();
    private final Guard guard = new Guard(
            KEY,
            GuardSettings.USUAL,
            flights,
            new CallMeter(Metrics.NONE, KEY, new CallHistories()),
            InstantSource.system());
    private final List<Duration> waited = new ArrayList<>();
    private final Retries retries = new Retries(waited::add, () -> 1);
    private final AtomicInteger tries = new AtomicInteger();

    @AfterEach
    void stopTheWatchdog() {
        flights.close();
    }

    @Test
    void callsOnceWhatSucceeds() {
        assertThat(call(true, DEADLINE, () -> "done")).isEqualTo("done");
        assertThat(tries).hasValue(1);
        assertThat(waited).isEmpty();
    }

    @Test
    void callsAgainWhatFailedForTheMomentAndWaitsLongerEachTime() {
        assertThat(call(true, DEADLINE, () -> {
                    if (tries.get() < 3) {
                        throw failure(Duration.ZERO);
                    }
                    return "done";
                }))
                .isEqualTo("done");
        assertThat(waited).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void givesUpAfterThreeTriesWithWhatTheLastOneSaid() {
        ProblemException refused = refused(true, DEADLINE, () -> {
            throw failure(Duration.ZERO, "try " + tries.get());
        });

        assertThat(refused.problem().detail()).isEqualTo("try 3");
        assertThat(tries).hasValue(3);
    }

    @Test
    void waitsAsLongAsTheOutsideSystemAsksFor() {
        refused(true, DEADLINE, () -> {
            throw failure(Duration.ofSeconds(7));
        });

        assertThat(waited).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
    }

    @Test
    void doesNotBeginWhatCannotEndBeforeTheCallersDeadline() {
        ProblemException refused = refused(true, Duration.ofSeconds(5), () -> {
            throw failure(Duration.ofSeconds(5));
        });

        assertThat(refused.problem().code()).isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
        assertThat(tries).hasValue(1);
        assertThat(waited).isEmpty();
        refused(true, DEADLINE, () -> {
            throw failure(Duration.ofSeconds(Long.MAX_VALUE));
        });
        assertThat(tries).hasValue(2);
    }

    @Test
    void givesEachTryOnlyTheTimeThatIsLeft() {
        List<Duration> given = new ArrayList<>();
        refused(() -> retries.call(guard, true, DEADLINE, (number, left) -> {
            given.add(left);
            throw failure(Duration.ZERO);
        }));

        assertThat(given).hasSize(3).first().isEqualTo(DEADLINE);
        assertThat(given.subList(1, 3)).allMatch(left -> left.compareTo(DEADLINE) < 0);
    }

    @Test
    void neverRepeatsWhatMayNotBe() {
        refused(false, DEADLINE, () -> {
            throw failure(Duration.ZERO);
        });
        assertThat(tries).hasValue(1);
    }

    @Test
    void neverRepeatsWhatWouldGetTheSameAnswer() {
        for (ProblemCode code : List.of(StorageProblem.OBJECT_NOT_FOUND, AdapterProblem.ADAPTER_FAILED)) {
            tries.set(0);
            refused(true, DEADLINE, () -> {
                throw Problem.of(code, "no", null)
                        .with(Retry.after(Duration.ZERO))
                        .asException();
            });
            assertThat(tries).as("%s", code).hasValue(1);
        }
        tries.set(0);
        refused(true, DEADLINE, () -> {
            throw Problem.of(StorageProblem.STORAGE_UNREACHABLE, "for ever", null)
                    .asException();
        });
        assertThat(tries).hasValue(1);
    }

    @Test
    void saysWhatTheOutsideSystemSaidWhenALaterTryIsNotLetIn() {
        ProblemException refused = refused(() -> retries.call(guard, true, DEADLINE, (number, left) -> {
            if (tries.incrementAndGet() == 2) {
                var _ = guard.drain(Duration.ZERO);
            }
            return guard.call(new Asked("list", null, "-", number), left, flight -> {
                throw failure(Duration.ZERO, "from outside");
            });
        }));

        assertThat(refused.problem().detail()).isEqualTo("from outside");
        assertThat(tries).hasValue(2);
    }

    @Test
    void asksASystemThatIsDownATenthMoreAndNotThreeTimesAsMuch() {
        int calls = 1000;
        for (int i = 0; i < calls; i++) {
            refused(true, DEADLINE, () -> {
                throw failure(Duration.ZERO);
            });
        }
        assertThat(tries).hasValueBetween(calls + calls / 10, calls + calls / 10 + 10);
    }

    @Test
    void isCancelledWhileItWaits() {
        Retries interrupted = new Retries(
                length -> {
                    throw new InterruptedException();
                },
                () -> 1);
        ProblemException cancelled = refused(() -> interrupted.call(guard, true, DEADLINE, (number, left) -> {
            throw failure(Duration.ZERO);
        }));

        assertThat(cancelled.problem().code()).isEqualTo(AdapterProblem.CALL_CANCELLED.code());
        assertThat(Thread.interrupted()).isTrue();
    }

    private <R> R call(boolean repeatable, Duration deadline, Supplier<R> outside) {
        return retries.call(guard, repeatable, deadline, (number, left) -> {
            tries.incrementAndGet();
            return outside.get();
        });
    }

    private ProblemException refused(boolean repeatable, Duration deadline, Supplier<String> outside) {
        return refused(() -> call(repeatable, deadline, outside));
    }

    private static ProblemException refused(Supplier<?> call) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, call::get);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static ProblemException failure(Duration after) {
        return failure(after, "down");
    }

    private static ProblemException failure(Duration after, String detail) {
        return Problem.of(StorageProblem.STORAGE_UNREACHABLE, detail, null)
                .with(Retry.after(after))
                .asException();
    }
}
