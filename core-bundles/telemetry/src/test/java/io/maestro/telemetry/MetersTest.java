package io.maestro.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.telemetry.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetersTest {
    private final Metrics metrics = new Meters();

    @Test
    void writesCountersInTheOrderOfTheirTags() throws IOException {
        metrics.counter("mc_calls_total", "Calls.", "tenant", "globex", "outcome", "ok")
                .add(2);
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme", "outcome", "ok")
                .add(1);
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme", "outcome", "late")
                .add(40);
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme", "outcome", "late")
                .add(2);

        assertThat(text(metrics)).isEqualTo("""
                # HELP mc_calls_total Calls.
                # TYPE mc_calls_total counter
                mc_calls_total{tenant="acme",outcome="late"} 42
                mc_calls_total{tenant="acme",outcome="ok"} 1
                mc_calls_total{tenant="globex",outcome="ok"} 2
                """);
    }

    @Test
    void writesTimersAsCumulativeBuckets() throws IOException {
        Metrics.Timer timer = metrics.timer("mc_call_seconds", "Time.");
        timer.record(1);
        timer.record(TimeUnit.MILLISECONDS.toNanos(5));
        timer.record(TimeUnit.MILLISECONDS.toNanos(6));
        timer.record(TimeUnit.MINUTES.toNanos(5));
        timer.record(-7);

        assertThat(text(metrics))
                .startsWith("# HELP mc_call_seconds Time.\n# TYPE mc_call_seconds histogram\n")
                .contains(
                        "\nmc_call_seconds_bucket{le=\"5.0E-4\"} 2\n",
                        "\nmc_call_seconds_bucket{le=\"0.0025\"} 2\n",
                        "\nmc_call_seconds_bucket{le=\"0.005\"} 3\n",
                        "\nmc_call_seconds_bucket{le=\"0.01\"} 4\n",
                        "\nmc_call_seconds_bucket{le=\"30\"} 4\n",
                        "\nmc_call_seconds_bucket{le=\"+Inf\"} 5\n",
                        "\nmc_call_seconds_sum 300.011000001\n",
                        "\nmc_call_seconds_count 5\n");
    }

    @Test
    void putsTheBoundOfABucketBesideItsTags() throws IOException {
        metrics.timer("mc_call_seconds", "Time.", "tenant", "acme").record(1);

        assertThat(text(metrics))
                .contains(
                        "\nmc_call_seconds_bucket{tenant=\"acme\",le=\"+Inf\"} 1\n",
                        "\nmc_call_seconds_count{tenant=\"acme\"} 1\n");
    }

    @Test
    void asksGaugesWhenSomebodyLooks() throws IOException {
        AtomicLong value = new AtomicLong(3);
        Metrics.Gauge gauge = metrics.gauge("mc_instances", "Instances.", value::get);

        assertThat(text(metrics)).endsWith("# TYPE mc_instances gauge\nmc_instances 3\n");
        value.set(4);
        assertThat(text(metrics)).endsWith("\nmc_instances 4\n");
        gauge.close();
        gauge.close();
        assertThat(text(metrics)).isEmpty();
    }

    @Test
    void aGaugeThatWasReplacedDoesNotTakeItsSuccessorAway() throws IOException {
        Metrics.Gauge before = metrics.gauge("mc_lag", "Lag.", () -> 1);
        metrics.gauge("mc_lag", "Lag.", () -> 2.5);

        before.close();

        assertThat(text(metrics)).endsWith("\nmc_lag 2.5\n");
    }

    @Test
    void leavesOutAGaugeThatFailsAndShowsTheOthers() throws IOException {
        metrics.gauge(
                "mc_lag",
                "Lag.",
                () -> {
                    throw new IllegalStateException("closed");
                },
                "chain",
                "a");
        metrics.gauge("mc_lag", "Lag.", () -> Double.NaN, "chain", "b");
        metrics.gauge("mc_lag", "Lag.", () -> Double.POSITIVE_INFINITY, "chain", "c");

        assertThat(text(metrics)).endsWith("gauge\nmc_lag{chain=\"b\"} NaN\nmc_lag{chain=\"c\"} +Inf\n");
    }

    @Test
    void doesNotLetAValueForgeALine() throws IOException {
        metrics.counter("mc_calls_total", "Ca\\lls\nof.", "tenant", "a\"} 1\nmc_forged_total 7\\")
                .add(1);

        assertThat(text(metrics)).isEqualTo("""
                # HELP mc_calls_total Ca\\\\lls\\nof.
                # TYPE mc_calls_total counter
                mc_calls_total{tenant="a\\"} 1\\nmc_forged_total 7\\\\"} 1
                """);
    }

    @Test
    void cutsValuesThatAreTooLong() throws IOException {
        metrics.counter("mc_calls_total", "Calls.", "tenant", "x".repeat(1_000_000))
                .add(1);

        assertThat(text(metrics).length()).isLessThan(300);
    }

    @Test
    void countsWhatIsBeyondTheLimitTogether() throws IOException {
        Metrics small = new Meters(3, 2);
        for (int i = 0; i < 100; i++) {
            small.counter("mc_calls_total", "Calls.", "tenant", "t" + i, "outcome", "ok")
                    .add(1);
            small.timer("mc_call_seconds", "Time.", "tenant", "t" + i).record(1);
            small.gauge("mc_lag", "Lag.", () -> 1, "tenant", "t" + i);
        }

        assertThat(lines(small, "mc_calls_total"))
                .containsExactly(
                        "mc_calls_total{tenant=\"other\",outcome=\"other\"} 97",
                        "mc_calls_total{tenant=\"t0\",outcome=\"ok\"} 1",
                        "mc_calls_total{tenant=\"t1\",outcome=\"ok\"} 1",
                        "mc_calls_total{tenant=\"t2\",outcome=\"ok\"} 1");
        assertThat(lines(small, "mc_call_seconds_count"))
                .containsExactly(
                        "mc_call_seconds_count{tenant=\"other\"} 98",
                        "mc_call_seconds_count{tenant=\"t0\"} 1",
                        "mc_call_seconds_count{tenant=\"t1\"} 1");
        assertThat(lines(small, "mc_lag")).hasSize(3).noneMatch(line -> line.contains("other"));
    }

    @Test
    void forgetsAllThatHasTheseTagsAndMakesRoom() throws IOException {
        Metrics small = new Meters(2, 2);
        small.counter("mc_calls_total", "Calls.", "tenant", "acme", "instance", "a")
                .add(1);
        small.counter("mc_calls_total", "Calls.", "tenant", "acme", "instance", "b")
                .add(1);
        small.timer("mc_call_seconds", "Time.", "instance", "a", "tenant", "acme")
                .record(1);
        small.counter("mc_events_total", "Events.", "rule", "a").add(1);

        small.forget("tenant", "acme", "instance", "a");
        small.forget("tenant", "globex");
        small.counter("mc_calls_total", "Calls.", "tenant", "acme", "instance", "c")
                .add(1);

        assertThat(lines(small, "mc_"))
                .containsExactly(
                        "mc_calls_total{tenant=\"acme\",instance=\"b\"} 1",
                        "mc_calls_total{tenant=\"acme\",instance=\"c\"} 1",
                        "mc_events_total{rule=\"a\"} 1");
        assertThatThrownBy(small::forget).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCounterNeverGoesDown() throws IOException {
        Metrics.Counter counter = metrics.counter("mc_calls_total", "Calls.");
        counter.add(5);
        counter.add(-3);

        assertThat(text(metrics)).endsWith("\nmc_calls_total 5\n");
    }

    @Test
    void losesNothingWhenManyCountAtOnce() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int call = 0; call < 10_000; call++) {
                    metrics.counter("mc_calls_total", "Calls.", "tenant", "t" + call % 7)
                            .add(1);
                    metrics.timer("mc_call_seconds", "Time.").record(call);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(lines(metrics, "mc_calls_total").stream()
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                        .sum())
                .isEqualTo(160_000);
        assertThat(text(metrics)).contains("\nmc_call_seconds_count 160000\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"calls_total", "mc_Calls_total", "mc_calls total", "mc__total", "mc_calls\n_total", "mc_calls"})
    void refusesNamesThatAreNone(String name) {
        assertThatThrownBy(() -> metrics.counter(name, "Calls.")).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> assertThat(text(metrics)).isEmpty()).doesNotThrowAnyException();
    }

    @Test
    void refusesTheSameNameWithOtherTagsOrAnotherKind() {
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme");

        assertThatThrownBy(() -> metrics.counter("mc_calls_total", "Calls.", "instance", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mc_calls_total");
        assertThatThrownBy(() -> metrics.gauge("mc_calls_total", "Calls.", () -> 1, "tenant", "acme"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTagsThatAreNone() {
        assertThatThrownBy(() -> metrics.counter("mc_calls_total", "Calls.", "tenant"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metrics.counter("mc_calls_total", "Calls.", "Tenant=\"", "acme"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metrics.counter("mc_calls_total", "Calls.", "a", "1", "a", "2"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metrics.timer("mc_call_seconds", "Time.", "le", "1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesTheFormatOfOpenMetricsToo() throws IOException {
        metrics.counter("mc_calls_total", "Calls \"in\" all.", "tenant", "acme").add(2);
        metrics.timer("mc_call_seconds", "Time.").record(1_000_000_000L);
        StringBuilder text = new StringBuilder();

        metrics.write(text, Metrics.Format.OPEN_METRICS, Metrics.Selection.ALL);

        assertThat(text.toString().lines())
                .contains(
                        "# HELP mc_calls Calls \\\"in\\\" all.",
                        "# TYPE mc_calls counter",
                        "mc_calls_total{tenant=\"acme\"} 2",
                        "# TYPE mc_call_seconds histogram",
                        "mc_call_seconds_bucket{le=\"1.0\"} 1",
                        "mc_call_seconds_bucket{le=\"+Inf\"} 1")
                .last()
                .isEqualTo("# EOF");
    }

    @Test
    void writesOnlyWhatIsNamed() throws IOException {
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme").add(2);
        metrics.counter("mc_others_total", "Others.").add(1);

        assertThat(text(new Metrics.Selection(Set.of("mc_calls_total", "mc_none"), false)))
                .contains("mc_calls_total{tenant=\"acme\"} 2\n")
                .doesNotContain("mc_others_total");
    }

    @Test
    void addsUpTheSeriesOfAMetric() throws IOException {
        metrics.counter("mc_calls_total", "Calls.", "tenant", "acme").add(2);
        metrics.counter("mc_calls_total", "Calls.", "tenant", "globex").add(3);
        metrics.gauge("mc_waiting", "Waiting.", () -> 1.5, "queue", "a");
        metrics.gauge("mc_waiting", "Waiting.", () -> 2, "queue", "b");
        metrics.gauge(
                "mc_waiting",
                "Waiting.",
                () -> {
                    throw new IllegalStateException("closed");
                },
                "queue",
                "c");
        metrics.timer("mc_call_seconds", "Time.", "tenant", "acme").record(1_000_000_000L);
        metrics.timer("mc_call_seconds", "Time.", "tenant", "globex").record(2_000_000_000L);

        assertThat(text(new Metrics.Selection(Set.of(), true)).lines())
                .contains(
                        "mc_calls_total 5",
                        "mc_waiting 3.5",
                        "mc_call_seconds_bucket{le=\"1\"} 1",
                        "mc_call_seconds_bucket{le=\"+Inf\"} 2",
                        "mc_call_seconds_sum 3",
                        "mc_call_seconds_count 2");
    }

    private String text(Metrics.Selection selection) throws IOException {
        StringBuilder text = new StringBuilder();
        metrics.write(text, Metrics.Format.PROMETHEUS, selection);
        return text.toString();
    }

    private static String text(Metrics metrics) throws IOException {
        StringBuilder text = new StringBuilder();
        metrics.write(text, Metrics.Format.PROMETHEUS, Metrics.Selection.ALL);
        return text.toString();
    }

    private static List<String> lines(Metrics metrics, String start) throws IOException {
        return text(metrics).lines().filter(line -> line.startsWith(start)).toList();
    }
}
