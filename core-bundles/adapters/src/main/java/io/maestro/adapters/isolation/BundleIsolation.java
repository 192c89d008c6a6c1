package io.maestro.adapters.isolation;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.bundle.FindHook;

/**
 * An adapter sees no bundle but its own. Its symbolic name is its own affair: adapters of any name and version stand side
 * by side, as nothing is ever wired to one.
 */
public final class BundleIsolation implements FindHook, EventHook, CollisionHook {
    private final AdapterBundles adapters;
    private final Bundle host;

    /** Fences in {@code adapters}, which {@code host} installs. */
    public BundleIsolation(AdapterBundles adapters, Bundle host) {
        this.adapters = adapters;
        this.host = host;
    }

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        Bundle seeker = ServiceIsolation.bundle(context);
        if (seeker == null) {
            bundles.clear();
        } else if (adapters.contains(seeker)) {
            bundles.removeIf(bundle -> !bundle.equals(seeker));
        }
    }

    @Override
    public void event(BundleEvent event, Collection<BundleContext> contexts) {
        contexts.removeIf(context -> {
            Bundle listener = ServiceIsolation.bundle(context);
            return listener == null || (adapters.contains(listener) && !listener.equals(event.getBundle()));
        });
    }

    @Override
    public void filterCollisions(int operationType, Bundle target, Collection<Bundle> collisionCandidates) {
        if (target.equals(host)) {
            collisionCandidates.clear();
        }
    }
}
