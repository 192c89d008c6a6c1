package io.maestro.adapters;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first look at all instances after a start; over when each of them has been tried once. Belongs to the reconciler's
 * thread; only {@link #unready} is for others.
 */
final class FirstPass {
    private @Nullable Set<InstanceKey> untried;
    private volatile @Nullable String unready = "the instances have not been looked at yet";

    /** These are to be tried. Only the first call counts. */
    void begin(Set<InstanceKey> instances) {
        if (untried == null) {
            untried = new HashSet<>(instances);
            tell(instances.size());
        }
    }

    /** This one has been tried. */
    void tried(InstanceKey instance) {
        Set<InstanceKey> left = untried;
        if (left != null && left.remove(instance)) {
            tell(left.size());
        }
    }

    private void tell(int left) {
        unready = left == 0 ? null : left + " instances are being opened";
    }

    /** Why the pass is not over; empty when it is. Any thread. */
    Optional<String> unready() {
        return Optional.ofNullable(unready);
    }
}
