package io.maestro.provenance;

import static io.maestro.provenance.tables.provenance.Tables.RECEIPT;
import static io.maestro.provenance.tables.provenance.Tables.SIGNING_KEY;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.VerifyingKey;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The public halves of signing keys as rows. */
final class JooqKeys {
    private final Database database;
    private final Vouchers vouchers;
    private final InstantSource clock;

    JooqKeys(Database database, Vouchers vouchers, InstantSource clock) {
        this.database = database;
        this.vouchers = vouchers;
        this.clock = clock;
    }

    /** All keys, oldest first. */
    List<StoredKey> keys() {
        return database.asPlatform(JooqKeys::keys);
    }

    /**
     * Which receipts speak of a key is not the row's to say: they are found by where they stand, so that whoever can change the
     * row makes none go unnoticed.
     */
    static List<StoredKey> keys(DSLContext sql) {
        Introductions introductions = new Introductions();
        Map<String, List<StoredReceipt>> retirements = new HashMap<>();
        for (StoredReceipt receipt : sql.selectFrom(RECEIPT)
                .where(RECEIPT.CHAIN.eq(ReceiptBody.PLATFORM))
                .and(RECEIPT.SUBJECT_TYPE.eq(KnownKey.SUBJECT))
                .and(RECEIPT.ACTION.in(KnownKey.INTRODUCE, KnownKey.RETIRE))
                .and(RECEIPT.SEQUENCE.gt(0L))
                .orderBy(RECEIPT.SEQUENCE)
                .fetch(JooqReceipts::receipt)) {
            if (receipt.action().equals(KnownKey.RETIRE)) {
                retirements
                        .computeIfAbsent(receipt.subject(), _ -> new ArrayList<>())
                        .add(receipt);
            } else {
                introductions.add(receipt);
            }
        }
        introductions.keepThoseThatFit(places -> sql.selectFrom(RECEIPT)
                .where(RECEIPT.CHAIN.eq(ReceiptBody.PLATFORM))
                .and(RECEIPT.SEQUENCE.in(places))
                .fetchMap(RECEIPT.SEQUENCE, JooqReceipts::receipt));
        return sql.selectFrom(SIGNING_KEY).orderBy(SIGNING_KEY.CREATED_AT, SIGNING_KEY.ID).fetch().stream()
                .map(key -> new StoredKey(
                        new Digest(key.getId()),
                        key.getPublicKey(),
                        key.getNode(),
                        key.getCreatedAt().toInstant(),
                        instant(key.getValidFrom()),
                        instant(key.getRetiredAt()),
                        introductions.of(new Digest(key.getId())),
                        retirements.getOrDefault(new Digest(key.getId()).toString(), List.of())))
                .toList();
    }

    /**
     * Adds a key; it may sign once the receipt of its introduction is sealed.
     *
     * @param node whose it is; null for the key of a signer
     */
    StoredKey introduce(VerifyingKey key, @Nullable String node, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        StoredKey added = new StoredKey(key.id(), key.text(), node, now, null, null, null, List.of());
        return database.actAsPlatform(actor, sql -> {
            int inserted = sql.insertInto(SIGNING_KEY)
                    .set(SIGNING_KEY.ID, key.id().hex())
                    .set(SIGNING_KEY.PUBLIC_KEY, key.text())
                    .set(SIGNING_KEY.ORIGIN, node == null ? "remote" : "local")
                    .set(SIGNING_KEY.NODE, node)
                    .set(SIGNING_KEY.CREATED_AT, JooqReceipts.utc(now))
                    .onConflictDoNothing()
                    .execute();
            if (inserted == 0) {
                throw Problem.of(
                                ReceiptProblem.SIGNING_KEY_EXISTS,
                                "the key " + key.id() + " is known already",
                                "List the keys to see its state: maestro receipts keys.")
                        .asException();
            }
            return Act.done(
                    added, vouchers.vouched(Fact.made(KnownKey.INTRODUCE, subject(key.id()), json(added)), actor));
        });
    }

    /** Ends a signer's key. */
    StoredKey retire(Digest id, Actor actor) {
        return database.actAsPlatform(actor, sql -> {
            JooqSealing.lock(sql);
            Instant now = notBefore(JooqEnds.newest(sql), clock.instant().truncatedTo(ChronoUnit.MICROS));
            StoredKey before = key(sql, id)
                    .orElseThrow(() -> Problem.of(
                                    ReceiptProblem.SIGNING_KEY_UNKNOWN,
                                    "there is no signing key " + id,
                                    "List the keys: maestro receipts keys.")
                            .asException());
            if (!before.remote()) {
                throw Problem.of(
                                ReceiptProblem.SIGNING_KEY_LOCAL,
                                "the key " + id + " belongs to the node " + before.node(),
                                "Give the node a new key: maestro receipts rotate-key.")
                        .asException();
            }
            if (before.retiredAt() != null) {
                return Act.unchanged(before);
            }
            retire(sql, id, now);
            StoredKey after = key(sql, id).orElseThrow();
            return Act.done(
                    after,
                    vouchers.vouched(Fact.changed(KnownKey.RETIRE, subject(id), json(before), json(after)), actor));
        });
    }

    /** The introduction is sealed: the key may sign, and the ones that the node had before stop. */
    static void introduced(DSLContext sql, Digest id, Instant at) {
        Optional<StoredKey> found = key(sql, id);
        if (found.isEmpty() || found.get().validFrom() != null) {
            return;
        }
        sql.update(SIGNING_KEY)
                .set(SIGNING_KEY.VALID_FROM, JooqReceipts.utc(at))
                .where(SIGNING_KEY.ID.eq(id.hex()))
                .execute();
        String node = found.get().node();
        if (node != null) {
            sql.update(SIGNING_KEY)
                    .set(SIGNING_KEY.RETIRED_AT, JooqReceipts.utc(at))
                    .where(SIGNING_KEY.NODE.eq(node))
                    .and(SIGNING_KEY.ID.ne(id.hex()))
                    .and(SIGNING_KEY.VALID_FROM.isNotNull())
                    .and(SIGNING_KEY.RETIRED_AT.isNull())
                    .execute();
        }
    }

    private static void retire(DSLContext sql, Digest id, Instant at) {
        sql.update(SIGNING_KEY)
                .set(SIGNING_KEY.RETIRED_AT, JooqReceipts.utc(at))
                .where(SIGNING_KEY.ID.eq(id.hex()))
                .execute();
    }

    private static Optional<StoredKey> key(DSLContext sql, Digest id) {
        return keys(sql).stream().filter(key -> key.id().equals(id)).findFirst();
    }

    private static Subject subject(Digest id) {
        return Subject.of(KnownKey.SUBJECT, id);
    }

    private static Json json(StoredKey key) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("publicKey", key.publicKey());
        members.put("origin", key.remote() ? "remote" : "local");
        members.put("node", key.node());
        members.put("retiredAt", key.retiredAt());
        return Json.object(members);
    }

    /** What was sealed by a clock that was ahead must not be later than the end of its key. */
    static Instant notBefore(@Nullable Instant earliest, Instant time) {
        return earliest != null && earliest.isAfter(time) ? earliest : time;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
