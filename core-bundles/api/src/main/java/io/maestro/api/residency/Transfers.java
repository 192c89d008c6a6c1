package io.maestro.api.residency;

import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves what an instance keeps to another instance, of the same region or another. Each item is copied, read back and compared,
 * and then belongs to the other instance from one moment to the next; its bytes at the first are deleted after that. Goes on
 * after a crash where it was, on any node. Blocks on the database; any thread.
 */
@ProviderType
public interface Transfers {
    /**
     * Begins. From now on the routes to the source lead to the target, so that nothing new comes to the source.
     *
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#TRANSFER_RUNNING}, {@link
     *     ResidencyProblem#INSTANCE_IN_OTHER_REGION}, {@link ResidencyProblem#INSTANCE_STORES_NOTHING}; what the policy says,
     *     and {@link ResidencyProblem#DATA_REGION_MISMATCH}, which leave a denied write
     */
    Transfer start(Scope scope, Course course, Actor actor);

    /** The transfer, or {@link ResidencyProblem#TRANSFER_UNKNOWN}. */
    Transfer transfer(Scope scope, UUID id);

    /** The transfers of a scope, newest first. */
    Page<Transfer> transfers(Scope scope, PageRequest page);

    /**
     * Ends it: what was moved stays at the target, what was not stays at the source. The routes stay as they are.
     *
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#TRANSFER_ENDED}
     */
    Transfer cancel(Scope scope, UUID id, Actor actor);

    /**
     * Goes on with one that has failed or was cancelled, and has the routes to the source lead to the target once more.
     *
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#TRANSFER_ENDED} when it is done; else as {@link #start}
     */
    Transfer resume(Scope scope, UUID id, Actor actor);

    /**
     * What is moved.
     *
     * @param source which keeps it
     * @param target which is to keep it
     * @param region where the target keeps its data, and where the items must stay from then on
     * @param kind only items of this kind; null for all
     */
    record Course(
            InstanceId source,
            InstanceId target,
            Region region,
            @Nullable Kind kind) {}

    /** How far it is. */
    enum State {
        /** Under way, on some node. */
        RUNNING,
        /** All is moved, and nothing is left at the source. */
        DONE,
        /** Given up after several attempts; the problem says why. */
        FAILED,
        /** Ended by somebody. */
        CANCELLED
    }

    /**
     * A transfer.
     *
     * @param movedItems how many items are at the target because of it
     * @param movedBytes how many bytes these are together
     * @param leftItems how many are still to be moved
     * @param leftBytes how many bytes these are together
     * @param unsettled how many further objects at the source are being written, or are about to be deleted
     * @param problem why the last attempt failed, in one line with its code; null when it did not
     * @param endedAt null while it runs
     */
    record Transfer(
            UUID id,
            Scope scope,
            Course course,
            State state,
            long movedItems,
            long movedBytes,
            long leftItems,
            long leftBytes,
            long unsettled,
            @Nullable String problem,
            Instant startedAt,
            String startedBy,
            @Nullable Instant endedAt) {}
}
