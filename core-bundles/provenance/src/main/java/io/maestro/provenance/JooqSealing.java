package io.maestro.provenance;

import static io.maestro.provenance.tables.provenance.Tables.CHAIN_END;
import static io.maestro.provenance.tables.provenance.Tables.RECEIPT;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.provenance.JooqEnds.End;
import io.maestro.provenance.JooqEnds.Found.Broken;
import io.maestro.provenance.JooqEnds.Found.Whole;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Facts;
import io.maestro.store.Facts.Chains;
import io.maestro.store.Facts.Pending;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of sealing. In each, one node alone takes facts out and puts receipts in: after a crash either both
 * happened or neither.
 */
final class JooqSealing {
    /** Any number, as long as nobody else uses it for an advisory lock: {@code RCPT} in ASCII. */
    private static final long LOCK = 0x52435054L;

    private static final int CHECKPOINTS_AT_ONCE = 500;

    /** More that wait are not looked for among: at worst a chain is taken down twice. */
    private static final int WAITING = 10_000;

    private static final System.Logger LOG = System.getLogger(JooqSealing.class.getName());

    private final Database database;
    private final Facts facts;
    private final JooqEnds ends;
    private final Vouchers vouchers;

    JooqSealing(Database database, Facts facts, JooqEnds ends, Vouchers vouchers) {
        this.database = database;
        this.facts = facts;
        this.ends = ends;
        this.vouchers = vouchers;
    }

    /**
     * What a batch is made of.
     *
     * @param facts oldest first
     * @param ends where each chain among them ends; a chain without receipts has none
     * @param keys all signing keys
     * @param healed those facts that accept the break of another chain, which goes on behind it
     * @param newest when anything was last sealed in any chain; null when nothing was, or it does not matter
     */
    record Taken(
            List<Pending> facts,
            Map<String, End> ends,
            List<StoredKey> keys,
            Set<UUID> healed,
            @Nullable Instant newest) {}

    /** Makes receipts of facts. */
    interface Sealing {
        /** Whether this node can sign, given these keys. */
        boolean ready(List<StoredKey> keys);

        /** The chains that are stopped; their facts stay. */
        Chains stopped();

        /** Stops chains, onto which nothing is sealed. */
        void stop(Map<String, Broken> broken);

        /** One receipt for each fact, in the order of the facts. */
        List<StoredReceipt> seal(Taken taken);
    }

    /** Seals up to {@code limit} facts and tells how many; none while another node seals, or has to. */
    int seal(int limit, Sealing sealing) {
        while (true) {
            try {
                return database.noteAsPlatform(sql -> seal(sql, limit, sealing));
            } catch (NotReady e) {
                return 0;
            } catch (Stop e) {
                // at least one chain less in the next round
                sealing.stop(e.broken);
            }
        }
    }

    private int seal(DSLContext sql, int limit, Sealing sealing) {
        if (!tryLock(sql)) {
            return 0;
        }
        // first of all, for mostly there are none
        List<Pending> taken = facts.take(sql, limit, sealing.stopped()).stream()
                .map(this::judged)
                .toList();
        if (taken.isEmpty()) {
            return 0;
        }
        List<StoredKey> keys = JooqKeys.keys(sql);
        if (!sealing.ready(keys)) {
            throw new NotReady();
        }
        Map<String, End> found = new HashMap<>();
        Map<String, Broken> broken = new HashMap<>();
        ends.find(
                        sql,
                        taken.stream()
                                .map(pending -> JooqReceipts.chain(pending.tenant()))
                                .collect(Collectors.toSet()))
                .forEach((chain, end) -> {
                    switch (end) {
                        case Whole whole -> {
                            if (whole.end() != null) {
                                found.put(chain, whole.end());
                            }
                        }
                        case Broken stop -> broken.put(chain, stop);
                    }
                });
        if (!broken.isEmpty()) {
            throw new Stop(broken);
        }
        Set<UUID> healed = new HashSet<>();
        for (Pending pending : taken) {
            if (heals(sql, pending, found)) {
                healed.add(pending.id());
            }
        }
        boolean introduces = taken.stream().anyMatch(pending -> is(pending, KnownKey.INTRODUCE));
        List<StoredReceipt> receipts =
                sealing.seal(new Taken(taken, found, keys, healed, introduces ? JooqEnds.newest(sql) : null));
        insert(sql, receipts);
        ends.sealed(sql, receipts);
        receipts.stream()
                .filter(receipt -> receipt.action().equals(KnownKey.INTRODUCE))
                .forEach(receipt -> JooqKeys.introduced(sql, Digest.parse(receipt.subject()), receipt.sealedAt()));
        return taken.size();
    }

    private Pending judged(Pending pending) {
        Pending judged = vouchers.judged(pending);
        if (is(judged, Vouchers.REFUSE)) {
            LOG.log(
                    Level.ERROR,
                    "a fact says {0} of {1}, and nothing outside of the database vouches for it: it is refused. Somebody put it"
                            + " there, or it is of a node that has another file {2}",
                    pending.fact().action(),
                    pending.fact().subject().name(),
                    vouchers.file());
        }
        return judged;
    }

    private static boolean is(Pending pending, String action) {
        return pending.fact().action().equals(action);
    }

    /** Whether a fact accepts the break of another chain; the end of that chain is put to those that were found. */
    private boolean heals(DSLContext sql, Pending pending, Map<String, End> found) {
        String chain = pending.fact().subject().name();
        if (!is(pending, Checkpoint.ACCEPT) || chain.equals(ReceiptBody.PLATFORM) || found.containsKey(chain)) {
            return false;
        }
        End end = switch (ends.find(sql, chain)) {
            case Whole whole -> whole.end();
            case Broken broken -> broken.end();
        };
        if (end != null) {
            found.put(chain, end);
        }
        return true;
    }

