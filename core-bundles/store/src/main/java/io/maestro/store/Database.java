package io.maestro.store;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The database. Each method is one transaction: committed when the work returns, rolled back when it throws. Blocks; any
 * thread. Fails with {@link StoreProblem#DATABASE_UNAVAILABLE} when no connection can be had in time.
 *
 * <p>There are three kinds of transactions. A <em>look</em> ({@link #inTenant}, {@link #asPlatform}) cannot write: PostgreSQL
 * refuses it. An <em>act</em> changes state on somebody's behalf and commits the {@link Fact} of it in the same
 * transaction; it is the one way to change what people care about. What
 * an {@link Actor} does by an approval uses it up in the same transaction. A <em>note</em> writes down what is nobody's act:
 * observations, uses, events, and copies for speed. It leaves no receipt.
 */
@ProviderType
public interface Database {
    /** Looks at the rows of one tenant; row-level security hides all others. */
    <R> R inTenant(TenantId tenant, Function<DSLContext, R> look);

    /** Looks on behalf of the installation: sees the rows of all tenants. For what no single tenant asked for. */
    <R> R asPlatform(Function<DSLContext, R> look);

    /**
     * Changes the rows of one tenant. The facts enter the chain of receipts of that tenant. A change without a fact is
     * rolled back.
     */
    <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change);

    /**
     * Changes what belongs to the installation. The facts enter the platform's chain of receipts. A change without a fact
     * is rolled back.
     */
    <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change);

    /** Notes something within one tenant. */
    <R> R note(TenantId tenant, Function<DSLContext, R> note);

    /** Notes something of the installation, or of several tenants. */
    <R> R noteAsPlatform(Function<DSLContext, R> note);

    /**
     * Brings a schema up to date, under an advisory lock; returns at once when it is. Engines call it once, before they
     * offer a service.
     *
     * @throws io.maestro.model.ProblemException {@link StoreProblem#MIGRATION_CHANGED} when a script that ran is not what
     *     it was, {@link StoreProblem#SCHEMA_NEWER} when the schema is from a newer release
     */
    void migrate(Migrations migrations);
}
