package io.maestro.adapters;

/** Something under way inside an adapter that may not go on for ever. Shown to the watchdog of a {@link FlightTable}. */
interface Watched {
    /** The instance's guard. */
    Guard guard();

    /** Whether its time is over, by {@link System#nanoTime}. */
    boolean isPast(long now);

    /** Ends it: the waiting side gets its answer, the adapter's side is interrupted. Any thread; may be called again. */
    void expire();
}
