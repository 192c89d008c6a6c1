package io.maestro.adapters;

import io.maestro.adapters.RolloutRun.Ended;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Runs rollouts under a lease. Trying changes no row of an instance, so a rollout whose node has gone in the middle of it is
 * taken back by saying so. From the decision on it is taken forward, by whichever node has the lease; but for a breach that the
 * node that decides has seen before it heard of the decision, if that node can still tell the database before its lease is over, or
 * has the lease again before a member has moved. No other node knows of that breach.
 */
final class RolloutRunner {
    private static final System.Logger LOG = System.getLogger(RolloutRunner.class.getName());

    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JooqRollouts rows;
    private final RolloutRun.Parts parts;
    private final Reconciler reconciler;
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();
    /** Why those that ran here go back, until the rows say that they have ended. */
    private final Map<UUID, Ended> untold = new ConcurrentHashMap<>();

    /** Platform threads: who takes back a version that computes without end must not wait for the processors that it has. */
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("rollout-", 0).factory());

    RolloutRunner(RolloutRun.Parts parts, Reconciler reconciler) {
        this.rows = parts.rows();
        this.parts = parts;
        this.reconciler = reconciler;
    }

    /** Begins to look for rollouts that nobody runs. */
    void start() {
        workers.execute(this::look);
    }

    /** Ends all runs; what they were trying is closed. Waits for that, for a time. */
    void stop() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(25, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "some rollouts are left behind in the middle of closing what they tried");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever writes a rollout down claims it first, lest it be taken for one that nobody runs. */
    void claim(UUID id) {
        running.add(id);
    }

    /** It was not written down. */
    void release(UUID id) {
        running.remove(id);
    }

    /** Runs a rollout that was claimed and is written down. */
    void begin(Rollout rollout, List<Tried> members) {
        try {
            workers.execute(() -> {
                try {
                    run(rollout, members);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    running.remove(rollout.id());
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // whoever looks for orphans takes it over once its lease is over
            LOG.log(Level.WARNING, "rollout " + rollout.id() + " cannot begin here", e);
            running.remove(rollout.id());
        }
    }

    private void look() {
        try {
            while (true) {
                try {
                    for (UUID id : rows.orphans()) {
                        if (running.add(id)) {
                            takeOver(id);
                        }
                    }
                    untold.keySet().removeIf(id -> !running.contains(id) && hasEnded(id));
                } catch (RuntimeException e) {
                    LOG.log(Level.DEBUG, "rollouts cannot be looked for now", e);
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasEnded(UUID id) {
        return rows.find(id).filter(rollout -> rollout.endedAt() == null).isEmpty();
    }

    private void takeOver(UUID id) {
        boolean begun = false;
        try {
            workers.execute(() -> adopt(id));
            begun = true;
        } catch (OutOfMemoryError e) {
            LOG.log(Level.WARNING, "there is no thread to take rollout " + id + " over; it is tried again", e);
        } finally {
            if (!begun) {
                running.remove(id);
            }
        }
    }

    private void adopt(UUID id) {
        try {
            if (!rows.lease(id, RolloutLease.LENGTH)) {
                return;
            }
            Rollout rollout = rows.require(id);
            Ended why = untold.get(id);
            switch (rollout.state()) {
                case TRYING -> {
                    var _ = isBack(rollout, why == null ? new Ended(interrupted(), null, null) : why);
                }
                case COMMITTING -> {
                    if (why == null || !isBack(rollout, why)) {
                        goForward(rollout);
                    }
                }
                case DONE, ROLLED_BACK, CANCELLED -> LOG.log(Level.DEBUG, "rollout {0} has ended", id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "rollout " + id + " cannot be taken over now", e);
        } finally {
            running.remove(id);
        }
    }

    private void goForward(Rollout rollout) throws InterruptedException {
        try (RolloutLease lease = new RolloutLease(rows, rollout.id())) {
            new RolloutCommit(rollout, Map.of(), parts, reconciler, lease).run();
        }
    }

    private static Problem interrupted() {
        return Problem.of(
                AdapterProblem.ROLLOUT_BREACHED,
                "the node that ran the rollout went away while the new version was being tried",
                "Everything is as before. Begin again.");
    }

    private void run(Rollout rollout, List<Tried> members) throws InterruptedException {
        UUID id = rollout.id();
        try (RolloutLease lease = new RolloutLease(rows, id)) {
            run(rollout, members, lease);
        }
    }

    private void run(Rollout rollout, List<Tried> members, RolloutLease lease) throws InterruptedException {
        UUID id = rollout.id();
        RolloutRun run = new RolloutRun(id, rollout.course(), members, parts, lease);
        boolean decided = false;
        try {
            run.tryAll(() -> requireGoing(lease));
            parts.steps().reached("tried");
            run.requireFit(() -> requireGoing(lease));
            decided = run.decide(actor(rollout), () -> requireGoing(lease));
            if (!decided) {
                throw rows.cancelled(id) ? cancelled() : new Ended(interrupted(), null, null);
            }
        } catch (Ended e) {
            back(rollout, run, e, lease);
        } catch (RuntimeException e) {
            // it may or may not be decided; the rows tell whoever takes it over
            LOG.log(Level.WARNING, "rollout " + id + " cannot go on here", e);
        } finally {
            if (!decided) {
                run.end().await();
            }
        }
        if (decided) {
            parts.steps().reached("decided");
            Map<InstanceKey, Tried> proven = new HashMap<>();
            members.forEach(member -> proven.put(member.key(), member));
            try {
                new RolloutCommit(rollout, proven, parts, reconciler, lease).run();
            } finally {
                run.end().await();
            }
        }
    }

    /** The rows are told once nothing goes to the new versions any more; for as long as no other node may tell them. */
    private void back(Rollout rollout, RolloutRun run, Ended why, RolloutLease lease) throws InterruptedException {
        untold.put(rollout.id(), why);
        // what is kept of the numbers is what the report is about
        Json numbers = run.numbers();
        run.end().begin();
        run.tell(numbers);
        while (!isTold(rollout, why) && !lease.isLost()) {
            Thread.sleep(PAUSE);
        }
    }

    private boolean isTold(Rollout rollout, Ended why) {
        try {
            var _ = isBack(rollout, why);
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the end of rollout " + rollout.id() + " cannot be written down now", e);
            return false;
        }
    }

    /** Takes it back, also when the decision was made in the moment of the breach; false when a member has moved, or it is not this node's. */
    private boolean isBack(Rollout rollout, Ended why) {
        InstanceKey member = why.member();
        State end =
                why.problem().code().equals(AdapterProblem.CALL_CANCELLED.code()) ? State.CANCELLED : State.ROLLED_BACK;
        boolean mine = isEnded(rollout, State.TRYING, end, why) || isEnded(rollout, State.COMMITTING, end, why);
        if (mine && member != null) {
            rows.progress(rollout.id(), member, Progress.BACK, why.problem());
        }
        return mine;
    }

    private boolean isEnded(Rollout rollout, State from, State end, Ended why) {
        return rows.end(
                rollout.id(), from, end, why.report(), end == State.CANCELLED ? null : why.problem(), actor(rollout));
    }

    private static void requireGoing(RolloutLease lease) throws Ended {
        if (lease.isLost()) {
            throw new Ended(interrupted(), null, null);
        }
        if (lease.isCancelled()) {
            throw cancelled();
        }
    }

    private static Ended cancelled() {
        return new Ended(Problem.of(AdapterProblem.CALL_CANCELLED, "the rollout was cancelled", null), null, null);
    }

    static Actor actor(Rollout rollout) {
        return new Actor(rollout.actor(), "-");
    }
}
