package io.maestro.provenance;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.util.function.Function;
import org.jooq.DSLContext;

/** The same database, where acts leave no fact: what the others are measured beside. */
final class Factless implements Database {
    private final Database database;

    Factless(Database database) {
        this.database = database;
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> look) {
        return database.inTenant(tenant, look);
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> look) {
        return database.asPlatform(look);
    }

    @Override
    public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return database.note(tenant, sql -> change.apply(sql).result());
    }

    @Override
    public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
        return database.noteAsPlatform(sql -> change.apply(sql).result());
    }

    @Override
    public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
        return database.note(tenant, note);
    }

    @Override
    public <R> R noteAsPlatform(Function<DSLContext, R> note) {
        return database.noteAsPlatform(note);
    }

    @Override
    public void migrate(Migrations migrations) {
        database.migrate(migrations);
    }
}
