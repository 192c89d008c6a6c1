package io.maestro.adapters.isolation;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * An adapter sees the services that it registered itself, and no others. What it registers is seen by itself, the host,
 * the framework and the runtime of declarative services.
 */
public final class ServiceIsolation implements FindHook, EventListenerHook {
    private static final String COMPONENT_RUNTIME = "org.apache.felix.scr";

    private final AdapterBundles adapters;
    private final Bundle host;

    /** Fences in {@code adapters}; {@code host} sees everything. */
    public ServiceIsolation(AdapterBundles adapters, Bundle host) {
        this.adapters = adapters;
        this.host = host;
    }

    @Override
    public void find(
            BundleContext context,
            @Nullable String name,
            @Nullable String filter,
            boolean allServices,
            Collection<ServiceReference<?>> references) {
        Bundle seeker = bundle(context);
        references.removeIf(reference -> seeker == null || !mayMeet(seeker, reference.getBundle()));
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        Bundle owner = event.getServiceReference().getBundle();
        listeners.keySet().removeIf(context -> {
            Bundle listener = bundle(context);
            return listener == null || !mayMeet(listener, owner);
        });
    }

    /** Whether {@code seeker} may see a service of {@code owner}; null once the owner has taken the service back. */
    private boolean mayMeet(Bundle seeker, @Nullable Bundle owner) {
        if (seeker.equals(owner)) {
            return true;
        }
        if (adapters.contains(seeker)) {
            return false;
        }
        return owner == null
                || !adapters.contains(owner)
                || seeker.equals(host)
                || seeker.getBundleId() == 0
                || COMPONENT_RUNTIME.equals(seeker.getSymbolicName());
    }

    /** The bundle behind a context, or null when it has just stopped. */
    static @Nullable Bundle bundle(BundleContext context) {
        try {
            return context.getBundle();
        } catch (IllegalStateException e) {
            return null;
        }
    }
}
