package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.context.SecretMask;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import java.util.Dictionary;
import java.util.Hashtable;
import org.jspecify.annotations.Nullable;

/** An open instance and all that a call on it needs. Immutable but for its trial; a new opening is a new binding. */
final class Binding {
    /** The service properties by which instances are told apart. */
    static final String TENANT = "maestro.tenant";

    static final String ENVIRONMENT = "maestro.environment";
    static final String CATEGORY = "maestro.category";
    static final String INSTANCE = "maestro.instance";
    static final String ADAPTER = "maestro.adapter";
    static final String VERSION = "maestro.version";

    /** Carries the binding itself from the registration to the index. */
    static final String BINDING = "maestro.binding";

    final Scope scope;
    final InstanceId instance;
    final DefinitionId definition;
    final AdapterType<?> type;
    final AdapterInstance adapter;
    final Guard guard;
    final SecretMask mask;
    final Digest fingerprint;

    /** Where its secrets came from when the fingerprint was taken. */
    final String lineage;

    /** What policies are told of its adapter with every call. */
    final Json facts;

    /** A new version that takes part of its calls; null, as nearly always, when there is none. */
    volatile @Nullable Trial trial;

    Binding(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            AdapterType<?> type,
            AdapterInstance adapter,
            Guard guard) {
        this(
                scope,
                instance,
                definition,
                type,
                adapter,
                guard,
                SecretMask.NONE,
                new Digest("0".repeat(64)),
                "",
                Json.EMPTY_OBJECT);
    }

    Binding(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            AdapterType<?> type,
            AdapterInstance adapter,
            Guard guard,
            SecretMask mask,
            Digest fingerprint,
            String lineage,
            Json facts) {
        this.scope = scope;
        this.instance = instance;
        this.definition = definition;
        this.type = type;
        this.adapter = adapter;
        this.guard = guard;
        this.mask = mask;
        this.fingerprint = fingerprint;
        this.lineage = lineage;
        this.facts = facts;
    }

    /** The same instance, which is not what it was any more. */
    Binding as(Digest present, String secrets) {
        return new Binding(scope, instance, definition, type, adapter, guard, mask, present, secrets, facts);
    }

    /** The names under which the instance is registered. */
    String[] interfaces() {
        return new String[] {type.contract().getName(), AdapterInstance.class.getName()};
    }

    /** The properties with which the instance is registered. */
    @SuppressWarnings("JdkObsolete") // OSGi asks for a Dictionary
    Dictionary<String, Object> properties() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(TENANT, scope.tenant().value());
        properties.put(ENVIRONMENT, scope.environment().value());
        properties.put(CATEGORY, type.name().value());
        properties.put(INSTANCE, instance.value());
        properties.put(ADAPTER, definition.name().value());
        properties.put(VERSION, definition.version().value());
        properties.put(BINDING, this);
        return properties;
    }

    @Override
    public String toString() {
        return scope + "/" + instance + " (" + definition + ")";
    }
}
