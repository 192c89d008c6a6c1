package io.maestro.api.adapters;

import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Plans what is done to instances, and does it: by the same code, so that the plan says what the act does. Blocks on the
 * database and, for {@link InstanceAct.Upgrade} and {@link InstanceAct.Rollback}, on the adapter for as long as it may take
 * to open; any thread.
 */
@ProviderType
public interface InstanceActs {
    /**
     * What the act would do if it were done now. Changes nothing: no approval is used up and none is asked for. What the
     * policy answers, and that secrets were looked at to check a configuration, is recorded as always.
     *
     * @throws io.maestro.model.ProblemException why the act cannot be done, but for what the policy has against it: the plan
     *     says that
     */
    Plan plan(InstanceAct act, Actor actor);

    /**
     * Does it. An instance that moves to another version is answered when the new one has taken its place; until that
     * moment, and for ever when it cannot, it stays exactly as it was.
     *
     * @param plan the digest that the plan must still have; null when nobody planned
     * @return the instance; empty when it is no more
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#PLAN_CHANGED}, {@link
     *     AdapterProblem#CONFIGURATION_INVALID}, {@link AdapterProblem#INSTANCE_UNKNOWN}, {@link
     *     AdapterProblem#DEFINITION_UNKNOWN}, {@link AdapterProblem#ROLLBACK_IMPOSSIBLE}, {@link
     *     AdapterProblem#INSTANCE_UNHEALTHY}, those of opening an instance, and those of the policy
     */
    Optional<Instance> carryOut(InstanceAct act, @Nullable Digest plan, Actor actor);

    /**
     * Opens what the act would make, for nobody but this question: it is asked how it is and closed again. Keeps nothing: no
     * row, no secret, no folder, no receipt; secrets that it refers to are read as for opening, and that is recorded as
     * always. Blocks for as long as an adapter may take to open, to say how it is, and to close.
     *
     * @return how it says that it is, whichever that is
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#TRIAL_UNAPPROVED}, {@link
     *     AdapterProblem#TRIALS_BUSY}, those of {@link #carryOut} for this act but for plans, and those of opening an instance
     */
    Trial tryOut(InstanceAct.Create act, Actor actor);

    /**
     * The same for another configuration of an instance that is there. That one goes on meanwhile as if nothing were; what is
     * tried is given a folder of its own, which is empty.
     */
    Trial tryOut(InstanceAct.Configure act, Actor actor);

    /** What the instance was in turn, the newest first; the first is what it is. */
    Page<Version> versions(Scope scope, InstanceId instance, PageRequest page);

    /**
     * How a configuration did when it was tried.
     *
     * @param state never {@link ProbeState#UNKNOWN}
     * @param reason what the adapter says to it, without secrets; null when it is up
     * @param opening how long it took to open
     * @param answering how long it took to say how it is
     */
    record Trial(ProbeState state, @Nullable String reason, Duration opening, Duration answering) {}

    /**
     * What an instance was for a while.
     *
     * @param number counts from 1
     * @param configuration with <code>{"$secret": "NAME"}</code> in place of its secrets
     * @param why what made it so: {@code create}, {@code configure}, {@code upgrade}, {@code rollback}; {@code earlier} for
     *     what was there before versions were kept
     */
    record Version(long number, DefinitionId definition, Json configuration, Instant since, String actor, String why) {}
}
