package io.maestro.store;

import io.maestro.model.TenantId;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The database. Each method is one transaction: committed when the work returns, rolled back when it throws. Blocks; any
 * thread. Fails with {@link StoreProblem#DATABASE_UNAVAILABLE} when no connection can be had in time.
 */
@ProviderType
public interface Database {
    /** Works on the rows of one tenant; row-level security hides all others. */
    <R> R inTenant(TenantId tenant, Function<DSLContext, R> work);

    /** Works on behalf of the installation: sees the rows of all tenants. For what no single tenant asked for. */
    <R> R asPlatform(Function<DSLContext, R> work);

    /**
     * Brings a schema up to date, under an advisory lock; returns at once when it is. Engines call it once, before they
     * offer a service.
     *
     * @throws io.maestro.model.ProblemException {@link StoreProblem#MIGRATION_CHANGED} when a script that ran is not what
     *     it was, {@link StoreProblem#SCHEMA_NEWER} when the schema is from a newer release
     */
    void migrate(Migrations migrations);
}
