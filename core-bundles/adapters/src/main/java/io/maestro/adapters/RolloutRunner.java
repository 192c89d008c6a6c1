package io.maestro.adapters;

import io.maestro.adapters.Opener.Candidate;
import io.maestro.adapters.RolloutRun.Ended;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts.Member;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs rollouts under a lease. Trying changes no row of an instance, so a rollout whose node has gone in the middle of it is
 * taken back by saying so. From the decision on it is taken forward, by whichever node has the lease.
 */
final class RolloutRunner {
    private static final System.Logger LOG = System.getLogger(RolloutRunner.class.getName());

    /** How long a node may be silent before another one takes over. */
    static final Duration LEASE = Duration.ofSeconds(15);

    /** Why an instance that somebody changed in the meantime cannot go along any more. */
    private static final Set<String> UNFIT = Set.of(
            AdapterProblem.CONFIGURATION_INVALID.code(),
            AdapterProblem.DEFINITION_UNKNOWN.code(),
            AdapterProblem.VERSION_UNFIT.code());

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JooqRollouts rows;
    private final RolloutRun.Parts parts;
    private final Reconciler reconciler;
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();
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
        } catch (RejectedExecutionException e) {
            running.remove(rollout.id());
        }
    }

    private void look() {
        try {
            while (true) {
                try {
                    for (UUID id : rows.orphans()) {
                        if (running.add(id)) {
                            workers.execute(() -> adopt(id));
                        }
                    }
                } catch (RuntimeException e) {
                    LOG.log(Level.DEBUG, "rollouts cannot be looked for now", e);
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void adopt(UUID id) {
        try {
            if (!rows.lease(id, LEASE)) {
                return;
            }
            Rollout rollout = rows.require(id);
            switch (rollout.state()) {
                case TRYING -> {
                    var _ = rows.end(id, State.TRYING, State.ROLLED_BACK, null, interrupted(), actor(rollout));
                }
                case COMMITTING -> commit(rollout, Map.of());
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

    private static Problem interrupted() {
        return Problem.of(
                AdapterProblem.ROLLOUT_BREACHED,
                "the node that ran the rollout went away while the new version was being tried",
                "Everything is as before. Begin again.");
    }

    private void run(Rollout rollout, List<Tried> members) throws InterruptedException {
        UUID id = rollout.id();
        RolloutRun run = new RolloutRun(id, rollout.course(), members, parts);
        boolean decided = false;
        try {
            run.tryAll(() -> beat(id));
            parts.steps().reached("tried");
            decided = rows.decide(id, actor(rollout));
            if (!decided) {
                beat(id);
            }
        } catch (Ended e) {
            back(rollout, run, e);
        } catch (RuntimeException e) {
            // it may or may not be decided; the rows tell whoever takes it over
            LOG.log(Level.WARNING, "rollout " + id + " cannot go on here", e);
        } finally {
            if (!decided) {
                run.backOut();
            }
        }
        if (decided) {
            parts.steps().reached("decided");
            Map<InstanceKey, Tried> proven = new HashMap<>();
            members.forEach(member -> proven.put(member.key(), member));
            try {
                commit(rollout, proven);
            } finally {
                run.backOut();
            }
        }
    }

    /** The rows are told once nothing goes to the new versions any more. */
    private void back(Rollout rollout, RolloutRun run, Ended why) {
        run.release();
        InstanceKey member = why.member();
        State end =
                why.problem().code().equals(AdapterProblem.CALL_CANCELLED.code()) ? State.CANCELLED : State.ROLLED_BACK;
        try {
            boolean mine = rows.end(
                    rollout.id(),
                    State.TRYING,
                    end,
                    why.report(),
                    end == State.CANCELLED ? null : why.problem(),
                    actor(rollout));
            if (mine && member != null) {
                rows.progress(rollout.id(), member, Progress.BACK, why.problem());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the end of rollout " + rollout.id() + " cannot be written down now", e);
        }
    }

    private void beat(UUID id) throws Ended {
        if (!rows.lease(id, LEASE)) {
            throw new Ended(interrupted(), null, null);
        }
        if (rows.cancelled(id)) {
            throw new Ended(Problem.of(AdapterProblem.CALL_CANCELLED, "the rollout was cancelled", null), null, null);
        }
    }

    /** Goes forward until all rows say so, or another node has taken over. */
    private void commit(Rollout rollout, Map<InstanceKey, Tried> proven) throws InterruptedException {
        UUID id = rollout.id();
        Map<InstanceKey, String> decisions = null;
        while (true) {
            try {
                if (!rows.lease(id, LEASE)) {
                    return;
                }
                decisions = decisions == null ? rows.decisions(id) : decisions;
                for (Member member : rows.require(id).members()) {
                    InstanceKey key = new InstanceKey(
                            member.place().scope(), member.place().instance());
                    if (member.progress() != Progress.MOVED && member.progress() != Progress.SKIPPED) {
                        commit(rollout, key, proven.get(key), decisions.getOrDefault(key, ""));
                        var _ = rows.lease(id, LEASE);
                    }
                }
                var _ = rows.end(id, State.COMMITTING, State.DONE, null, null, actor(rollout));
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "rollout " + id + " is decided and goes on in a moment", e);
                Thread.sleep(PAUSE);
            }
        }
    }

    private void commit(Rollout rollout, InstanceKey key, @Nullable Tried tried, String decision) {
        Actor actor = decision.isEmpty() ? actor(rollout) : actor(rollout).allowedBy(decision, null);
        if (tried != null && moved(rollout, tried.course(), tried.detach(), actor)) {
            return;
        }
        // what was proven is not what is there any more, or another node has proven it
        Optional<Moves.Course> again;
        try {
            again = parts.moves().again(key, rollout.course().version());
            again.ifPresent(course -> parts.moves().check(course, actor));
        } catch (ProblemException e) {
            // a database that is away for a moment is no reason to leave an instance behind
            if (!UNFIT.contains(e.problem().code())) {
                throw e;
            }
            rows.progress(rollout.id(), key, Progress.SKIPPED, e.problem());
            return;
        }
        if (again.isEmpty()) {
            rows.progress(rollout.id(), key, Progress.SKIPPED, gone(key));
        } else if (!moved(rollout, again.get(), null, actor)) {
            throw gone(key).asException();
        }
    }

    /** What has proven itself already; null when the instance is stopped, or another node has proven it. */
    private record Proven(Opener opener, @Nullable Candidate candidate) implements Move.Proof {
        @Override
        public @Nullable Candidate prove() {
            return candidate;
        }

        @Override
        public void dropped() {
            if (candidate != null) {
                opener.discard(candidate);
            }
        }
    }

    /** False when the row is not what it was when the course was worked out. */
    private boolean moved(Rollout rollout, Moves.Course course, @Nullable Candidate candidate, Actor actor) {
        Move move = new Move(
                parts.opener(),
                parts.steps(),
                new Proven(parts.opener(), candidate),
                course.row().wanted(),
                () -> parts.moves()
                        .commit(
                                course,
                                actor,
                                sql -> JooqRollouts.progress(
                                        sql, rollout.id(), course.row().key(), Progress.MOVED, null)));
        reconciler.turn(course.row().key(), move);
        try {
            var _ = move.await(parts.opener().longestMove());
            return true;
        } catch (ProblemException e) {
            if (e.problem().code().equals(CallerProblem.REVISION_CHANGED.code())
                    || e.problem().code().equals(AdapterProblem.INSTANCE_UNKNOWN.code())) {
                return false;
            }
            throw e;
        }
    }

    private static Problem gone(InstanceKey key) {
        return Problem.of(
                AdapterProblem.INSTANCE_CHANGED,
                key + " was deleted or moved by somebody else while the rollout was being written down",
                null);
    }

    private static Actor actor(Rollout rollout) {
        return new Actor(rollout.actor(), "-");
    }
}
