package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.Opener.Opened;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.Retry;
import io.maestro.store.StoreProblem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Where one instance stands on this node. Belongs to the reconciler's thread; nobody else touches it. */
final class Hosted {
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    final InstanceKey key;

    /** What should be; null when the instance is deleted. */
    @Nullable
    Target target;

    /** What is; null when it is closed. */
    @Nullable
    Opened opened;

    /** Which secrets it should have; a higher number than those that it was opened with stands for newer ones. */
    long stamp;

    /** Whether a worker opens or closes it now. */
    boolean working;

    /** Whether it must be closed although it is wanted: its bundle or its key has gone. */
    boolean renew;

    /** Whether its key must be looked at once it is open: keys were revoked meanwhile. */
    boolean suspect;

    /** What waits for its turn with this instance. */
    final Deque<Reconciler.Turn> turns = new ArrayDeque<>();

    private @Nullable Target failedTarget;
    private @Nullable Problem problem;
    private int failures;
    private long notBefore;
    private TimeLimit.@Nullable Exceeded stuck;

    Hosted(InstanceKey key) {
        this.key = key;
    }

    /** Why the last try for this very target failed; null when there was none. */
    @Nullable
    Problem problemOf(Target wanted) {
        return wanted.equals(failedTarget) ? problem : null;
    }

    void failed(Target tried, Problem why, TimeLimit.@Nullable Exceeded exceeded, long now) {
        failures = tried.equals(failedTarget) ? failures + 1 : 1;
        failedTarget = tried;
        problem = why;
        stuck = exceeded;
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 6));
        if (why.retry() instanceof Retry.After after && after.delay().compareTo(pause) > 0) {
            pause = after.delay();
        }
        notBefore = now + (pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause).toNanos();
    }

    void succeeded() {
        failures = 0;
        failedTarget = null;
        problem = null;
        stuck = null;
    }

    /** Whether another try may be made now. A change of the rows is always a reason to try. */
    boolean mayTry(Target wanted, long now) {
        Problem last = problemOf(wanted);
        return last == null || (retryable(last) && !isStuck() && now - notBefore >= 0);
    }

    /** Whether it is open with secrets that are no longer the present ones. */
    boolean isBehind() {
        Opened present = opened;
        return present != null && present.stamp() < stamp;
    }

    /** Whether it is open with a version or a configuration that is no longer the present one. */
    boolean isOutdated() {
        Opened present = opened;
        Target wanted = target;
        return present != null
                && wanted != null
                && (present.target().configured() != wanted.configured()
                        || !present.target().definition().equals(wanted.definition()));
    }

    /** Its secrets are of this stamp; newer ones than known are a reason to try anew. */
    void stamp(long present) {
        if (present > stamp && opened != null) {
            succeeded();
        }
        stamp = present;
    }

    /** How long until another try may be made, in nanoseconds; {@link Long#MAX_VALUE} when a change must come first. */
    long untilTry(long now) {
        Target wanted = target;
        boolean settled = opened != null && !isBehind() && !isOutdated();
        Problem last = wanted == null || working || settled ? null : problemOf(wanted);
        if (last == null || !retryable(last)) {
            return Long.MAX_VALUE;
        }
        return Math.max(isStuck() ? SHORTEST_PAUSE.toNanos() : 0, notBefore - now);
    }

    /** While an open goes on that was given up, a further one would only add to it. */
    private boolean isStuck() {
        TimeLimit.Exceeded last = stuck;
        return last != null && last.stillRunning();
    }

    private static boolean retryable(Problem problem) {
        return problem.retry() instanceof Retry.After
                || problem.category() == ProblemCategory.EXTERNAL
                || problem.code().equals(StoreProblem.DATABASE_UNAVAILABLE.code())
                || problem.code().equals(AdapterProblem.ARTIFACT_LOST.code());
    }
}