    /** Those of these chains that are broken. */
    Map<String, Broken> broken(Collection<String> chains) {
        return database.asPlatform(sql -> {
            Map<String, Broken> broken = new HashMap<>();
            ends.find(sql, chains).forEach((chain, found) -> {
                if (found instanceof Broken stop) {
                    broken.put(chain, stop);
                }
            });
            return broken;
        });
    }

    /** Puts the facts back, those of other chains too. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Map<String, Broken> broken;

        Stop(Map<String, Broken> broken) {
            super("chains are broken", null, false, false);
            this.broken = broken;
        }
    }

    /** Puts the facts back. */
    static final class NotReady extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotReady() {
            super("this node has no key that can sign", null, false, false);
        }
    }

    /**
     * Takes down in the platform's chain how far the other chains reach, where they have grown beyond the newest checkpoint: that
     * is a receipt, and no note that somebody could set.
     */
    int takeDown() {
        int count = 0;
        String last = "";
        while (last != null) {
            Step step = takeDown(last);
            count += step.count();
            last = step.last();
        }
        return count;
    }

    /** What came of some chains; the last of them, null when there are none behind. */
    private record Step(int count, @Nullable String last) {}

    private Step takeDown(String after) {
        Actor actor = Actor.system("provenance");
        return database.actAsPlatform(actor, sql -> {
            lock(sql);
            Map<String, Long> noted = sql.select(CHAIN_END.CHAIN, CHAIN_END.SEQUENCE)
                    .from(CHAIN_END)
                    .where(CHAIN_END.CHAIN.gt(after))
                    .and(CHAIN_END.CHAIN.ne(ReceiptBody.PLATFORM))
                    .orderBy(CHAIN_END.CHAIN)
                    .limit(CHECKPOINTS_AT_ONCE)
                    .fetchMap(CHAIN_END.CHAIN, CHAIN_END.SEQUENCE);
            Set<String> waiting = facts.waiting(sql, null, WAITING).stream()
                    .filter(pending -> is(pending, Checkpoint.ACTION))
                    .map(pending -> pending.fact().subject().name())
                    .collect(Collectors.toSet());
            List<String> grown = new ArrayList<>();
            @Nullable String last = null;
            for (Map.Entry<String, Long> each : noted.entrySet()) {
                last = each.getKey();
                if (!waiting.contains(last) && JooqEnds.takenDown(sql, last) < each.getValue()) {
                    grown.add(last);
                }
            }
            List<Fact> checkpoints = new ArrayList<>();
            ends.find(sql, grown).forEach((chain, found) -> {
                // of a broken one the last word is what was taken down before
                if (found instanceof Whole(End end) && end != null) {
                    checkpoints.add(vouchers.vouched(checkpoint(chain, end), actor));
                }
            });
            Step step = new Step(checkpoints.size(), noted.size() < CHECKPOINTS_AT_ONCE ? null : last);
            return checkpoints.isEmpty() ? Act.unchanged(step) : new Act<>(step, checkpoints);
        });
    }

    /** Waits until no other node seals; lasts to the end of the transaction. */
    static void lock(DSLContext sql) {
        sql.execute("select pg_advisory_xact_lock({0})", DSL.inline(LOCK));
    }

    private static boolean tryLock(DSLContext sql) {
        return sql.select(DSL.field("pg_try_advisory_xact_lock({0})", Boolean.class, DSL.inline(LOCK)))
                .fetchSingle()
                .value1();
    }

    private static Fact checkpoint(String chain, End end) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("sequence", end.sequence());
        members.put("hash", end.hash());
        return Fact.made(Checkpoint.ACTION, Subject.of(Checkpoint.SUBJECT, chain), Json.object(members));
    }

    /** One prepared statement with many sets of values: neither we nor PostgreSQL read it more than once. */
    private static void insert(DSLContext sql, List<StoredReceipt> receipts) {
        List<Field<?>> columns = List.of(
                RECEIPT.CHAIN,
                RECEIPT.SEQUENCE,
                RECEIPT.ID,
                RECEIPT.TENANT_ID,
                RECEIPT.ENVIRONMENT,
                RECEIPT.BODY,
                RECEIPT.HASH,
                RECEIPT.PREVIOUS_HASH,
                RECEIPT.SIGNATURE,
                RECEIPT.KEY_ID,
                RECEIPT.SIGNER,
                RECEIPT.ACTOR,
                RECEIPT.ACTION,
                RECEIPT.SUBJECT_TYPE,
                RECEIPT.SUBJECT,
                RECEIPT.OCCURRED_AT,
                RECEIPT.SEALED_AT);
        BatchBindStep batch =
                sql.batch(sql.insertInto(RECEIPT, columns).values(Collections.nCopies(columns.size(), (Object) null)));
        for (StoredReceipt receipt : receipts) {
            batch = batch.bind(
                    receipt.chain(),
                    receipt.sequence(),
                    receipt.id(),
                    receipt.tenant(),
                    receipt.environment(),
                    receipt.body(),
                    receipt.hash(),
                    receipt.previousHash(),
                    receipt.signature(),
                    receipt.keyId(),
                    receipt.signer(),
                    receipt.actor(),
                    receipt.action(),
                    receipt.subjectType(),
                    receipt.subject(),
                    JooqReceipts.utc(receipt.occurredAt()),
                    JooqReceipts.utc(receipt.sealedAt()));
        }
        batch.execute();
    }
}
