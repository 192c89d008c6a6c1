package io.maestro.adapters;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first look at all instances after a start; over when each of them has been tried once, and for those who wait for the
 * node after a while in any case: thousands of instances take minutes, and one that is called meanwhile opens before the
 * others. Belongs to the reconciler's thread; only {@link #unready} is for others.
 */
final class FirstPass {
    private final Duration patience;
    private @Nullable Set<InstanceKey> untried;

    /** Null once all have been tried. */
    private volatile @Nullable Left left = new Left("the instances have not been looked at yet", false, 0);

    /**
     * What is left to do.
     *
     * @param begun whether {@code end} means something
     * @param end when nobody waits for it any longer
     */
    private record Left(String why, boolean begun, long end) {
        boolean isPast(long now) {
            return begun && now - end >= 0;
        }
    }

    /** A node is ready so long after it has begun to open its instances, whether or not all of them are open. */
    FirstPass(Duration patience) {
        this.patience = patience;
    }

    /**
     * These are to be tried. Only the first call counts.
     *
     * @param now in nanoseconds, of {@link System#nanoTime}
     */
    void begin(Set<InstanceKey> instances, long now) {
        if (untried == null) {
            untried = new HashSet<>(instances);
            tell(instances.size(), now + patience.toNanos());
        }
    }

    /** This one has been tried. */
    void tried(InstanceKey instance) {
        Set<InstanceKey> some = untried;
        Left before = left;
        if (some != null && before != null && some.remove(instance)) {
            tell(some.size(), before.end());
        }
    }

    private void tell(int some, long end) {
        left = some == 0 ? null : new Left(some + " instances are being opened", true, end);
    }

    /**
     * Why the node is not ready; empty when it is. Any thread.
     *
     * @param now in nanoseconds, of {@link System#nanoTime}
     */
    Optional<String> unready(long now) {
        Left some = left;
        return some == null || some.isPast(now) ? Optional.empty() : Optional.of(some.why());
    }
}
