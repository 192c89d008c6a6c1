package io.maestro.adapters;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many calls of an instance may be made again: one in ten, and ten at once after a time without. So an outside system
 * that is down for everybody is asked a tenth more, not three times as much. Any thread; takes no lock.
 */
final class RetryBudget {
    /** What one call earns and one repetition costs. */
    private static final int COST = 10;

    private static final int MOST = 10 * COST;

    private final AtomicInteger saved = new AtomicInteger(MOST);

    /** A call has been made for the first time. */
    void earn() {
        int now = saved.get();
        while (now < MOST && !saved.compareAndSet(now, now + 1)) {
            now = saved.get();
        }
    }

    /** Takes what one repetition costs; false when there is not so much. */
    boolean spend() {
        int now = saved.get();
        while (now >= COST) {
            if (saved.compareAndSet(now, now - COST)) {
                return true;
            }
            now = saved.get();
        }
        return false;
    }
}
