package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.context.SecretMask;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.Dictionary;
import java.util.Hashtable;

/** An open instance and all that a call on it needs. Immutable; a new opening is a new binding. */
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

    Binding(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            AdapterType<?> type,
            AdapterInstance adapter,
            Guard guard) {
        this(scope, instance, definition, type, adapter, guard, SecretMask.NONE);
    }

    Binding(
            Scope scope,
            InstanceId instance,
            DefinitionId definition,
            AdapterType<?> type,
            AdapterInstance adapter,
            Guard guard,
            SecretMask mask) {
        this.scope = scope;
        this.instance = instance;
        this.definition = definition;
        this.type = type;
        this.adapter = adapter;
        this.guard = guard;
        this.mask = mask;
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
