package io.maestro.adapters;

import java.time.Duration;

/** Bounds the calls of one instance. */
final class Guard {
    Guard(String name, GuardSettings settings) {}

    boolean drain(Duration patience) {
        return true;
    }

    void interruptAll() {}
}
