package io.maestro.store.postgres;

import static io.maestro.store.tables.store.tables.IdempotentRequest.IDEMPOTENT_REQUEST;

import io.maestro.api.store.IdempotentRequests;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.store.Database;
import io.maestro.store.tables.store.tables.records.IdempotentRequestRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Idempotent requests as rows. The primary key decides who is first, on whichever node. */
final class JooqIdempotentRequests implements IdempotentRequests {
    private static final Duration KEPT = Duration.ofHours(24);
    /** Longer than any request may take: the node that claimed the key is gone. */
    private static final Duration ABANDONED = Duration.ofMinutes(2);

    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);
    private static final int SWEPT_AT_ONCE = 1_000;
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_LOCATION = 2_000;

    private final Database database;
    private final InstantSource clock;
    private final AtomicLong sweepDue = new AtomicLong(Long.MIN_VALUE);

    JooqIdempotentRequests(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Claim claim(String principal, String key, Digest request) {
        checkKey(key);
        Instant now = clock.instant();
        Claim claim = database.noteAsPlatform(sql -> {
            // between the insert and the look, the row may be given back: then the insert is due again
            for (int attempt = 0; attempt < 3; attempt++) {
                if (insert(sql, principal, key, request, now)) {
                    return new Claim.Fresh();
                }
                IdempotentRequestRecord row = sql.fetchOne(IDEMPOTENT_REQUEST, is(principal, key));
                if (row != null) {
                    return judge(row, request);
                }
            }
            return new Claim.Busy();
        });
        sweep(now);
        return claim;
    }

    @Override
    public void complete(String principal, String key, int status, @Nullable String location, byte @Nullable [] body) {
        if (location != null && location.length() > LONGEST_LOCATION) {
            throw new IllegalArgumentException("the location is too long to be kept");
        }
        database.noteAsPlatform(sql -> sql.update(IDEMPOTENT_REQUEST)
                .set(IDEMPOTENT_REQUEST.STATUS, status)
                .set(IDEMPOTENT_REQUEST.LOCATION, location)
                .set(IDEMPOTENT_REQUEST.BODY, body)
                .where(is(principal, key), IDEMPOTENT_REQUEST.STATUS.isNull())
                .execute());
    }

    @Override
    public void release(String principal, String key) {
        database.noteAsPlatform(sql -> sql.deleteFrom(IDEMPOTENT_REQUEST)
                .where(is(principal, key), IDEMPOTENT_REQUEST.STATUS.isNull())
                .execute());
    }

    /** Also takes over a key that is too old to matter, or one whose first request died half-way. */
    private static boolean insert(DSLContext sql, String principal, String key, Digest request, Instant now) {
        OffsetDateTime at = at(now);
        return sql.insertInto(IDEMPOTENT_REQUEST)
                        .set(IDEMPOTENT_REQUEST.PRINCIPAL, principal)
                        .set(IDEMPOTENT_REQUEST.KEY, key)
                        .set(IDEMPOTENT_REQUEST.REQUEST, request.hex())
                        .set(IDEMPOTENT_REQUEST.CLAIMED_AT, at)
                        .onConflict(IDEMPOTENT_REQUEST.PRINCIPAL, IDEMPOTENT_REQUEST.KEY)
                        .doUpdate()
                        .set(IDEMPOTENT_REQUEST.REQUEST, request.hex())
                        .set(IDEMPOTENT_REQUEST.CLAIMED_AT, at)
                        .setNull(IDEMPOTENT_REQUEST.STATUS)
                        .setNull(IDEMPOTENT_REQUEST.LOCATION)
                        .setNull(IDEMPOTENT_REQUEST.BODY)
                        .where(IDEMPOTENT_REQUEST
                                .CLAIMED_AT
                                .lt(at(now.minus(KEPT)))
                                .or(IDEMPOTENT_REQUEST
                                        .STATUS
                                        .isNull()
                                        .and(IDEMPOTENT_REQUEST.REQUEST.eq(request.hex()))
                                        .and(IDEMPOTENT_REQUEST.CLAIMED_AT.lt(at(now.minus(ABANDONED))))))
                        .execute()
                == 1;
    }

    private static Claim judge(IdempotentRequestRecord row, Digest request) {
        if (!row.getRequest().equals(request.hex())) {
            return new Claim.Reused();
        }
        Integer status = row.getStatus();
        return status == null ? new Claim.Busy() : new Claim.Done(status, row.getLocation(), row.getBody());
    }

    /** In passing, now and then, and never much at once. */
    private void sweep(Instant now) {
        long due = sweepDue.get();
        if (now.getEpochSecond() < due
                || !sweepDue.compareAndSet(due, now.plus(BETWEEN_SWEEPS).getEpochSecond())) {
            return;
        }
        database.noteAsPlatform(sql -> sql.deleteFrom(IDEMPOTENT_REQUEST)
                .where(DSL.row(IDEMPOTENT_REQUEST.PRINCIPAL, IDEMPOTENT_REQUEST.KEY)
                        .in(DSL.select(IDEMPOTENT_REQUEST.PRINCIPAL, IDEMPOTENT_REQUEST.KEY)
                                .from(IDEMPOTENT_REQUEST)
                                .where(IDEMPOTENT_REQUEST.CLAIMED_AT.lt(at(now.minus(KEPT))))
                                .orderBy(IDEMPOTENT_REQUEST.CLAIMED_AT)
                                .limit(SWEPT_AT_ONCE)
                                .forUpdate()
                                .skipLocked()))
                .execute());
    }

    private static Condition is(String principal, String key) {
        return IDEMPOTENT_REQUEST.PRINCIPAL.eq(principal).and(IDEMPOTENT_REQUEST.KEY.eq(key));
    }

    private static void checkKey(String key) {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the idempotency key is empty, longer than " + LONGEST_KEY + " characters or not printable",
                            "Use a fresh UUID for each new request.")
                    .asException();
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
