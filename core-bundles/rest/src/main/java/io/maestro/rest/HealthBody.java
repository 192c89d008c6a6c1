package io.maestro.rest;

import io.maestro.api.adapters.InstanceHealth.BreakerState;
import io.maestro.api.adapters.InstanceHealth.Health;
import io.maestro.api.adapters.InstanceHealth.Minute;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.InstanceHealth.Series;
import io.maestro.api.adapters.InstanceHealth.State;
import io.maestro.api.adapters.InstanceHealth.Window;
import io.maestro.api.adapters.Instances.Observed;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is, as the node that answers sees it.
 *
 * @param reason why it is not healthy; null when it is
 * @param problem the code of the problem that keeps it from running
 * @param windows the last 1, 5 and 15 minutes
 * @param series the last hour minute by minute; null in a list that was not asked for it
 */
record HealthBody(
        String environment,
        String instance,
        String type,
        State state,
        @Nullable String reason,
        Observed observed,
        @Nullable String problem,
        List<WindowBody> windows,
        @Nullable Instant lastSuccess,
        @Nullable FailureBody lastFailure,
        BreakerBody breaker,
        BulkheadBody bulkhead,
        ProbeBody probe,
        @Nullable SeriesBody series) {
    /** With the last hour, unless that is null. */
    static HealthBody of(Health health, @Nullable Series series) {
        Instant failedAt = health.lastFailure();
        String code = health.lastFailureCode();
        return new HealthBody(
                health.scope().environment().value(),
                health.instance().value(),
                health.type().value(),
                health.state(),
                health.reason(),
                health.observed(),
                health.problem(),
                health.windows().stream().map(WindowBody::of).toList(),
                health.lastSuccess(),
                failedAt == null || code == null ? null : new FailureBody(failedAt, code),
                new BreakerBody(health.breaker().state(), health.breaker().since()),
                new BulkheadBody(health.bulkhead().running(), health.bulkhead().limit()),
                new ProbeBody(
                        health.probe().state(),
                        health.probe().reason(),
                        health.probe().at(),
                        health.probe().since()),
                series == null ? null : SeriesBody.of(series));
    }

    /**
     * The calls of some minutes.
     *
     * @param errorRate the share of errors, 0 to 1
     * @param p50 in milliseconds; null without calls
     */
    record WindowBody(
            int minutes,
            long requests,
            long errors,
            long rejected,
            double errorRate,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99) {
        static WindowBody of(Window window) {
            return new WindowBody(
                    window.minutes(),
                    window.requests(),
                    window.errors(),
                    window.rejected(),
                    Math.round(window.errorRate() * 10_000) / 10_000.0,
                    window.p50(),
                    window.p95(),
                    window.p99());
        }
    }

    /**
     * The last hour minute by minute, the oldest first and the one under way last; all empty when the node that answers has
     * not called the instance since it started.
     *
     * @param since when the first minute began
     * @param p95 in milliseconds; null for minutes without calls
     */
    record SeriesBody(Instant since, List<Long> requests, List<Long> errors, List<@Nullable Double> p95) {
        static SeriesBody of(Series series) {
            return new SeriesBody(
                    series.since(),
                    series.minutes().stream().map(Minute::requests).toList(),
                    series.minutes().stream().map(Minute::errors).toList(),
                    series.minutes().stream().<@Nullable Double>map(Minute::p95).toList());
        }
    }

    record FailureBody(Instant at, String code) {}

    record BreakerBody(BreakerState state, @Nullable Instant since) {}

    record BulkheadBody(int running, int limit) {}

    record ProbeBody(
            ProbeState state,
            @Nullable String reason,
            @Nullable Instant at,
            @Nullable Instant since) {}
}
