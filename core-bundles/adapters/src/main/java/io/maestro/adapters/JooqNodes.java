package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;
import static io.maestro.adapters.tables.adapters.Tables.NODE;

import io.maestro.store.Database;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/** The nodes as rows. Times are the database's: nodes' clocks may disagree. */
final class JooqNodes {
    /** A node that is silent for so long does not come back as it was. */
    private static final int FORGOTTEN_AFTER_DAYS = 1;

    private final Database database;
    private final String node;

    JooqNodes(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /** This node begins. */
    void join() {
        database.noteAsPlatform(sql -> sql.insertInto(NODE)
                .set(NODE.NODE_, node)
                .set(NODE.STARTED_AT, DSL.currentOffsetDateTime())
                .set(NODE.SEEN_AT, DSL.currentOffsetDateTime())
                .onConflict(NODE.NODE_)
                .doUpdate()
                .set(NODE.STARTED_AT, DSL.currentOffsetDateTime())
                .set(NODE.SEEN_AT, DSL.currentOffsetDateTime())
                .execute());
    }

    /** This node is there still; false when others have forgotten it. */
    boolean beat() {
        return database.noteAsPlatform(sql -> sql.update(NODE)
                        .set(NODE.SEEN_AT, DSL.currentOffsetDateTime())
                        .where(NODE.NODE_.eq(node))
                        .execute())
                == 1;
    }

    /** This node ends, and has nothing open any more. */
    void leave() {
        database.noteAsPlatform(sql -> forget(sql.dsl(), node));
    }

    /** Forgets the nodes that have been silent for a day. */
    void forgetLost() {
        database.noteAsPlatform(sql -> {
            int forgotten = 0;
            for (String lost : sql.select(NODE.NODE_)
                    .from(NODE)
                    .where(NODE.SEEN_AT.lt(
                            DSL.currentOffsetDateTime().minus(DSL.inline(new DayToSecond(FORGOTTEN_AFTER_DAYS)))))
                    .fetch(NODE.NODE_)) {
                forgotten += forget(sql, lost);
            }
            return forgotten;
        });
    }

    private static int forget(org.jooq.DSLContext sql, String gone) {
        sql.deleteFrom(INSTANCE_OBSERVATION)
                .where(INSTANCE_OBSERVATION.NODE.eq(gone))
                .execute();
        return sql.deleteFrom(NODE).where(NODE.NODE_.eq(gone)).execute();
    }
}
