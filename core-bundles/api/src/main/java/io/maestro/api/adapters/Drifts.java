package io.maestro.api.adapters;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where nodes are not as they should be: what is wanted of each instance against what each node on the database wrote down
 * last. What a node that is silent has open is unknown, and no older observation of it counts. Blocks on the database; any
 * thread.
 */
@ProviderType
public interface Drifts {
    /** How long a node may say nothing before what it has open is unknown. */
    Duration SILENCE = Duration.ofSeconds(30);

    /**
     * All drifts, by tenant, environment, instance and node.
     *
     * @param tenant whose; null for those of all tenants
     */
    Page<Drift> drifts(@Nullable TenantId tenant, PageRequest page);

    /** In which way a node is not as it should be. */
    enum Kind {
        /** The node says nothing: it has stopped without leave, or does not reach the database. */
        UNKNOWN,
        /** The node has not looked at the instance yet. */
        UNSEEN,
        /** The node has not looked at the latest change yet. */
        BEHIND,
        /** The node does something else with it than is wanted. */
        DIFFERENT,
        /** It runs, but as it was before the latest change, which could not be made. */
        UNCHANGED
    }

    /**
     * An instance that is not on a node as it should be.
     *
     * @param definition what should run
     * @param observed what the node wrote down last; null when that is nothing, or no longer counts
     * @param problem why, as the node wrote it down; null when it did not
     * @param revision the latest of the instance
     * @param seenRevision which one the node has answered; null when none
     * @param since since when it is so
     * @param age for how long
     */
    record Drift(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            String node,
            Wanted wanted,
            Kind kind,
            @Nullable Observed observed,
            @Nullable Problem problem,
            long revision,
            @Nullable Long seenRevision,
            Instant since,
            Duration age) {}
}
