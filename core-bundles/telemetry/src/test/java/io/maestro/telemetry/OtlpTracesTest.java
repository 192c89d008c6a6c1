package io.maestro.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.telemetry.Traces;
import io.maestro.api.telemetry.Traces.Kind;
import io.maestro.api.telemetry.Traces.Origin;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.Retry;
import io.maestro.testing.peers.OtlpCollector;
import io.maestro.testing.peers.OtlpCollector.Span;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OtlpTracesTest {
    private static final String ID = "5f1c9d0e7a2b4c685f1c9d0e7a2b4c68";
    private static final Origin HERE = new Origin(null, ID);

    private OtlpCollector collector;

    @BeforeEach
    void start() throws IOException {
        collector = OtlpCollector.start();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void aStepIsBelowTheSpanThatItsThreadIsIn() {
        List<Span> spans = sent(
                100,
                traces -> traces.request("GET", HERE, request -> {
                    request.rename("GET /api/tenants");
                    request.tag("http.response.status_code", 200);
                    return traces.step(
                            Kind.INTERNAL, "policy", policy -> traces.step(Kind.CLIENT, "database", look -> 1));
                }));

        Span request = named(spans, "GET /api/tenants");
        Span policy = named(spans, "policy");
        Span database = named(spans, "database");
        assertThat(spans).hasSize(3).allSatisfy(span -> {
            assertThat(span.trace()).isEqualTo(ID);
            assertThat(span.resource())
                    .containsEntry("service.name", "maestro-conductor")
                    .containsEntry("service.instance.id", "node-1");
        });
        assertThat(request.parent()).isEmpty();
        assertThat(policy.parent()).isEqualTo(request.id());
        assertThat(database.parent()).isEqualTo(policy.id());
        assertThat(List.of(request.kind(), policy.kind(), database.kind())).containsExactly(2, 1, 3);
        assertThat(request.tags())
                .containsEntry("http.response.status_code", "200")
                .containsEntry("maestro.correlation_id", ID);
    }

    @Test
    void aRequestOfAnotherTraceBelongsToIt() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Origin theirs = new Origin("00-" + trace + "-b7ad6b7169203331-01", ID);

        List<Span> spans = sent(100, traces -> traces.request("GET", theirs, span -> 1));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.trace()).isEqualTo(trace);
            assertThat(span.parent()).isEqualTo("b7ad6b7169203331");
        });
    }

    @Test
    void whatIsNoTraceparentBeginsATraceOfItsOwn() {
        for (String broken : List.of("", "00-", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01", "x".repeat(10_000))) {
            assertThat(sent(100, traces -> traces.request("GET", new Origin(broken, ID), span -> 1)))
                    .last()
                    .satisfies(span -> {
                        assertThat(span.trace()).isEqualTo(ID);
                        assertThat(span.parent()).isEmpty();
                    });
        }
    }

    @Test
    void aCorrelationIdThatIsNoTraceIdIsATagOnly() {
        List<Span> spans = sent(100, traces -> traces.request("GET", new Origin(null, "order-17"), span -> 1));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.trace()).matches("[0-9a-f]{32}");
            assertThat(span.tags()).containsEntry("maestro.correlation_id", "order-17");
        });
    }

    @Test
    void aCallerDoesNotDecideWhatIsTraced() {
        String theirs = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

        assertThat(sent(0, traces -> traces.request("GET", new Origin("00-" + theirs + "01", ID), span -> 1)))
                .isEmpty();
        assertThat(sent(100, traces -> traces.request("GET", new Origin("00-" + theirs + "00", ID), span -> 1)))
                .hasSize(1);
    }

    @Test
    void whatAnAdapterCallsACodeIsToldOnlyIfItIsOneByItsForm() {
        Problem speaking = new Problem(
                "the patient is Jane",
                ProblemCategory.EXTERNAL,
                502,
                "title",
                "detail",
                null,
                List.of(),
                Retry.never());

        List<Span> spans = sent(
                100,
                traces -> traces.request("GET", HERE, request -> {
                    assertThatThrownBy(() -> traces.step(Kind.CLIENT, "call", span -> {
                                throw speaking.asException();
                            }))
                            .hasMessageContaining("Jane");
                    return 1;
                }));

        assertThat(named(spans, "call").tags()).containsEntry("error.type", "adapter-failed");
        assertThat(spans.toString()).doesNotContain("Jane");
    }

    @Test
    void noneOfAHundredIsSentWhereNoneIsWanted() {
        assertThat(sent(0, traces -> traces.request("GET", HERE, span -> traces.step(Kind.INTERNAL, "step", it -> 1))))
                .isEmpty();
    }

    @Test
    void whatIsDoneForNoRequestIsNotTraced() {
        assertThat(sent(100, traces -> traces.step(Kind.CLIENT, "database", span -> 1)))
                .isEmpty();
    }

    @Test
    void aFailureIsToldByItsCodeAndNeverByItsMessage() {
        Problem unreachable = new Problem(
                "storage-unreachable",
                ProblemCategory.EXTERNAL,
                502,
                "title",
                "of a secret",
                null,
                List.of(),
                Retry.never());
        List<Span> spans = sent(
                100,
                traces -> traces.request("GET", HERE, request -> {
                    assertThatThrownBy(() -> traces.step(Kind.CLIENT, "external", span -> {
                                throw unreachable.asException();
                            }))
                            .hasMessageContaining("of a secret");
                    assertThatThrownBy(() -> traces.step(Kind.CLIENT, "caller", span -> {
                                throw Problem.of(CallerProblem.INVALID_NAME, "of a secret", null)
                                        .asException();
                            }))
                            .hasMessageContaining("of a secret");
                    assertThatThrownBy(() -> traces.step(Kind.CLIENT, "fault", span -> {
                                throw new IllegalStateException("of a secret");
                            }))
                            .hasMessage("of a secret");
                    return 1;
                }));

        assertThat(named(spans, "external").failed()).isTrue();
        assertThat(named(spans, "external").tags()).containsEntry("error.type", "storage-unreachable");
        assertThat(named(spans, "caller").failed()).isFalse();
        assertThat(named(spans, "caller").tags()).containsEntry("error.type", "invalid-name");
        assertThat(named(spans, "fault").failed()).isTrue();
        assertThat(named(spans, "fault").tags()).containsEntry("error.type", "java.lang.IllegalStateException");
        assertThat(spans.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsLongIsCut() {
        List<Span> spans = sent(100, traces -> traces.request("GET", new Origin(null, "x".repeat(5_000)), span -> 1));

        assertThat(spans)
                .singleElement()
                .satisfies(span ->
                        assertThat(span.tags().get("maestro.correlation_id")).hasSize(256));
    }

    @Test
    void aCollectorThatIsNotThereIsNobodysTrouble() {
        collector.close();

        assertThat(sent(100, traces -> traces.request("GET", HERE, span -> 1))).isEmpty();
    }

    private interface Act {
        Object with(Traces traces);
    }

    /** What the collector was sent once the traces are closed. */
    private List<Span> sent(int percent, Act act) {
        try (OtlpTraces traces = OtlpTraces.to(collector.base().toString(), "node-1", percent)) {
            assertThat(act.with(traces)).isEqualTo(1);
        }
        return collector.spans();
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
