package io.maestro.store.postgres;

import io.maestro.api.node.NodeSettings;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens the database when the node has its settings, and offers it; immediate, so that the pool outlives its users. */
@Component(service = Database.class, immediate = true)
public final class StoreComponent implements Database {
    private final PostgresDatabase database;

    @Activate
    public StoreComponent(@Reference NodeSettings settings) {
        this.database = PostgresDatabase.open(settings.database());
    }

    @Deactivate
    void close() {
        database.close();
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> work) {
        return database.inTenant(tenant, work);
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> work) {
        return database.asPlatform(work);
    }

    @Override
    public void migrate(Migrations migrations) {
        database.migrate(migrations);
    }
}
