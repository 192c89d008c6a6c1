package io.maestro.adapters;

import io.maestro.api.adapters.Dependents;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.maestro.api.policy.Governance;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.store.Database;
import io.maestro.store.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Runs the adapter host. It registers its services itself, once its schema is up to date and its fences stand: before
 * that, nobody may install anything.
 */
@Component(
        service = {},
        immediate = true)
public final class HostComponent {
    /** They come and go with their bundles. */
    @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
    private final List<Dependents> dependents = new CopyOnWriteArrayList<>();

    private final Host host;

    @Activate
    public HostComponent(
            BundleContext context,
            @Reference NodeSettings node,
            @Reference Values values,
            @Reference Database database,
            @Reference Journal journal,
            @Reference Inspector inspector,
            @Reference Publishers publishers,
            @Reference Tenants tenants,
            @Reference Governance governance,
            @Reference Metrics metrics,
            @Reference Traces traces,
            @Reference InstanceSecrets secrets,
            @Reference ServiceComponentRuntime components) {
        host = new Host(
                new Host.Surroundings(
                        context,
                        node,
                        database,
                        journal,
                        inspector,
                        publishers,
                        tenants,
                        governance,
                        metrics,
                        traces,
                        secrets,
                        components,
                        dependents,
                        InstantSource.system()),
                Host.Pace.USUAL.asking(Duration.ofSeconds(values.number(Setting.PROBES_SECONDS))),
                GuardSettings.USUAL.with(
                        values.number(Setting.CALLS_CONCURRENT),
                        Duration.ofSeconds(values.number(Setting.CALLS_DEADLINE_SECONDS))));
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
