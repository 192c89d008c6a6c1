package io.maestro.adapters;

/** Something under way inside an adapter that may not go on for ever. Shown to the watchdog of a {@link FlightTable}. */
interface Watched {
    /** How long something may compute before it counts as burning a processor. */
    long BURNING_NANOS = 1_000_000_000L;

    /** The instance's guard. */
    Guard guard();

    /** Whether its time is over, by {@link System#nanoTime}. */
    boolean isPast(long now);

    /**
     * Whether it has been computing for so long that it must be taken to keep one of the processors that all virtual
     * threads share.
     */
    boolean burns(long now);

    /** Ends it: the waiting side gets its answer, the adapter's side is interrupted. Any thread; may be called again. */
    void expire();
}
