package io.maestro.api.adapters;

import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes instances of one adapter to a newer version step by step, and back by itself when the new version does worse. Rows
 * change at the end only: until then every instance is what it was, and some or all of its calls go to the new version
 * beside it. So it ends with all instances at the new version, or with none. Blocks on the database; any thread.
 */
@ProviderType
public interface Rollouts {
    /** How many instances a rollout may have. */
    int MOST_MEMBERS = 2_000;

    /** As {@link #start(Course, Digest, Actor)}, whatever its plan is. */
    default Rollout start(Course course, Actor actor) {
        return start(course, null, actor);
    }

    /**
     * What a rollout that passes its gates would have done at its end; nothing is begun. Fails as its start would, but for
     * what the policy says.
     */
    Plan plan(Course course, Actor actor);

    /**
     * Begins a rollout; the node then runs it.
     *
     * @param expected the digest that its plan must have; null when any will do
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#ROLLOUT_RUNNING}, {@link
     *     AdapterProblem#DEFINITION_UNKNOWN}, {@code invalid-request} when there is nothing to move, {@link
     *     AdapterProblem#CONFIGURATION_INVALID} when an instance's configuration cannot be taken along, and those of the
     *     policy, which is asked about each instance; {@link AdapterProblem#PLAN_CHANGED}
     */
    Rollout start(Course course, @Nullable Digest expected, Actor actor);

    /** The rollouts of an adapter, the newest first. */
    Page<Rollout> rollouts(AdapterName adapter, PageRequest page);

    /** The rollout, or {@link AdapterProblem#ROLLOUT_UNKNOWN}. */
    Rollout rollout(UUID id);

    /**
     * Asks that everything goes back to what it was; the node that runs it does so within a second or two.
     *
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#ROLLOUT_UNKNOWN}, {@link AdapterProblem#ROLLOUT_ENDED}
     */
    Rollout cancel(UUID id, Actor actor);

    /**
     * What a rollout is to do.
     *
     * @param steps in turn; one step with all instances when there are none
     * @param gates what the new version must not do worse
     */
    record Course(AdapterName adapter, AdapterVersion version, List<Step> steps, Gates gates) {
        /** Copies the list. */
        public Course {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One step. What earlier steps have begun goes on with all of its calls.
     *
     * @param tenants all instances of these; when these and {@code instances} are empty, all that are left
     * @param instances these
     * @param percent the share of their calls that the new version gets, 1 to 100
     * @param hold how long the step lasts at least
     * @param calls how many calls the new version must have answered in it at least
     */
    record Step(List<TenantId> tenants, List<Place> instances, int percent, Duration hold, int calls) {
        /** Copies the lists. */
        public Step {
            tenants = List.copyOf(tenants);
            instances = List.copyOf(instances);
        }
    }

    /** An instance with its scope. */
    record Place(Scope scope, InstanceId instance) {
        @Override
        public String toString() {
            return scope + "/" + instance;
        }
    }

    /**
     * What the new version must not do worse than the old one at the same time.
     *
     * @param errors by how much the share of calls that fail, or that are refused as the caller's fault, may be higher: 0 to 1
     * @param percentile which of all calls, sorted by how long they take, is compared: between 0 and 1
     * @param slowdown how many times as long as the old version's that one may take
     * @param slack and how much longer beyond that
     * @param refusals by how much the share of calls that find the instance busy may be higher: 0 to 1
     * @param shadow whether calls that change nothing and that the old version answers are made on the new one as well, to
     *     compare the answers
     * @param differences which share of these may differ: 0 to 1
     * @param samples how many calls of each are looked at, at least, before anything is said
     */
    record Gates(
            double errors,
            double percentile,
            double slowdown,
            Duration slack,
            double refusals,
            boolean shadow,
            double differences,
            int samples) {
        /** Fit for most. */
        public static final Gates USUAL = new Gates(0.05, 0.95, 2.0, Duration.ofMillis(50), 0.05, false, 0.0, 20);
    }

    /** How far a rollout is. */
    enum State {
        /** New versions run beside the old ones; all rows are as before. */
        TRYING,
        /** All have proven themselves: the rows are changed, and nothing can be taken back any more. */
        COMMITTING,
        /** All instances are at the new version. */
        DONE,
        /** A gate was breached, or the node that ran it went away: all instances are as before. */
        ROLLED_BACK,
        /** Somebody wanted it to end: all instances are as before. */
        CANCELLED
    }

    /**
     * A rollout.
     *
     * @param step which step it is in, or ended in; counts from 1
     * @param seen what the old and the new version did in the present step, as of about a second ago: at, old and new with
     *     calls, failed, refused and seconds (the compared percentile), compared, different; null before the first look
     * @param report what was breached, with the numbers: gate, member, old, new, limit; null when nothing was
     * @param problem why it did not go through; null when it did, or is still running
     */
    record Rollout(
            UUID id,
            Course course,
            State state,
            int step,
            List<Member> members,
            @Nullable Json seen,
            @Nullable Json report,
            @Nullable Problem problem,
            String actor,
            Instant startedAt,
            @Nullable Instant endedAt) {
        /** Copies the list. */
        public Rollout {
            members = List.copyOf(members);
        }
    }

    /** How far one instance of a rollout is. */
    enum Progress {
        /** Its step has not come yet. */
        WAITING,
        /** The new version runs beside the old one. */
        TRYING,
        /** It is at the new version. */
        MOVED,
        /** It is as it was. */
        BACK,
        /** It could not go along once that was decided, as its problem says; it stays what it is. */
        SKIPPED
    }

    /**
     * One instance of a rollout.
     *
     * @param from the version that it had
     * @param problem why it is not at the new version; null when nothing went wrong with it
     */
    record Member(
            Place place,
            AdapterVersion from,
            Progress progress,
            @Nullable Problem problem) {}
}
