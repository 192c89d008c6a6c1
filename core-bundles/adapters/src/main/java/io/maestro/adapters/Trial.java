package io.maestro.adapters;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A new version that gets a share of the calls of an instance while the old one is still there. Any thread; no locks. */
final class Trial {
    private static final int ALL = 100;

    private final Binding candidate;
    private final boolean shadow;
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong different = new AtomicLong();
    private final BooleanSupplier over;
    private volatile int percent;
    private volatile boolean resting;

    /**
     * A trial that gets no call yet.
     *
     * @param over whether it is no longer this node's to give calls away, whoever has noticed; asked with each call
     */
    Trial(Binding candidate, boolean shadow, BooleanSupplier over) {
        this.candidate = candidate;
        this.shadow = shadow;
        this.over = over;
    }

    /** Which of the two gets the next call. */
    Binding choose(Binding present) {
        int share = percent;
        boolean chosen = share >= ALL || ThreadLocalRandom.current().nextInt(ALL) < share;
        return chosen && !isOver() ? candidate : present;
    }

    private boolean isOver() {
        return resting || over.getAsBoolean();
    }

    /** It gets no call any more. */
    void rest() {
        resting = true;
    }

    void share(int wanted) {
        percent = wanted;
    }

    Binding candidate() {
        return candidate;
    }

    /** Whether calls that change nothing are made on the candidate as well. */
    boolean shadows() {
        return shadow && !isOver();
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
