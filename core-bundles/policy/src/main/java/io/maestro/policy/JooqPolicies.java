package io.maestro.policy;

import static io.maestro.policy.tables.policy.Tables.CHANGE;
import static io.maestro.policy.tables.policy.Tables.PACK;
import static io.maestro.policy.tables.policy.Tables.PACK_REVISION;
import static io.maestro.policy.tables.policy.Tables.PLATFORM_DOCUMENT;
import static io.maestro.policy.tables.policy.Tables.TENANT_DOCUMENT;

import io.maestro.model.TenantId;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What decides, as rows. */
final class JooqPolicies implements PolicyRows {
    static final String SETTINGS = "settings";
    static final String MODES = "modes";

    private static final int THE_ONE = 1;

    private final Database database;

    JooqPolicies(Database database) {
        this.database = database;
    }

    /** Tells the other nodes that something of what decides has changed; within the change. */
    static void changed(DSLContext sql) {
        sql.update(CHANGE)
                .set(CHANGE.STAMP, CHANGE.STAMP.plus(1))
                .where(CHANGE.ID.eq(THE_ONE))
                .execute();
    }

    @Override
    public long stamp() {
        return database.asPlatform(JooqPolicies::stamp);
    }

    private static long stamp(DSLContext sql) {
        return sql.select(CHANGE.STAMP)
                .from(CHANGE)
                .where(CHANGE.ID.eq(THE_ONE))
                .fetchSingle(CHANGE.STAMP);
    }

    @Override
    public Stored load() {
        return database.asPlatform(sql -> {
            // before the rest: what changes meanwhile is loaded again, never missed
            long stamp = stamp(sql);
            Map<String, ObjectValue> settings = new HashMap<>();
            Map<String, Modes> modes = new HashMap<>();
            sql.selectFrom(TENANT_DOCUMENT).forEach(row -> {
                ObjectValue body = object(row.getBody());
                if (row.getKind().equals(SETTINGS)) {
                    settings.put(row.getTenantId(), body);
                } else {
                    modes.put(row.getTenantId(), modes(body));
                }
            });
            ObjectValue platform = platform(sql, SETTINGS);
            Modes platformModes = modes(platform(sql, MODES));
            Map<String, String> tenantPacks = new HashMap<>();
            sql.select(PACK.TENANT_ID, PACK.NAME, PACK_REVISION.DIGEST)
                    .from(PACK)
                    .join(PACK_REVISION)
                    .on(PACK_REVISION.ID.eq(PACK.ACTIVE))
                    .where(PACK.TENANT_ID.isNotNull())
                    .orderBy(PACK.TENANT_ID, PACK.NAME)
                    .forEach(row -> tenantPacks.merge(
                            row.value1(), row.value2() + "=" + row.value3(), (one, other) -> one + "," + other));
            return new Stored(
                    stamp, packs(sql, null), platform, platformModes, settings, modes, Map.copyOf(tenantPacks));
        });
    }

    @Override
    public List<StoredPack> packs(TenantId tenant) {
        return database.inTenant(tenant, sql -> packs(sql, tenant));
    }

    private static List<StoredPack> packs(DSLContext sql, @Nullable TenantId tenant) {
        Condition whose = tenant == null ? PACK.TENANT_ID.isNull() : PACK.TENANT_ID.eq(tenant.value());
        return sql.select(PACK.NAME, PACK_REVISION.REVISION, PACK_REVISION.DIGEST, PACK_REVISION.CONTENT)
                .from(PACK)
                .join(PACK_REVISION)
                .on(PACK_REVISION.ID.eq(PACK.ACTIVE))
                .where(whose)
                .orderBy(PACK.NAME)
                .fetch(row -> new StoredPack(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    private static ObjectValue platform(DSLContext sql, String kind) {
        return sql.selectFrom(PLATFORM_DOCUMENT)
                .where(PLATFORM_DOCUMENT.KIND.eq(kind))
                .fetchOptional(row -> object(row.getBody()))
                .orElse(ObjectValue.EMPTY);
    }

    private static ObjectValue object(String body) {
        return (ObjectValue) Json.read(body);
    }

    private static Modes modes(ObjectValue document) {
        Modes modes = Modes.of(document);
        return modes == null ? Modes.NONE : modes;
    }
}
