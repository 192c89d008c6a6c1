package io.maestro.adapters;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.store.Database;
import java.time.InstantSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Runs the adapter host. It registers its services itself, once its schema is up to date and its fences stand: before
 * that, nobody may install anything.
 */
@Component(
        service = {},
        immediate = true)
public final class HostComponent {
    private final Host host;

    @Activate
    public HostComponent(
            BundleContext context,
            @Reference NodeSettings node,
            @Reference Database database,
            @Reference Inspector inspector,
            @Reference Publishers publishers,
            @Reference Tenants tenants,
            @Reference ServiceComponentRuntime components) {
        host = new Host(
                new Host.Surroundings(
                        context, node, database, inspector, publishers, tenants, components, InstantSource.system()),
                Host.Pace.USUAL);
    }

    /** Starts the host. */
    @Activate
    public void start() {
        try {
            host.start();
        } catch (RuntimeException e) {
            host.stop();
            throw e;
        }
    }

    /** Stops the host; returns when all instances are closed. */
    @Deactivate
    public void stop() {
        host.stop();
    }
}
