package io.maestro.store.postgres;

import io.maestro.api.telemetry.Traces;
import io.maestro.api.telemetry.Traces.Kind;
import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Has each transaction be a step of the request that it belongs to, the wait for a connection included. */
record TracedDatabase(Database database, Traces traces) implements Database {
    /** The database itself where traces are off, so that nobody pays for them. */
    static Database of(Database database, Traces traces) {
        return traces.isOn() ? new TracedDatabase(database, traces) : database;
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> look) {
        return step("look", tenant, () -> database.inTenant(tenant, look));
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> look) {
        return step("look", null, () -> database.asPlatform(look));
    }

    @Override
    public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return step("act", tenant, () -> database.act(tenant, actor, change));
    }

    @Override
    public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
        return step("act", null, () -> database.actAsPlatform(actor, change));
    }

    @Override
    public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
        return step("note", tenant, () -> database.note(tenant, note));
    }

    @Override
    public <R> R noteAsPlatform(Function<DSLContext, R> note) {
        return step("note", null, () -> database.noteAsPlatform(note));
    }

    @Override
    public void migrate(Migrations migrations) {
        database.migrate(migrations);
    }

    private <R> R step(String operation, @Nullable TenantId tenant, Supplier<R> transaction) {
        return traces.step(Kind.CLIENT, "database " + operation, span -> {
            span.tag("db.system.name", "postgresql");
            span.tag("db.operation.name", operation);
            span.tag("maestro.tenant", tenant == null ? null : tenant.value());
            return transaction.get();
        });
    }
}
