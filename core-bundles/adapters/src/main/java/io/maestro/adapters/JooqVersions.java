package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_VERSION;

import io.maestro.adapters.tables.adapters.tables.InstanceVersion;
import io.maestro.adapters.tables.adapters.tables.records.InstanceVersionRecord;
import io.maestro.api.adapters.InstanceActs.Version;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What each instance was in turn, as rows; the newest {@value #KEPT} of each are kept. They go with the instance. */
final class JooqVersions {
    static final String CREATE = "create";
    static final String CONFIGURE = "configure";

    private static final int KEPT = 100;
    private static final String LIST = "instance-versions";

    private final Database database;

    JooqVersions(Database database) {
        this.database = database;
    }

    /** Notes within its act what an instance has become. */
    static void add(DSLContext sql, InstanceRow row, String why, Actor actor, OffsetDateTime now) {
        Record1<Long> last = sql.select(DSL.max(INSTANCE_VERSION.NUMBER))
                .from(INSTANCE_VERSION)
                .where(of(row.key()))
                .fetchOne();
        Long highest = last == null ? null : last.value1();
        long number = highest == null ? 1 : highest + 1;
        sql.insertInto(INSTANCE_VERSION)
                .set(INSTANCE_VERSION.TENANT_ID, row.key().scope().tenant().value())
                .set(
                        INSTANCE_VERSION.ENVIRONMENT,
                        row.key().scope().environment().value())
                .set(INSTANCE_VERSION.INSTANCE, row.key().instance().value())
                .set(INSTANCE_VERSION.NUMBER, number)
                .set(INSTANCE_VERSION.ADAPTER, row.definition().name().value())
                .set(INSTANCE_VERSION.VERSION, row.definition().version().value())
                .set(
                        INSTANCE_VERSION.CONFIGURATION,
                        JSON.valueOf(row.configuration().text()))
                .set(INSTANCE_VERSION.SINCE, now)
                .set(INSTANCE_VERSION.ACTOR, actor.id())
                .set(INSTANCE_VERSION.WHY, why)
                .execute();
        sql.deleteFrom(INSTANCE_VERSION)
                .where(of(row.key()).and(INSTANCE_VERSION.NUMBER.le(number - KEPT)))
                .execute();
    }

    /** What the instance was last at this version, or at any older one than {@code present}. */
    Optional<Version> before(InstanceKey key, AdapterVersion present, @Nullable AdapterVersion wanted) {
        return database.inTenant(
                key.scope().tenant(),
                sql -> sql
                        .selectFrom(INSTANCE_VERSION)
                        .where(of(key))
                        .orderBy(INSTANCE_VERSION.NUMBER.desc())
                        .fetch(JooqVersions::version)
                        .stream()
                        .filter(version -> wanted == null
                                ? version.definition().version().compareTo(present) < 0
                                : version.definition().version().equals(wanted))
                        .findFirst());
    }

    /**
     * The instances that a rollback without a version would take to this definition: it is what each of them was last that
     * is older than what it is.
     */
    static List<InstanceKey> backTo(DSLContext sql, DefinitionId id) {
        InstanceVersion was = INSTANCE_VERSION.as("was");
        Map<InstanceKey, AdapterVersion> before = new LinkedHashMap<>();
        sql.select(
                        INSTANCE_VERSION.TENANT_ID,
                        INSTANCE_VERSION.ENVIRONMENT,
                        INSTANCE_VERSION.INSTANCE,
                        INSTANCE_VERSION.VERSION,
                        ADAPTER_INSTANCE.VERSION)
                .from(INSTANCE_VERSION)
                .join(ADAPTER_INSTANCE)
                .on(ADAPTER_INSTANCE
                        .TENANT_ID
                        .eq(INSTANCE_VERSION.TENANT_ID)
                        .and(ADAPTER_INSTANCE.ENVIRONMENT.eq(INSTANCE_VERSION.ENVIRONMENT))
                        .and(ADAPTER_INSTANCE.INSTANCE.eq(INSTANCE_VERSION.INSTANCE)))
                .where(INSTANCE_VERSION.VERSION.ne(ADAPTER_INSTANCE.VERSION))
                .and(ADAPTER_INSTANCE.ADAPTER.eq(id.name().value()))
                .andExists(DSL.selectOne()
                        .from(was)
                        .where(was.TENANT_ID
                                .eq(INSTANCE_VERSION.TENANT_ID)
                                .and(was.ENVIRONMENT.eq(INSTANCE_VERSION.ENVIRONMENT))
                                .and(was.INSTANCE.eq(INSTANCE_VERSION.INSTANCE))
                                .and(was.VERSION.eq(id.version().value()))))
                .orderBy(
                        INSTANCE_VERSION.TENANT_ID,
                        INSTANCE_VERSION.ENVIRONMENT,
                        INSTANCE_VERSION.INSTANCE,
                        INSTANCE_VERSION.NUMBER.desc())
                .forEach(row -> {
                    AdapterVersion version = new AdapterVersion(row.value4());
                    if (version.compareTo(new AdapterVersion(row.value5())) < 0) {
                        before.putIfAbsent(
                                new InstanceKey(Scope.of(row.value1(), row.value2()), new InstanceId(row.value3())),
                                version);
                    }
                });
        return before.entrySet().stream()
                .filter(one -> one.getValue().equals(id.version()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Page<Version> page(InstanceKey key, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> INSTANCE_VERSION.NUMBER.lt(after.number(0)))
                .orElseGet(DSL::noCondition);
        return Cursor.page(
                page,
                database.inTenant(
                        key.scope().tenant(),
                        sql -> sql.selectFrom(INSTANCE_VERSION)
                                .where(of(key).and(start))
                                .orderBy(INSTANCE_VERSION.NUMBER.desc())
                                .limit(page.limit() + 1)
                                .fetch(JooqVersions::version)),
                last -> Cursor.at(LIST, last.number()));
    }

    private static Condition of(InstanceKey key) {
        return INSTANCE_VERSION
                .TENANT_ID
                .eq(key.scope().tenant().value())
                .and(INSTANCE_VERSION.ENVIRONMENT.eq(key.scope().environment().value()))
                .and(INSTANCE_VERSION.INSTANCE.eq(key.instance().value()));
    }

    private static Version version(InstanceVersionRecord row) {
        return new Version(
                row.getNumber(),
                DefinitionId.parse(row.getAdapter() + "@" + row.getVersion()),
                new Json(row.getConfiguration().data()),
                row.getSince().toInstant(),
                row.getActor(),
                row.getWhy());
    }
}
