package io.maestro.residency;

import io.maestro.model.Scope;
import org.jooq.DSLContext;

/**
 * Keeps apart, until their transactions end, those who change where the data of a scope goes and those who rely on it: routes,
 * transfers and the deletion of instances are changed one at a time, and no write begins meanwhile. Writes do not wait for one another.
 * Taken after the tenant's hold and the instances that have to stay ({@link io.maestro.api.adapters.Presence}), and before any row
 * of this schema.
 */
final class JooqScopeLock {
    private JooqScopeLock() {}

    /** For whoever changes where data goes. Within a look nothing is locked: what writes nothing need not keep others from it. */
    static void change(DSLContext sql, Scope scope) {
        sql.execute(
                "select pg_advisory_xact_lock(hashtextextended(?, 0))"
                        + " where current_setting('transaction_read_only') = 'off'",
                name(scope));
    }

    /** For whoever begins to write, and relies on where it goes. */
    static void rely(DSLContext sql, Scope scope) {
        sql.execute("select pg_advisory_xact_lock_shared(hashtextextended(?, 0))", name(scope));
    }

    private static String name(Scope scope) {
        return "residency/" + scope;
    }
}
