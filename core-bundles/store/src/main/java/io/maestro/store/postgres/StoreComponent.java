package io.maestro.store.postgres;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Traces;
import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.ApprovalUse;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import io.maestro.store.Journal;
import io.maestro.store.Migrations;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens the database when the node has its settings, and offers it; immediate, so that the pool outlives its users. */
@Component(
        service = {Database.class, Facts.class, Journal.class},
        immediate = true)
public final class StoreComponent implements Database, Facts, Journal {
    private final PostgresDatabase database;
    private final Database transactions;

    @Activate
    public StoreComponent(@Reference NodeSettings settings, @Reference Traces traces) {
        this.database = PostgresDatabase.open(settings.database());
        this.transactions = TracedDatabase.of(database, traces);
    }

    @Deactivate
    void close() {
        database.close();
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> look) {
        return transactions.inTenant(tenant, look);
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> look) {
        return transactions.asPlatform(look);
    }

    @Override
    public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return transactions.act(tenant, actor, change);
    }

    @Override
    public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
        return transactions.actAsPlatform(actor, change);
    }

    @Override
    public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
        return transactions.note(tenant, note);
    }

    @Override
    public <R> R noteAsPlatform(Function<DSLContext, R> note) {
        return transactions.noteAsPlatform(note);
    }

    @Override
    public void migrate(Migrations migrations) {
        database.migrate(migrations);
    }

    @Override
    public List<Pending> take(DSLContext sql, int limit, Chains except) {
        return database.take(sql, limit, except);
    }

    @Override
    public List<Pending> waiting(DSLContext sql, @Nullable TenantId tenant, int limit) {
        return database.waiting(sql, tenant, limit);
    }

    @Override
    public Backlog backlog() {
        return database.backlog();
    }

    @Override
    public Registration onCommit(Runnable listener) {
        return database.onCommit(listener);
    }

    @Override
    public Registration onApproval(ApprovalUse use) {
        return database.onApproval(use);
    }

    @Override
    public void add(DSLContext sql, List<Entry> entries) {
        database.add(sql, entries);
    }

    @Override
    public List<Recorded> after(Position position, int limit) {
        return database.after(position, limit);
    }

    @Override
    public Position end() {
        return database.end();
    }

    @Override
    public Position floor() {
        return database.floor();
    }

    @Override
    public int drop(Instant before, int limit) {
        return database.drop(before, limit);
    }
}
