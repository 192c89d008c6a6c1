package io.maestro.residency;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/** The database as a node sees it that is killed after some steps: from then on nothing reaches it, not even the mending. */
final class MortalDatabase implements Database {
    private final Database database;
    private final AtomicInteger left;

    /** Ends a node in the middle of whatever it does. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    MortalDatabase(Database database, int steps) {
        this.database = database;
        this.left = new AtomicInteger(steps);
    }

    /** One step further, unless the node is dead. */
    void step() {
        if (left.decrementAndGet() < 0) {
            throw new Killed();
        }
    }

    boolean dead() {
        return left.get() < 0;
    }

    private <R> R alive(Supplier<R> work) {
        step();
        R result = work.get();
        // killed after the commit, before anybody hears of it
        step();
        return result;
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> look) {
        step();
        return database.inTenant(tenant, look);
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> look) {
        step();
        return database.asPlatform(look);
    }

    @Override
    public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return alive(() -> database.act(tenant, actor, change));
    }

    @Override
    public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
        return alive(() -> database.actAsPlatform(actor, change));
    }

    @Override
    public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
        return alive(() -> database.note(tenant, note));
    }

    @Override
    public <R> R noteAsPlatform(Function<DSLContext, R> note) {
        return alive(() -> database.noteAsPlatform(note));
    }

    @Override
    public void migrate(Migrations migrations) {
        database.migrate(migrations);
    }
}
