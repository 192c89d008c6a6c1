package io.maestro.events.alerts;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.events.Alerts;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.store.Database;
import io.maestro.store.Journal;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers alerts; immediate, for instances are watched whether anybody asks or not. */
@Component(immediate = true)
public final class AlertsComponent implements Alerts {
    private final AlertWatch watch;

    @Activate
    public AlertsComponent(
            @Reference NodeSettings node,
            @Reference Database database,
            @Reference Journal journal,
            @Reference InstanceHealth health,
            @Reference Metrics metrics) {
        database.migrate(JooqAlerts.MIGRATIONS);
        this.watch = new AlertWatch(
                new JooqAlerts(database, journal, node.node()),
                health::signs,
                Rules.USUAL,
                InstantSource.system(),
                metrics);
        watch.start();
    }

    @Deactivate
    void close() {
        watch.close();
    }

    @Override
    public Page<Alert> alerts(Filter filter, PageRequest page) {
        return watch.alerts(filter, page);
    }

    @Override
    public List<RuleOfType> rules() {
        return watch.rules();
    }
}
