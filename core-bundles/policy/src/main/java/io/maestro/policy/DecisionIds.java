package io.maestro.policy;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Ids in the order of time: UUIDs of version 7 (RFC 9562), by the millisecond. */
record DecisionIds(InstantSource clock) {
    /** A new one. They name, and guard nothing: they need not be hard to guess. */
    UUID next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (clock.instant().toEpochMilli() << 16) | 0x7000 | random.nextInt(1 << 12);
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
