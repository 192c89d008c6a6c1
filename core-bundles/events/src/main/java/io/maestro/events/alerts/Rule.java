package io.maestro.events.alerts;

import io.maestro.api.adapters.InstanceHealth.Sign;
import io.maestro.api.events.Alerts.RuleOfType;
import io.maestro.api.events.Alerts.Severity;
import io.maestro.model.TypeName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When something is wrong with an instance, and when it no longer is; between the two nothing changes.
 *
 * @param name of the rule
 * @param type of which instances; null for all types without a rule of this name of their own
 * @param holding for how long it holds before it is raised
 * @param over for how long it has to be over
 * @param look what it looks at
 */
record Rule(String name, @Nullable TypeName type, Severity severity, Duration holding, Duration over, Look look) {
    /** What a rule looks at. */
    sealed interface Look {}

    /** The share of errors within five minutes, of at least so many calls. */
    record ErrorRate(long calls, double raise, double clear) implements Look {}

    /** The time that 99 of 100 calls take within five minutes, in milliseconds, of at least so many. */
    record Latency(long calls, double raise, double clear) implements Look {}

    /** Whether the instance says that the system behind it does not answer. */
    record ProbeFailing() implements Look {}

    /** Whether so much failed that calls are not let through. */
    record BreakerOpen() implements Look {}

    /** Whether it is wanted running, and cannot. */
    record NotRunning() implements Look {}

    /** What was found. */
    enum Finding {
        /** It holds. */
        WRONG,
        /** Neither. */
        BETWEEN,
        /** It is over. */
        RIGHT
    }

    /** Looks at an instance. */
    Finding find(Sign sign) {
        return switch (look) {
            case ErrorRate(long calls, double raise, double clear) ->
                sign.last().requests() < calls
                        ? Finding.RIGHT
                        : between(sign.last().errorRate(), raise, clear);
            case Latency(long calls, double raise, double clear) -> {
                Double p99 = sign.last().p99();
                yield sign.last().requests() < calls || p99 == null ? Finding.RIGHT : between(p99, raise, clear);
            }
            case ProbeFailing() ->
                switch (sign.probe()) {
                    case DOWN -> Finding.WRONG;
                    case DEGRADED, UNKNOWN -> Finding.BETWEEN;
                    case UP -> Finding.RIGHT;
                };
            case BreakerOpen() ->
                switch (sign.breaker()) {
                    case OPEN -> Finding.WRONG;
                    case HALF_OPEN -> Finding.BETWEEN;
                    case CLOSED -> Finding.RIGHT;
                };
            case NotRunning() ->
                switch (sign.observed()) {
                    case FAILED -> sign.wantedRunning() ? Finding.WRONG : Finding.RIGHT;
                    case PENDING -> Finding.BETWEEN;
                    case RUNNING, STOPPED -> Finding.RIGHT;
                };
        };
    }

    private static Finding between(double value, double raise, double clear) {
        return value >= raise ? Finding.WRONG : value >= clear ? Finding.BETWEEN : Finding.RIGHT;
    }

    /** What is wrong, in one sentence. */
    String text(Sign sign) {
        return switch (look) {
            case ErrorRate rate ->
                sign.last().errors() + " of " + sign.last().requests() + " calls failed in the last "
                        + sign.last().minutes() + " minutes";
            case Latency latency ->
                "one call in a hundred took "
                        + Math.round(sign.last().p99() == null ? 0 : sign.last().p99()) + " ms or more in the last "
                        + sign.last().minutes() + " minutes";
            case ProbeFailing failing -> "the system behind it does not answer as configured";
            case BreakerOpen open -> "it failed so often that calls are not let through";
            case NotRunning not -> "it is wanted running and cannot run";
        };
    }

    /** The rule for people. */
    RuleOfType shown() {
        return switch (look) {
            case ErrorRate(long calls, double raise, double clear) ->
                shown(
                        percent(raise) + " of at least " + calls + " calls in 5 minutes fail",
                        "less than " + percent(clear) + " do");
            case Latency(long calls, double raise, double clear) ->
                shown(
                        "the 99th percentile of at least " + calls + " calls in 5 minutes is " + Math.round(raise)
                                + " ms or more",
                        "it is below " + Math.round(clear) + " ms");
            case ProbeFailing failing -> shown("the instance says that it is down", "it says that it is up");
            case BreakerOpen open -> shown("the circuit breaker is open", "it is closed");
            case NotRunning not -> shown("the instance is wanted running and is failed", "it runs or is stopped");
        };
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    private RuleOfType shown(String raisedWhen, String clearedWhen) {
        return new RuleOfType(name, type, severity, raisedWhen, holding, clearedWhen, over);
    }
}
