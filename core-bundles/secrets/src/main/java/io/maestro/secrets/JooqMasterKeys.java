package io.maestro.secrets;

import static io.maestro.secrets.tables.secrets.Tables.DATA_KEY;
import static io.maestro.secrets.tables.secrets.Tables.MASTER_KEY;

import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.secrets.tables.secrets.tables.records.DataKeyRecord;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Which master keys wrap something: their ids and what proves them, never the keys. */
final class JooqMasterKeys {
    private static final int BATCH = 100;

    private final Database database;
    private final InstantSource clock;

    JooqMasterKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A master key as the database knows it.
     *
     * @param proof opens with this master key only
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Recorded(String id, byte[] proof) {}

    /** All that wrap something, or are to. */
    List<Recorded> recorded() {
        return database.asPlatform(sql -> sql.selectFrom(MASTER_KEY)
                .orderBy(MASTER_KEY.ID)
                .fetch(row -> new Recorded(row.getId(), row.getProof())));
    }

    /** Records the first one; without effect when another node was faster. */
    void recordFirst(Recorded key, Actor actor) {
        database.actAsPlatform(actor, sql -> {
            int inserted = sql.insertInto(MASTER_KEY)
                    .set(MASTER_KEY.ID, key.id())
                    .set(MASTER_KEY.PROOF, key.proof())
                    .set(MASTER_KEY.IN_CHARGE, true)
                    .set(MASTER_KEY.RECORDED_AT, now())
                    .onConflictDoNothing()
                    .execute();
            return inserted == 0
                    ? Act.unchanged(inserted)
                    : Act.done(inserted, Fact.made("master-key.record", subject(key.id()), Json.EMPTY_OBJECT));
        });
    }

    /** Has this one wrap what is new from now on. */
    void putInCharge(Recorded key, Actor actor) {
        database.actAsPlatform(actor, sql -> {
            // one at a time
            lockAll(sql);
            String before = inCharge(sql);
            if (key.id().equals(before)) {
                return Act.unchanged(before);
            }
            sql.update(MASTER_KEY).set(MASTER_KEY.IN_CHARGE, false).execute();
            sql.insertInto(MASTER_KEY)
                    .set(MASTER_KEY.ID, key.id())
                    .set(MASTER_KEY.PROOF, key.proof())
                    .set(MASTER_KEY.IN_CHARGE, true)
                    .set(MASTER_KEY.RECORDED_AT, now())
                    .onConflict(MASTER_KEY.ID)
                    .doUpdate()
                    .set(MASTER_KEY.IN_CHARGE, true)
                    .execute();
            return Act.done(
                    key.id(),
                    Fact.changed(
                            "master-key.rotate",
                            subject(key.id()),
                            Json.object(Map.of("inCharge", before)),
                            Json.object(Map.of("inCharge", key.id()))));
        });
    }

    /**
     * What one step of wrapping data keys anew did.
     *
     * @param found how many another master key wraps; 0 when there are none left
     * @param wrapped how many of these were wrapped anew; somebody else did the others
     */
    record Step(int found, int wrapped) {}

    /** Wraps some data keys anew that another master key than this wraps; the master keys are used outside of transactions. */
    Step rewrap(String id, Keyring keyring) {
        List<DataKeyRecord> found = database.asPlatform(sql -> sql.selectFrom(DATA_KEY)
                .where(DATA_KEY.MASTER_KEY.ne(id))
                .orderBy(DATA_KEY.TENANT_ID, DATA_KEY.ENVIRONMENT, DATA_KEY.VERSION)
                .limit(BATCH)
                .fetch());
        List<byte[]> anew = new ArrayList<>();
        for (DataKeyRecord row : found) {
            Scope scope = Scope.of(row.getTenantId(), row.getEnvironment());
            byte[] plain = keyring.unwrap(
                    row.getMasterKey(),
                    row.getWrapped(),
                    JooqDataKeys.context(scope, row.getVersion(), row.getMasterKey()));
            anew.add(keyring.wrap(id, plain, JooqDataKeys.context(scope, row.getVersion(), id)));
            Arrays.fill(plain, (byte) 0);
        }
        return new Step(found.size(), found.isEmpty() ? 0 : replace(id, found, anew));
    }

    /** In the order of the keys, and only where the row is still what was unwrapped. */
    private int replace(String id, List<DataKeyRecord> rows, List<byte[]> anew) {
        return database.noteAsPlatform(sql -> {
            // until the end nobody puts another in charge; two that wrap against each other would never be done
            sql.selectFrom(MASTER_KEY)
                    .where(DSL.condition(MASTER_KEY.IN_CHARGE))
                    .forShare()
                    .execute();
            requireInCharge(sql, id);
            int replaced = 0;
            for (int i = 0; i < rows.size(); i++) {
                DataKeyRecord row = rows.get(i);
                replaced += sql.update(DATA_KEY)
                        .set(DATA_KEY.MASTER_KEY, id)
                        .set(DATA_KEY.WRAPPED, anew.get(i))
                        .where(DATA_KEY.TENANT_ID.eq(row.getTenantId()))
                        .and(DATA_KEY.ENVIRONMENT.eq(row.getEnvironment()))
                        .and(DATA_KEY.VERSION.eq(row.getVersion()))
                        .and(DATA_KEY.WRAPPED.eq(row.getWrapped()))
                        .execute();
            }
            return replaced;
        });
    }

    /** Forgets the master keys other than the one in charge, which this is; false when one of them wraps something again. */
    boolean forgetOthers(String id) {
        return database.noteAsPlatform(sql -> {
            // whoever wraps by one of them now holds its row until the data key is there to be seen
            lockAll(sql);
            requireInCharge(sql, id);
            if (sql.fetchExists(DATA_KEY, DATA_KEY.MASTER_KEY.ne(id))) {
                return false;
            }
            sql.deleteFrom(MASTER_KEY)
                    .where(MASTER_KEY.ID.ne(id))
                    .andNot(DSL.condition(MASTER_KEY.IN_CHARGE))
                    .execute();
            return true;
        });
    }

    /** In the order in which everybody locks them. Only a look after it shows what the one before has done. */
    private static void lockAll(DSLContext sql) {
        sql.selectFrom(MASTER_KEY).orderBy(MASTER_KEY.ID).forUpdate().execute();
    }

    private static void requireInCharge(DSLContext sql, String id) {
        String present = inCharge(sql);
        if (!present.equals(id)) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the master key " + present + " was put in charge while data keys were wrapped by " + id,
                            "Decide for one of them, give all nodes that one as --master-key, and rotate again.")
                    .asException();
        }
    }

    /** The id of the one in charge. */
    static String inCharge(DSLContext sql) {
        return sql.select(MASTER_KEY.ID)
                .from(MASTER_KEY)
                .where(DSL.condition(MASTER_KEY.IN_CHARGE))
                .fetchSingle(MASTER_KEY.ID);
    }

    private static Subject subject(String id) {
        return Subject.of("master-key", id);
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
