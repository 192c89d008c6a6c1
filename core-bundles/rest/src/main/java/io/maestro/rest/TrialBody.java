package io.maestro.rest;

import io.maestro.api.adapters.InstanceActs.Trial;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import org.jspecify.annotations.Nullable;

/**
 * How a configuration did when it was tried.
 *
 * @param reason what the adapter says to it; null when it is up
 * @param openingMillis how long it took to open
 * @param answeringMillis how long it took to say how it is
 */
record TrialBody(ProbeState state, @Nullable String reason, long openingMillis, long answeringMillis) {
    static TrialBody of(Trial trial) {
        return new TrialBody(
                trial.state(),
                trial.reason(),
                trial.opening().toMillis(),
                trial.answering().toMillis());
    }
}
