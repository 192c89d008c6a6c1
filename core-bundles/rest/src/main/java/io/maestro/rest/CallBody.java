package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.maestro.api.adapters.InstanceHealth.Call;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one call went, or one try of a call that was made again.
 *
 * @param at when it ended
 * @param caller who called; null when the server itself did
 * @param number which try it was, from 1
 * @param milliseconds how long it took; 0 when it was not let through
 * @param problem the code of what it failed with; null when it succeeded
 */
record CallBody(
        Instant at,
        String operation,
        @Nullable String caller,
        String correlationId,
        @JsonProperty("try") int number,
        Outcome outcome,
        double milliseconds,
        @Nullable String problem) {
    static CallBody of(Call call) {
        return new CallBody(
                call.at(),
                call.operation(),
                call.caller(),
                call.correlationId(),
                call.tries(),
                call.outcome(),
                call.took(),
                call.problem());
    }
}
