package io.maestro.secrets;

import static io.maestro.secrets.tables.secrets.Tables.DATA_KEY;
import static io.maestro.secrets.tables.secrets.Tables.SECRET_VERSION;

import io.maestro.api.secrets.SecretProblem;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.secrets.tables.secrets.tables.records.DataKeyRecord;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of all scopes: wrapped as rows, unwrapped in memory once they were needed. What is in memory counts only as
 * long as the row still holds the very bytes that it was unwrapped from.
 *
 * <p>The master key may be slow, so no transaction ever waits for it: one that comes upon a data key which is not in memory is
 * broken off, the key is unwrapped or made, and the transaction runs again ({@link #prepared}).
 */
final class JooqDataKeys {
    private static final int KEY_BYTES = 32;

    /** So many scopes are not at work on one node at a time; more than that begins anew. */
    private static final int MOST_UNWRAPPED = 10_000;

    /** A transaction needs two data keys at most; more tries only when these are changed meanwhile. */
    private static final int MOST_TRIES = 20;

    private final Keyring keyring;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<Place, Unwrapped> unwrapped = new ConcurrentHashMap<>();

    /** Data keys that were made for a transaction that needs a new one; each is used once. */
    private final ConcurrentMap<Place, Fresh> made = new ConcurrentHashMap<>();

    JooqDataKeys(Keyring keyring, InstantSource clock) {
        this.keyring = keyring;
        this.clock = clock;
    }

    private record Place(Scope scope, int version) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by content on purpose, in one place
    private record Unwrapped(byte[] wrapped, SecretKey key) {}

    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Fresh(String masterKey, byte[] wrapped, SecretKey key) {}

    /** Breaks a transaction off that needs the master key first. */
    private static final class Unprepared extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Runnable preparation;

        Unprepared(Runnable preparation) {
            super("a transaction that needs data keys has to be run by prepared()", null, false, false);
            this.preparation = preparation;
        }
    }

    /**
     * A data key.
     *
     * @param version tells it from the others of its scope
     */
    record DataKey(int version, SecretKey key) {
        @Override
        public String toString() {
            return "data key " + version;
        }
    }

    /** What a wrapped data key is bound to. */
    static byte[] context(Scope scope, int version, String masterKey) {
        return Sealing.context("data key", scope.tenant(), scope.environment(), version, masterKey);
    }

    /** Runs a transaction in which data keys are needed, again whenever the master key had to do its part first. */
    <R> R prepared(Supplier<R> transaction) {
        for (int i = 0; i < MOST_TRIES; i++) {
            try {
                return transaction.get();
            } catch (Unprepared e) {
                e.preparation.run();
            }
        }
        throw Problem.of(
                        SecretProblem.MASTER_KEY_UNAVAILABLE,
                        "the data keys change faster than they can be unwrapped",
                        "Try again in a moment.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException();
    }

    /** The newest data key of the scope, made when there is none. It is not taken away before the transaction ends. */
    DataKey newest(DSLContext sql, Scope scope) {
        DataKeyRecord row = newestRow(sql, scope);
        if (row == null) {
            // somebody else may be faster, which is as good
            make(sql, scope, 1);
            row = newestRow(sql, scope);
        }
        if (row == null) {
            throw new IllegalStateException("the data key of " + scope + " vanished");
        }
        return new DataKey(row.getVersion(), key(row));
    }

    /** The version of the newest data key; 0 when there is none. It is not taken away before the transaction ends. */
    int newestVersion(DSLContext sql, Scope scope) {
        DataKeyRecord row = newestRow(sql, scope);
        return row == null ? 0 : row.getVersion();
    }

    /** The data key of this version. */
    SecretKey get(DSLContext sql, Scope scope, int version) {
        return key(sql.fetchSingle(DATA_KEY, in(scope).and(DATA_KEY.VERSION.eq(version))));
    }

    /** The data key of this row. */
    SecretKey key(DataKeyRecord row) {
        Place place = new Place(Scope.of(row.getTenantId(), row.getEnvironment()), row.getVersion());
        Unwrapped known = unwrapped.get(place);
        if (known == null || !MessageDigest.isEqual(known.wrapped(), row.getWrapped())) {
            throw new Unprepared(() -> unwrap(place, row.getMasterKey(), row.getWrapped()));
        }
        return known.key();
    }

    /** Destroys the data keys before this one; false when one of them seals something again. */
    boolean destroyBefore(DSLContext sql, Scope scope, int version) {
        Condition older = in(scope).and(DATA_KEY.VERSION.lt(version));
        // whoever seals by one of them now holds its row until the secret is there to be seen
        sql.selectFrom(DATA_KEY)
                .where(older)
                .orderBy(DATA_KEY.VERSION)
                .forUpdate()
                .execute();
        boolean used = sql.fetchExists(
                SECRET_VERSION,
                SECRET_VERSION
                        .TENANT_ID
                        .eq(scope.tenant().value())
                        .and(SECRET_VERSION.ENVIRONMENT.eq(scope.environment().value()))
                        .and(SECRET_VERSION.DATA_KEY.lt(version)));
        if (used) {
            return false;
        }
        sql.deleteFrom(DATA_KEY).where(older).execute();
        unwrapped.keySet().removeIf(place -> place.scope().equals(scope) && place.version() < version);
        return true;
    }

    /** Destroys all data keys of a scope in which nothing is sealed any more; how many there were. */
    int destroy(DSLContext sql, Scope scope) {
        int destroyed = sql.deleteFrom(DATA_KEY).where(in(scope)).execute();
        unwrapped.keySet().removeIf(place -> place.scope().equals(scope));
        return destroyed;
    }

    /** Drops from memory what is there of a tenant. */
    void forget(TenantId tenant) {
        unwrapped.keySet().removeIf(place -> place.scope().tenant().equals(tenant));
    }

    /** Makes the data key of this version; false when somebody else was faster. */
    boolean make(DSLContext sql, Scope scope, int version) {
        Place place = new Place(scope, version);
        String masterKey = JooqMasterKeys.inCharge(sql);
        Fresh fresh = made.remove(place);
        if (fresh == null || !fresh.masterKey().equals(masterKey)) {
            throw new Unprepared(() -> wrap(place, masterKey));
        }
        int inserted;
        try {
            inserted = sql.insertInto(DATA_KEY)
                    .set(DATA_KEY.TENANT_ID, scope.tenant().value())
                    .set(DATA_KEY.ENVIRONMENT, scope.environment().value())
                    .set(DATA_KEY.VERSION, version)
                    .set(DATA_KEY.MASTER_KEY, masterKey)
                    .set(DATA_KEY.WRAPPED, fresh.wrapped())
                    .set(
                            DATA_KEY.CREATED_AT,
                            clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                    .onConflictDoNothing()
                    .execute();
        } catch (IntegrityConstraintViolationException e) {
            // another master key was put in charge meanwhile, and this one forgotten
            throw new Unprepared(() -> made.remove(place));
        }
        if (inserted == 0) {
            return false;
        }
        keep(place, fresh.wrapped(), fresh.key());
        return true;
    }

    private void wrap(Place place, String masterKey) {
        byte[] plain = new byte[KEY_BYTES];
        random.nextBytes(plain);
        SecretKey key = new SecretKeySpec(plain, "AES");
        byte[] wrapped = keyring.wrap(masterKey, plain, context(place.scope(), place.version(), masterKey));
        Arrays.fill(plain, (byte) 0);
        if (made.size() >= MOST_UNWRAPPED) {
            made.clear();
        }
        made.put(place, new Fresh(masterKey, wrapped, key));
    }

    private void unwrap(Place place, String masterKey, byte[] wrapped) {
        byte[] plain = keyring.unwrap(masterKey, wrapped, context(place.scope(), place.version(), masterKey));
        SecretKey key = new SecretKeySpec(plain, "AES");
        Arrays.fill(plain, (byte) 0);
        keep(place, wrapped, key);
    }

    private void keep(Place place, byte[] wrapped, SecretKey key) {
        if (unwrapped.size() >= MOST_UNWRAPPED) {
            unwrapped.clear();
        }
        unwrapped.put(place, new Unwrapped(wrapped, key));
    }

    private static @Nullable DataKeyRecord newestRow(DSLContext sql, Scope scope) {
        return sql.selectFrom(DATA_KEY)
                .where(in(scope))
                .orderBy(DATA_KEY.VERSION.desc())
                .limit(1)
                .forKeyShare()
                .fetchOne();
    }

    private static Condition in(Scope scope) {
        return DATA_KEY.TENANT_ID
                .eq(scope.tenant().value())
                .and(DATA_KEY.ENVIRONMENT.eq(scope.environment().value()));
    }
}
