package io.maestro.store.postgres;

import io.maestro.api.node.ReadinessCheck;
import io.maestro.store.Database;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells the edge whether the database answers. */
@Component
public final class DatabaseReadinessComponent implements ReadinessCheck {
    private final ReadinessCheck check;

    @Activate
    public DatabaseReadinessComponent(@Reference Database database) {
        this.check = new DatabaseReadiness(
                () -> database.asPlatform(sql -> sql.selectOne().fetch()), Duration.ofSeconds(1));
    }

    @Override
    public String name() {
        return check.name();
    }

    @Override
    public Optional<String> unready() {
        return check.unready();
    }
}
