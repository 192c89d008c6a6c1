package io.maestro.policy;

import static io.maestro.policy.tables.policy.tables.BindingKey.BINDING_KEY;

import io.maestro.api.secrets.PlatformSeal;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The key of the digests that bind approvals, as a row. */
final class JooqBindingKey {
    private static final String PURPOSE = "policy-approval-key";
    private static final int THE_ONE = 1;
    private static final int BYTES = 32;

    private final Database database;
    private final InstantSource clock;

    JooqBindingKey(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * The key: the same on all nodes, made by the first. It is kept sealed by the master key, and sealed anew at each start,
     * so that it outlives a change of that. One that cannot be opened is replaced: then approvals have to be asked for again.
     */
    byte[] key(PlatformSeal seal, RandomGenerator random) {
        byte[] before = database.asPlatform(JooqBindingKey::sealed);
        byte[] key = before == null ? fresh(random) : seal.open(PURPOSE, before).orElseGet(() -> fresh(random));
        byte[] sealed = seal.seal(PURPOSE, key);
        byte[] present = database.noteAsPlatform(sql -> {
            sql.insertInto(BINDING_KEY)
                    .set(BINDING_KEY.ID, THE_ONE)
                    .set(BINDING_KEY.SEALED, sealed)
                    .set(
                            BINDING_KEY.CREATED_AT,
                            clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                    .onConflict(BINDING_KEY.ID)
                    .doUpdate()
                    .set(BINDING_KEY.SEALED, sealed)
                    .where(BINDING_KEY.SEALED.isNotDistinctFrom(before))
                    .execute();
            return sealed(sql);
        });
        if (present == null || Arrays.equals(present, sealed)) {
            return key;
        }
        // another node was faster, and its key is the one
        return seal.open(PURPOSE, present)
                .orElseThrow(() -> new IllegalStateException(
                        "another node has sealed the key of approvals by a master key that this node has not"));
    }

    private static byte @Nullable [] sealed(DSLContext sql) {
        return sql.select(BINDING_KEY.SEALED)
                .from(BINDING_KEY)
                .where(BINDING_KEY.ID.eq(THE_ONE))
                .fetchOptional(BINDING_KEY.SEALED)
                .orElse(null);
    }

    private static byte[] fresh(RandomGenerator random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return key;
    }
}
