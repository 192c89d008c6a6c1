package io.maestro.api.adapters;

import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done to one instance, as a value: so that what is planned is what is done. A revision is the one that
 * must still be current, or null for any; else {@code revision-changed}.
 */
public sealed interface InstanceAct {
    /** Where. */
    Scope scope();

    /** To which. */
    InstanceId instance();

    /** An instance is created; see {@link Instances#create}. */
    record Create(Scope scope, InstanceId instance, DefinitionId definition, Json configuration)
            implements InstanceAct {}

    /** It gets another configuration; see {@link Instances#configure}. */
    record Configure(
            Scope scope,
            InstanceId instance,
            Json configuration,
            @Nullable Long revision) implements InstanceAct {}

    /**
     * It goes to a newer version of its adapter, which proves itself first.
     *
     * @param configuration all of it, for the new version; null to take the present one along, migrated as the manifest of
     *     the new version says
     */
    record Upgrade(
            Scope scope,
            InstanceId instance,
            AdapterVersion version,
            @Nullable Json configuration,
            @Nullable Long revision)
            implements InstanceAct {}

    /**
     * It goes back to an older version, with the configuration that it had then.
     *
     * @param version null for the one before
     */
    record Rollback(
            Scope scope,
            InstanceId instance,
            @Nullable AdapterVersion version,
            @Nullable Long revision) implements InstanceAct {}

    /** It is started or stopped. */
    record Want(
            Scope scope,
            InstanceId instance,
            Wanted wanted,
            @Nullable Long revision) implements InstanceAct {}

    /** It is deleted. */
    record Delete(
            Scope scope, InstanceId instance, @Nullable Long revision) implements InstanceAct {}
}
