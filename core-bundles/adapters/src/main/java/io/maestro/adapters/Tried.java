package io.maestro.adapters;

import io.maestro.adapters.CallWindow.Counts;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.api.adapters.Rollouts.Gates;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a rollout on the node that runs it. Belongs to the thread of the rollout, but for what opens it and asks how
 * it is.
 */
final class Tried {
    /** How many calls of a new version are not timed. */
    private static final int COLD = 3;

    private final Moves.Course course;
    private final int step;
    private final Gates gates;
    private final CallWindow oldCalls = new CallWindow();
    private final CallWindow freshCalls = new CallWindow(COLD);

    private volatile @Nullable Candidate candidate;
    private @Nullable Binding present;
    private volatile @Nullable Trial trial;
    private Counts oldBefore = Counts.none();
    private Counts freshBefore = Counts.none();
    private long lastProgress = -1;
    private long movedAt;
    private boolean callsGivenUp;
    private volatile int downs;

    /**
     * A member whose new version is not open.
     *
     * @param step in which it is
     */
    Tried(Moves.Decided decided, int step, Gates gates) {
        this.course = decided.course();
        this.step = step;
        this.gates = gates;
    }

    InstanceKey key() {
        return course.row().key();
    }

    Moves.Course course() {
        return course;
    }

    int step() {
        return step;
    }

    @Nullable
    Candidate candidate() {
        return candidate;
    }

    /**
     * The new version is open; it is null for an instance that is stopped.
     *
     * @param over whether it must get no call any more, whatever is wanted
     */
    void opened(@Nullable Candidate fresh, BooleanSupplier over) {
        candidate = fresh;
        if (fresh != null) {
            fresh.binding().guard.apart(true);
            fresh.binding().guard.meter().watch(freshCalls);
            trial = new Trial(fresh.binding(), gates.shadow(), over);
        }
    }

    /** Has this be what the instance is now; calls are counted, and shared once a new version is open. */
    void attach(@Nullable Binding now) {
        Binding before = present;
        if (before != null && !before.equals(now)) {
            before.trial = null;
            before.guard.meter().watch(null);
        }
        present = now;
        if (now != null) {
            now.guard.meter().watch(oldCalls);
            now.trial = trial;
        }
    }

    @Nullable
    Binding present() {
        return present;
    }

    /** The new version gets this share of the calls. */
    void share(int percent) {
        Trial running = trial;
        if (running != null) {
            running.share(percent);
        }
    }

    /** The new version gets no call any more, and stays open. */
    void rest() {
        Trial running = trial;
        if (running != null) {
            running.rest();
        }
    }

    /** Calls of the new version that run have been waited for long enough. */
    void giveUpCalls() {
        callsGivenUp = true;
    }

    boolean hasGivenUpCalls() {
        return callsGivenUp;
    }

    /** All calls go to what the instance is; the new version is given back to be closed, or to take over. */
    @Nullable
    Candidate detach() {
        Binding now = present;
        if (now != null) {
            now.trial = null;
            now.guard.meter().watch(null);
        }
        Candidate fresh = candidate;
        if (fresh != null) {
            fresh.binding().guard.meter().watch(null);
            fresh.binding().guard.apart(false);
        }
        candidate = null;
        trial = null;
        return fresh;
    }

    /** Numbers are looked at from here on. */
    void mark() {
        oldBefore = oldCalls.counts();
        freshBefore = freshCalls.counts();
    }

    Counts old() {
        return oldCalls.counts().minus(oldBefore);
    }

    /** The old version's since it is watched. */
    Counts oldEver() {
        return oldCalls.counts();
    }

    Counts fresh() {
        return freshCalls.counts().minus(freshBefore);
    }

    long compared() {
        Trial running = trial;
        return running == null ? 0 : running.compared();
    }

    long different() {
        Trial running = trial;
        return running == null ? 0 : running.different();
    }

    /**
     * For how long calls of the new version have been running without any of them ending, in nanoseconds, or passing some of its
     * stream on: how fast a caller sends is not the version's doing.
     */
    long standstill() {
        long now = System.nanoTime();
        long progress = freshCalls.progress();
        if (progress != lastProgress || freshCalls.running() <= 0) {
            lastProgress = progress;
            movedAt = now;
        }
        return now - movedAt;
    }

    /** Whether the new version has said twice in turn that it is down. Asked by one thread at a time. */
    boolean isDown(boolean now) {
        int inTurn = now ? downs + 1 : 0;
        downs = inTurn;
        return inTurn >= 2;
    }

    /** Whether the new version has said lately that it is down. */
    boolean wasDown() {
        return candidate != null && downs > 0;
    }
}
