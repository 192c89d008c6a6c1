package io.maestro.adapters;

import io.maestro.adapters.Opener.Candidate;
import io.maestro.adapters.Opener.Opened;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes one instance to another version: the new one is opened beside the old one and proves itself, one transaction
 * changes the row, the new one takes the place of the old one, which drains and is closed. Before the transaction nothing
 * has changed, whatever happens; after it the row says what must be, and the reconciler makes it so, whatever happens.
 */
final class Move implements Reconciler.Turn {
    private static final System.Logger LOG = System.getLogger(Move.class.getName());

    private final Opener opener;
    private final Steps steps;
    private final Proof proof;
    private final Wanted wanted;
    private final Supplier<InstanceRow> commit;
    private final CompletableFuture<InstanceRow> outcome = new CompletableFuture<>();
    private volatile @Nullable Opened replaced;

    /** How the new version shows that it can be had; opens nothing when the instance is stopped. */
    @FunctionalInterface
    interface Proof {
        /** What is open and healthy; null when the instance is stopped and only its bundle was tried. */
        @Nullable
        Candidate prove() throws TimeLimit.Exceeded, InterruptedException;

        /** It will never be asked for. */
        default void dropped() {
            // nothing is open yet
        }
    }

    /**
     * A move that has not begun.
     *
     * @param wanted whether the instance runs
     * @param commit changes the row, or throws and leaves it
     */
    Move(Opener opener, Steps steps, Proof proof, Wanted wanted, Supplier<InstanceRow> commit) {
        this.opener = opener;
        this.steps = steps;
        this.proof = proof;
        this.wanted = wanted;
        this.commit = commit;
    }

    @Override
    @SuppressWarnings("CatchingThrowable") // a linkage error of a new version must not take the old one with it
    public @Nullable Opened run(@Nullable Opened before) {
        @Nullable Candidate candidate = null;
        InstanceRow committed;
        try {
            candidate = proof.prove();
            steps.reached("proven");
            committed = commit.get();
            steps.reached("committed");
        } catch (Throwable e) {
            if (candidate != null) {
                opener.discard(candidate);
            }
            outcome.completeExceptionally(failure(e));
            return before;
        }
        if (candidate == null || wanted == Wanted.STOPPED) {
            outcome.complete(committed);
            return before;
        }
        return switched(before, candidate, committed);
    }

    @SuppressWarnings(
            "CatchingThrowable") // the row has changed: what cannot be switched here the reconciler opens anew
    private @Nullable Opened switched(@Nullable Opened before, Candidate candidate, InstanceRow committed) {
        Opened after;
        try {
            after = opener.take(candidate, committed);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "instance " + committed.key() + " has moved, and is opened anew", e);
            opener.discard(candidate);
            outcome.complete(committed);
            return before;
        }
        outcome.complete(committed);
        try {
            steps.reached("switched");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener has failed, which changes nothing for " + committed.key(), e);
        }
        replaced = before;
        return after;
    }

    @Override
    public void settle() {
        Opened old = replaced;
        if (old != null) {
            opener.close(old);
        }
    }

    @Override
    public void abandoned() {
        proof.dropped();
        outcome.completeExceptionally(stopping().asException());
    }

    @Override
    public void gone() {
        proof.dropped();
        outcome.completeExceptionally(Problem.of(
                        AdapterProblem.INSTANCE_UNKNOWN,
                        "the instance was deleted before its move could begin",
                        "See the instances that there are.")
                .asException());
    }

    private Throwable failure(Throwable e) {
        return switch (e) {
            case ProblemException known -> known;
            case TimeLimit.Exceeded late -> opener.tooLong(late).asException(late);
            case InterruptedException stop -> stopping().asException(stop);
            default -> {
                LOG.log(Level.ERROR, "a new version cannot be opened", e);
                yield Problem.of(
                                AdapterProblem.INSTANCE_OPEN_FAILED,
                                "the node failed to open the new version with "
                                        + e.getClass().getName(),
                                "The instance goes on as it was; the server's log has the details.")
                        .asException(e);
            }
        };
    }

    private static Problem stopping() {
        return Problem.of(
                        AdapterProblem.INSTANCE_OPEN_FAILED,
                        "the node is stopping",
                        "The instance goes on as it was; try again once the node is up.")
                .with(Retry.after(Duration.ofSeconds(5)));
    }

    /** The row as it is when the new version has taken its place; or why it has not. */
    InstanceRow await(Duration patience) {
        try {
            return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_OPEN_TIMEOUT,
                            "the move has not ended within " + patience.toSeconds() + " seconds; it goes on",
                            "Look at the instance's versions in a moment: they say whether it has moved.")
                    .asException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping().asException(e);
        }
    }
}
