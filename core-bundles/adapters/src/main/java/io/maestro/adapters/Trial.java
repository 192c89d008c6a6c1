package io.maestro.adapters;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A new version that gets a share of the calls of an instance while the old one is still there. Any thread; no locks. */
final class Trial {
    private static final int ALL = 100;

    private final Binding candidate;
    private final boolean shadow;
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong different = new AtomicLong();
    private volatile int percent;

    Trial(Binding candidate, boolean shadow, int percent) {
        this.candidate = candidate;
        this.shadow = shadow;
        this.percent = percent;
    }

    /** Which of the two gets the next call. */
    Binding choose(Binding present) {
        int share = percent;
        return share >= ALL || ThreadLocalRandom.current().nextInt(ALL) < share ? candidate : present;
    }

    void share(int wanted) {
        percent = wanted;
    }

    Binding candidate() {
        return candidate;
    }

    /** Whether calls that change nothing are made on the candidate as well. */
    boolean shadows() {
        return shadow;
    }

    void compared(boolean same) {
        if (!same) {
            different.incrementAndGet();
        }
        compared.incrementAndGet();
    }

    long compared() {
        return compared.get();
    }

    long different() {
        return different.get();
    }
}
