package io.maestro.store;

import io.maestro.api.store.Transaction;
import org.jooq.DSLContext;

/**
 * A transaction of {@link Database} in the hands of another engine. The tenant of the transaction is its fence there as
 * well, and what is done there is part of the same act.
 *
 * @param sql of the transaction
 */
public record JooqTransaction(DSLContext sql) implements Transaction {
    /** What runs in the transaction that somebody hands over. */
    public static DSLContext of(Transaction transaction) {
        if (transaction instanceof JooqTransaction(DSLContext sql)) {
            return sql;
        }
        throw new IllegalArgumentException("not a transaction of this store");
    }
}
