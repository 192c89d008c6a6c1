package io.maestro.model;

import java.time.Duration;

/** Whether the same call may be tried again. Data for the host: an adapter never retries by itself. */
public sealed interface Retry {
    /** Trying again gives the same answer. */
    record Never() implements Retry {}

    /**
     * Trying again may succeed.
     *
     * @param delay how long to wait at least; zero when nothing is known
     */
    record After(Duration delay) implements Retry {}

    /** Trying again gives the same answer. */
    static Retry never() {
        return new Never();
    }

    /** Trying again after {@code delay} may succeed. */
    static Retry after(Duration delay) {
        return new After(delay);
    }
}
