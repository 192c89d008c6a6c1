package io.maestro.adapters;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Who serves a scope now. Follows the services with a {@value Binding#INSTANCE} property, so that it says what the
 * service filter would say, without the walk through the registry. Only what the host's own bundle registers counts.
 *
 * <p>Reads take no lock and never block; any thread.
 */
final class BindingIndex implements ServiceListener {
    private final BundleContext host;
    private final ConcurrentHashMap<InstanceKey, Binding> byInstance = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TypeKey, ConcurrentSkipListMap<InstanceId, Binding>> byType =
            new ConcurrentHashMap<>();

    private record TypeKey(Scope scope, TypeName type) {}

    BindingIndex(BundleContext host) {
        this.host = host;
    }

    /** Begins to follow the services, those included that are there already. */
    void open() {
        String filter = "(" + Binding.INSTANCE + "=*)";
        try {
            host.addServiceListener(this, filter);
            ServiceReference<?>[] present = host.getServiceReferences((String) null, filter);
            if (present != null) {
                for (ServiceReference<?> reference : present) {
                    add(reference);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops following and forgets. */
    void close() {
        host.removeServiceListener(this);
        byInstance.clear();
        byType.clear();
    }

    /** The instance of that name, or null when it is not open here. */
    @Nullable
    Binding find(Scope scope, InstanceId instance) {
        return byInstance.get(new InstanceKey(scope, instance));
    }

    /** The open instances of a type, by name; a live view. */
    Collection<Binding> find(Scope scope, TypeName type) {
        ConcurrentSkipListMap<InstanceId, Binding> found = byType.get(new TypeKey(scope, type));
        return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
    }

    /** All open instances; a live view. */
    Collection<Binding> all() {
        return Collections.unmodifiableCollection(byInstance.values());
    }

    /** How many instances are open. */
    int size() {
        return byInstance.size();
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        switch (event.getType()) {
            case ServiceEvent.REGISTERED, ServiceEvent.MODIFIED -> add(event.getServiceReference());
            case ServiceEvent.UNREGISTERING, ServiceEvent.MODIFIED_ENDMATCH -> remove(event.getServiceReference());
            default -> throw new IllegalArgumentException("unknown service event " + event.getType());
        }
    }

    private void add(ServiceReference<?> reference) {
        Binding binding = binding(reference);
        if (binding == null) {
            return;
        }
        byType.compute(new TypeKey(binding.scope, binding.type.name()), (key, present) -> {
            ConcurrentSkipListMap<InstanceId, Binding> bindings =
                    present == null ? new ConcurrentSkipListMap<>() : present;
            bindings.put(binding.instance, binding);
            return bindings;
        });
        byInstance.put(new InstanceKey(binding.scope, binding.instance), binding);
    }

    /** A successor may have taken the place already, and keeps it. */
    private void remove(ServiceReference<?> reference) {
        Binding binding = binding(reference);
        if (binding == null) {
            return;
        }
        byInstance.remove(new InstanceKey(binding.scope, binding.instance), binding);
        byType.computeIfPresent(new TypeKey(binding.scope, binding.type.name()), (key, present) -> {
            present.remove(binding.instance, binding);
            return present.isEmpty() ? null : present;
        });
    }

    private @Nullable Binding binding(ServiceReference<?> reference) {
        return host.getBundle().equals(reference.getBundle())
                        && reference.getProperty(Binding.BINDING) instanceof Binding binding
                ? binding
                : null;
    }
}
