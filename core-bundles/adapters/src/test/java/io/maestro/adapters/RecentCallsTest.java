package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapters.RecentCalls.Ended;
import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Call;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls are kept, and how they are told. */
class RecentCallsTest {
    private static final Asked ASKED = new Asked("list", "token:t", "c-1", 1);

    private final RecentCalls calls = new RecentCalls(5);

    @Test
    void keepsTheLastNewestFirst() {
        for (int i = 0; i < 12; i++) {
            calls.add(call(Outcome.OK, i));
        }

        assertThat(times()).containsExactly(11L, 10L, 9L, 8L, 7L);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "LATE"})
    void neitherTrafficNorRefusalsWashOutWhatFailed(Outcome bad) {
        calls.add(call(bad, 0));
        for (int i = 1; i < 100; i++) {
            calls.add(call(i % 2 == 0 ? Outcome.OK : Outcome.REFUSED, i));
        }

        assertThat(times()).containsExactly(99L, 98L, 97L, 96L, 95L, 0L);
    }

    @Test
    void showsACallOnceThatIsBothAmongTheLastAndFailed() {
        calls.add(call(Outcome.FAILED, 1));

        assertThat(times()).containsExactly(1L);
    }

    @Test
    void keepsTheOrderWhenTheClockOfNanosecondsGoesThroughItsEnd() {
        calls.add(call(Outcome.OK, Long.MAX_VALUE - 1));
        calls.add(call(Outcome.OK, Long.MIN_VALUE + 1));

        assertThat(times()).containsExactly(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1);
    }

    @Test
    void tellsWhenACallEndedByTheClockOfPeople() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");

        Call shown = new Ended(ASKED, Outcome.LATE, 1_000, 2_345_678, "call-late").shown(now, 3_000_001_000L);

        assertThat(shown)
                .isEqualTo(new Call(now.minusSeconds(3), "list", "token:t", "c-1", 1, Outcome.LATE, 2.35, "call-late"));
    }

    @Test
    void losesNoPlaceWhenManyAddAtOnce() throws Exception {
        RecentCalls many = new RecentCalls(50);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> adding = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int from = i * 10_000;
                adding.add(threads.submit(() -> {
                    for (int j = 0; j < 10_000; j++) {
                        many.add(call(Outcome.FAILED, from + j));
                    }
                }));
            }
            for (Future<?> one : adding) {
                one.get();
            }
        }

        assertThat(many.newestFirst()).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void keepsFewerOfInstancesThatAreCalledFirstWhenVeryManyHaveBeen() {
        CallHistories histories = new CallHistories();
        for (int i = 0; i <= InstanceHealth.INSTANCES; i++) {
            RecentCalls recent = histories.of(key(i)).recent();
            for (int j = 0; j < 100; j++) {
                recent.add(call(Outcome.OK, j));
            }
        }

        assertThat(histories.of(key(0)).recent().newestFirst()).hasSize(InstanceHealth.CALLS);
        assertThat(histories.of(key(InstanceHealth.INSTANCES)).recent().newestFirst())
                .hasSize(CallHistories.FEW);
    }

    private List<Long> times() {
        return calls.newestFirst().stream().map(Ended::at).toList();
    }

    private static Ended call(Outcome outcome, long at) {
        return new Ended(ASKED, outcome, at, 0, null);
    }

    private static InstanceKey key(int i) {
        return new InstanceKey(Scope.of("acme", "prod"), new InstanceId("files-" + i));
    }
}
