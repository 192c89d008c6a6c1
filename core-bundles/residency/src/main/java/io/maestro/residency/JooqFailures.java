package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.ITEM;
import static io.maestro.residency.tables.residency.Tables.TRANSFER_FAILURE;

import io.maestro.api.residency.Transfers.Transfer;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.residency.JooqLedger.Entry;
import io.maestro.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Items that transfers could not move, by the placements that were to be copied: one that is written anew is another one. */
final class JooqFailures {
    private static final int LONGEST_PROBLEM = 300;
    private static final int NAMED = 5;
    private static final int LONGEST_NAME = 80;

    private final Database database;

    JooqFailures(Database database) {
        this.database = database;
    }

    /** This one could not be moved now. */
    void add(Transfer transfer, Entry entry, Problem why) {
        String problem = fit(why.code() + ": " + why.detail(), LONGEST_PROBLEM);
        database.note(
                transfer.scope().tenant(),
                sql -> sql.insertInto(TRANSFER_FAILURE)
                        .set(
                                TRANSFER_FAILURE.TENANT_ID,
                                transfer.scope().tenant().value())
                        .set(
                                TRANSFER_FAILURE.ENVIRONMENT,
                                transfer.scope().environment().value())
                        .set(TRANSFER_FAILURE.TRANSFER, transfer.id())
                        .set(TRANSFER_FAILURE.PLACEMENT, entry.placement().id())
                        .set(TRANSFER_FAILURE.KIND, entry.item().name().kind().value())
                        .set(TRANSFER_FAILURE.ITEM_KEY, entry.item().name().key())
                        .set(TRANSFER_FAILURE.FAILURES, 1)
                        .set(TRANSFER_FAILURE.PROBLEM, problem)
                        .onConflict(
                                TRANSFER_FAILURE.TENANT_ID,
                                TRANSFER_FAILURE.ENVIRONMENT,
                                TRANSFER_FAILURE.TRANSFER,
                                TRANSFER_FAILURE.PLACEMENT)
                        .doUpdate()
                        .set(TRANSFER_FAILURE.FAILURES, TRANSFER_FAILURE.FAILURES.plus(1))
                        .set(TRANSFER_FAILURE.PROBLEM, problem)
                        .execute());
    }

    /** How many items of a transfer were tried in vain and are still where they were, with the names of the first; empty when none. */
    static Optional<Unmoved> unmoved(DSLContext sql, Scope scope, UUID transfer) {
        Condition still = of(scope, transfer)
                .and(DSL.exists(DSL.selectOne()
                        .from(ITEM)
                        .where(
                                ITEM.TENANT_ID.eq(TRANSFER_FAILURE.TENANT_ID),
                                ITEM.ENVIRONMENT.eq(TRANSFER_FAILURE.ENVIRONMENT),
                                ITEM.PLACEMENT.eq(TRANSFER_FAILURE.PLACEMENT))));
        int count = sql.fetchCount(TRANSFER_FAILURE, still);
        if (count == 0) {
            return Optional.empty();
        }
        var first = sql.selectFrom(TRANSFER_FAILURE)
                .where(still)
                .orderBy(TRANSFER_FAILURE.KIND, TRANSFER_FAILURE.ITEM_KEY)
                .limit(NAMED)
                .fetch();
        List<String> names = first.map(row -> fit(row.getKind() + "/" + row.getItemKey(), LONGEST_NAME));
        return Optional.of(new Unmoved(count, names, first.getFirst().getProblem()));
    }

    /** Those that are resumed are tried anew. */
    static int forget(DSLContext sql, Scope scope, UUID transfer) {
        return sql.deleteFrom(TRANSFER_FAILURE).where(of(scope, transfer)).execute();
    }

    static Condition of(Scope scope, UUID transfer) {
        return TRANSFER_FAILURE
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(TRANSFER_FAILURE.ENVIRONMENT.eq(scope.environment().value()))
                .and(TRANSFER_FAILURE.TRANSFER.eq(transfer));
    }

    private static String fit(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    /**
     * What could not be moved yet.
     *
     * @param names of the first few
     * @param problem why the first could not
     */
    record Unmoved(int count, List<String> names, String problem) {
        /** With why the last attempt failed, if that is known better. */
        String told(@Nullable String last) {
            return (last == null ? problem : last) + " (" + count + " could not be moved yet: "
                    + String.join(", ", names) + (count > names.size() ? ", …)" : ")");
        }
    }
}
