package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.cli.Output.Column;

/** How instances are, for people. */
final class HealthView {
    private HealthView() {}

    /** One instance; its exit code says whether it works. */
    static int show(Output output, JsonNode health) {
        output.fields(
                health,
                Column.of("Instance", "/instance"),
                Column.of("Environment", "/environment"),
                Column.of("Type", "/type"),
                Column.of("State", "/state"),
                Column.of("Because", "/reason"),
                Column.of("Problem", "/problem"),
                Column.of("Calls, 5 min", "/windows/1/requests"),
                Column.of("Errors", "/windows/1/errors"),
                Column.of("p50 ms", "/windows/1/p50"),
                Column.of("p95 ms", "/windows/1/p95"),
                Column.of("p99 ms", "/windows/1/p99"),
                Column.of("Last success", "/lastSuccess"),
                Column.of("Last failure", "/lastFailure/at"),
                Column.of("It was", "/lastFailure/code"),
                Column.of("Breaker", "/breaker/state"),
                Column.of("Since", "/breaker/since"),
                Column.of("Under way", "/bulkhead/running"),
                Column.of("At most", "/bulkhead/limit"),
                Column.of("It says", "/probe/state"),
                Column.of("Asked", "/probe/at"));
        return switch (health.path("state").asText()) {
            case "failing", "failed" -> Exit.REFUSED;
            default -> Exit.OK;
        };
    }

    /** Many. */
    static void table(Output output, JsonNode list) {
        output.table(
                list,
                Column.of("ENVIRONMENT", "/environment"),
                Column.of("INSTANCE", "/instance"),
                Column.of("STATE", "/state"),
                Column.of("CALLS", "/windows/1/requests"),
                Column.of("ERRORS", "/windows/1/errors"),
                Column.of("P99 MS", "/windows/1/p99"),
                Column.of("BREAKER", "/breaker/state"),
                Column.of("IT SAYS", "/probe/state"),
                Column.of("BECAUSE", "/reason"));
    }
}
