package io.maestro.rest;

import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Instances.Instance;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a caller waits for an instance to become what is wanted.
 *
 * @param seconds 0 to {@value #MOST}
 */
record Patience(int seconds) {
    private static final int USUAL = 10;
    private static final int MOST = 30;

    /** What the query parameter {@code waitSeconds} asks for. */
    static Patience of(@Nullable String waitSeconds) {
        int seconds = waitSeconds == null ? USUAL : ListBody.number("waitSeconds", waitSeconds);
        if (seconds < 0 || seconds > MOST) {
            throw Wire.invalid(
                    "waitSeconds is " + seconds, "Wait 0 to " + MOST + " seconds, and ask again for more.", List.of());
        }
        return new Patience(seconds);
    }

    Instance await(Instances instances, Instance changed) {
        return seconds == 0 ? changed : instances.await(changed.scope(), changed.id(), Duration.ofSeconds(seconds));
    }
}
