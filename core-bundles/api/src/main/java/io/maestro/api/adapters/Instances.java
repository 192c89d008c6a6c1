package io.maestro.api.adapters;

import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Adapter instances of all scopes. A change writes what is wanted and returns; the node then makes it so. Blocks on the
 * database; any thread.
 */
@ProviderType
public interface Instances {
    /**
     * Creates an instance that is wanted running.
     *
     * @param configuration checked against the definition's schema. Where that marks a secret, it holds the value, which is
     *     kept as a secret of the instance's own, or <code>{"$secret": "NAME"}</code>; the value is never given back
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#CONFIGURATION_INVALID} with JSON Pointers, {@link
     *     AdapterProblem#DEFINITION_UNKNOWN}, {@link AdapterProblem#INSTANCE_EXISTS}, or an unknown tenant or environment
     */
    Instance create(Scope scope, InstanceId id, DefinitionId definition, Json configuration, Actor actor);

    /**
     * Gives the instance another configuration. Where it is open, it is opened anew beside itself, and the new one takes the
     * place of the old one; when that fails, the old one goes on and {@link Instance#problem} says why. The very same
     * configuration changes nothing.
     *
     * @param configuration all of it, as for {@link #create}; a secret that is left out, other than within a list, stays as
     *     it is, and one that is null goes
     * @param revision the revision that must still be current, or null for any; else {@code revision-changed}
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#CONFIGURATION_INVALID} with JSON Pointers, {@link
     *     AdapterProblem#INSTANCE_UNKNOWN}, or an unknown tenant or environment
     */
    Instance configure(Scope scope, InstanceId id, Json configuration, @Nullable Long revision, Actor actor);

    /** The instance, or {@link AdapterProblem#INSTANCE_UNKNOWN}. */
    Instance instance(Scope scope, InstanceId id);

    /**
     * Changes whether the instance should run.
     *
     * @param revision the revision that must still be current, or null for any; else {@code revision-changed}
     */
    Instance want(Scope scope, InstanceId id, Wanted wanted, @Nullable Long revision, Actor actor);

    /** Deletes the instance with its folder; what it stored outside stays. */
    void delete(Scope scope, InstanceId id, @Nullable Long revision, Actor actor);

    /**
     * Waits until what is observed agrees with what is wanted, or cannot for now.
     *
     * @param patience how long to wait at most
     * @return the instance as it is then
     */
    Instance await(Scope scope, InstanceId id, Duration patience);

    /** What should be. */
    enum Wanted {
        /** Open and ready for calls. */
        RUNNING,
        /** Configured but closed. */
        STOPPED
    }

    /** What is, on this node. */
    enum Observed {
        /** Not looked at yet, or on its way. */
        PENDING,
        /** Open and ready for calls. */
        RUNNING,
        /** Closed. */
        STOPPED,
        /** Wanted running, but cannot; the problem says why. */
        FAILED
    }

    /**
     * A definition configured for one scope.
     *
     * @param configuration with <code>{"$secret": "NAME"}</code> in place of its secrets
     * @param revision goes up with each change
     * @param problem why observed differs from wanted, with the fix; null when it does not
     */
    record Instance(
            Scope scope,
            InstanceId id,
            DefinitionId definition,
            TypeName type,
            Json configuration,
            Wanted wanted,
            Observed observed,
            @Nullable Problem problem,
            long revision,
            Instant createdAt,
            Instant updatedAt) {}
}
