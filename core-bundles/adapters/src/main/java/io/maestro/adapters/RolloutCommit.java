package io.maestro.adapters;

import io.maestro.adapters.JooqRollouts.Agreed;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts.Member;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.store.StoreProblem;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The forward part of one rollout that is decided: moves each member, or says why it cannot go along, until there is none
 * left. What is in the way of one member holds up no other. One thread; blocks.
 */
final class RolloutCommit {
    private static final System.Logger LOG = System.getLogger(RolloutCommit.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** After this a member that is still in trouble is left behind, lest the rollout never end. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final long begun = System.nanoTime();

    private final Rollout rollout;
    private final Map<InstanceKey, Tried> proven;
    private final RolloutRun.Parts parts;
    private final Reconciler reconciler;
    private final RolloutLease lease;

    /**
     * The way forward.
     *
     * @param proven what this node has open and tried; empty when another one, or an earlier life of this one, has
     */
    RolloutCommit(
            Rollout rollout,
            Map<InstanceKey, Tried> proven,
            RolloutRun.Parts parts,
            Reconciler reconciler,
            RolloutLease lease) {
        this.rollout = rollout;
        this.proven = proven;
        this.parts = parts;
        this.reconciler = reconciler;
        this.lease = lease;
    }

    /** Goes forward until all rows say so, or another node has taken over. */
    void run() throws InterruptedException {
        while (!lease.isLost()) {
            try {
                if (pass()) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "rollout " + rollout.id() + " is decided and goes on in a moment", e);
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Tries each member that is left once; whether none is left. */
    private boolean pass() throws InterruptedException {
        List<Member> left = left();
        Map<InstanceKey, Agreed> agreed =
                left.isEmpty() ? Map.of() : parts.rows().agreed(rollout.id());
        for (Member member : left) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (lease.isLost()) {
                return true;
            }
            InstanceKey key =
                    new InstanceKey(member.place().scope(), member.place().instance());
            Agreed what = agreed.get(key);
            if (what != null) {
                commit(key, what);
            }
        }
        if (!left().isEmpty()) {
            return false;
        }
        var _ = parts.rows().end(rollout.id(), State.COMMITTING, State.DONE, null, null, RolloutRunner.actor(rollout));
        return true;
    }

    private List<Member> left() {
        return parts.rows().require(rollout.id()).members().stream()
                .filter(member -> member.progress() != Progress.MOVED && member.progress() != Progress.SKIPPED)
                .toList();
    }

    private void commit(InstanceKey key, Agreed agreed) {
        Actor actor = RolloutRunner.actor(rollout);
        String decision = agreed.decision();
        try {
            move(key, agreed, decision == null ? actor : actor.allowedBy(decision, null));
        } catch (ProblemException e) {
            Problem problem = e.problem();
            if (problem.code().equals(StoreProblem.DATABASE_UNAVAILABLE.code())) {
                // the others would meet the same
                throw e;
            }
            if (passes(problem) && System.nanoTime() - begun < LONGEST.toNanos()) {
                LOG.log(Level.WARNING, key + " is moved in a moment, by rollout " + rollout.id(), e);
            } else {
                LOG.log(Level.WARNING, key + " does not go along with rollout " + rollout.id(), e);
                parts.rows().progress(rollout.id(), key, Progress.SKIPPED, problem);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, key + " is moved in a moment, by rollout " + rollout.id(), e);
        }
    }

    /** What is outside's or this node's trouble says nothing about the member. */
    private static boolean passes(Problem problem) {
        return switch (problem.category()) {
            case EXTERNAL, INTERNAL -> true;
            case CALLER, POLICY_OR_LIMIT -> problem.retry() instanceof Retry.After;
        };
    }

    private void move(InstanceKey key, Agreed agreed, Actor actor) {
        Tried tried = proven.get(key);
        Candidate candidate = tried == null ? null : tried.detach();
        boolean given = false;
        try {
            Optional<Moves.Course> course = tried == null || candidate == null
                    ? parts.moves().again(key, rollout.course().version(), agreed)
                    : Optional.of(tried.course());
            if (course.isEmpty()) {
                throw changed(key).asException();
            }
            if (parts.opener().revoked(course.get().to().key())) {
                throw Opener.keyRevoked(
                                course.get().to().id(), course.get().to().key())
                        .asException();
            }
            if (candidate == null) {
                parts.moves().check(course.get(), actor);
            }
            given = true;
            moved(course.get(), candidate, actor);
        } finally {
            if (!given && candidate != null) {
                parts.opener().discard(candidate);
            }
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

    private void moved(Moves.Course course, @Nullable Candidate candidate, Actor actor) {
        InstanceKey key = course.row().key();
        Move move = new Move(
                parts.opener(),
                parts.steps(),
                new Proven(parts.opener(), candidate),
                course.row().wanted(),
                () -> parts.moves().commit(course, actor, sql -> JooqRollouts.moved(sql, rollout.id(), key)));
        reconciler.turn(key, move);
        try {
            var _ = move.await(parts.opener().longestMove());
        } catch (ProblemException e) {
            String code = e.problem().code();
            if (code.equals(CallerProblem.REVISION_CHANGED.code())
                    || code.equals(AdapterProblem.INSTANCE_UNKNOWN.code())) {
                throw changed(key).asException(e);
            }
            throw e;
        }
    }

    private static Problem changed(InstanceKey key) {
        return Problem.of(
                AdapterProblem.INSTANCE_CHANGED,
                key + " was deleted, moved or changed by somebody else after it was decided that it moves",
                "See what it is now, and upgrade it by itself if it should go along.");
    }
}
