package io.maestro.adapter.spi;

/** How an instance is. */
public sealed interface Health {
    /** The outside system answers as configured. */
    record Up() implements Health {}

    /**
     * The outside system answers, but not as it should.
     *
     * @param reason one sentence without secrets
     */
    record Degraded(String reason) implements Health {}

    /**
     * The outside system does not answer or refuses us.
     *
     * @param reason one sentence without secrets
     */
    record Down(String reason) implements Health {}
}
