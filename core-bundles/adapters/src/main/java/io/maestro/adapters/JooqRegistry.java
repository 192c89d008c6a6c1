package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;

import io.maestro.adapters.RequirementCheck.Offer;
import io.maestro.adapters.tables.adapters.tables.AdapterDefinition;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Registry.DefinitionQuery;
import io.maestro.api.adapters.Registry.Installed;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Registry.Outdated;
import io.maestro.api.adapters.Registry.Upgradable;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.Database;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The registry's questions as queries: each is one query, whatever the page holds. */
final class JooqRegistry {
    private static final AdapterDefinition NEWER = ADAPTER_DEFINITION.as("newer");

    private final Database database;
    private final String node;

    JooqRegistry(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    Page<Definition> definitions(DefinitionQuery query, PageRequest page) {
        boolean descending = query.sort().descending();
        JooqOrder order = switch (query.sort().by()) {
            case NAME ->
                new JooqOrder(
                        "definitions", query, descending, ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION_ORDER);
            case CREATED_AT ->
                new JooqOrder(
                        "definitions",
                        query,
                        descending,
                        ADAPTER_DEFINITION.CREATED_AT,
                        ADAPTER_DEFINITION.NAME,
                        ADAPTER_DEFINITION.VERSION_ORDER);
        };
        Condition wanted = order.from(page)
                .and(is(ADAPTER_DEFINITION.TYPE, query.type()))
                .and(is(ADAPTER_DEFINITION.NAME, query.name()))
                .and(is(ADAPTER_DEFINITION.PUBLISHER, query.publisher()))
                .and(is(ADAPTER_DEFINITION.RISK, query.risk()))
                .and(
                        query.owner() == null
                                ? DSL.noCondition()
                                : ADAPTER_DEFINITION.OWNER_FOLDED.startsWith(JooqDefinitions.folded(query.owner())))
                .and(query.newest() ? newest(query.preReleases()) : DSL.noCondition());
        return order.page(
                page,
                database.asPlatform(sql -> sql.selectFrom(ADAPTER_DEFINITION)
                        .where(wanted)
                        .orderBy(order.by())
                        .limit(page.limit() + 1)
                        .fetch()),
                row -> JooqDefinitions.definition(row.into(ADAPTER_DEFINITION)));
    }

    Page<Outdated> outdated(boolean preReleases, PageRequest page) {
        JooqOrder order = new JooqOrder(
                "outdated", preReleases, false, ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION_ORDER);
        Field<@Nullable String> newest = newestVersion(preReleases);
        return order.page(
                page,
                database.asPlatform(sql -> sql.select(
                                ADAPTER_DEFINITION.NAME,
                                ADAPTER_DEFINITION.VERSION,
                                ADAPTER_DEFINITION.VERSION_ORDER,
                                newest)
                        .from(ADAPTER_DEFINITION)
                        .where(order.from(page).and(hasNewer(preReleases)))
                        .orderBy(order.by())
                        .limit(page.limit() + 1)
                        .fetch()),
                row -> new Outdated(
                        id(row, ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION),
                        new AdapterVersion(String.valueOf(row.get(newest)))));
    }

    Page<InstanceRow> instances(TenantId tenant, InstanceQuery query, PageRequest page) {
        boolean descending = query.sort().descending();
        String question = tenant + " " + query;
        JooqOrder order = switch (query.sort().by()) {
            case NAME ->
                new JooqOrder(
                        "instances", question, descending, ADAPTER_INSTANCE.INSTANCE, ADAPTER_INSTANCE.ENVIRONMENT);
            case UPDATED_AT ->
                new JooqOrder(
                        "instances",
                        question,
                        descending,
                        ADAPTER_INSTANCE.UPDATED_AT,
                        ADAPTER_INSTANCE.INSTANCE,
                        ADAPTER_INSTANCE.ENVIRONMENT);
            case ADAPTER ->
                new JooqOrder(
                        "instances",
                        question,
                        descending,
                        ADAPTER_INSTANCE.ADAPTER,
                        ADAPTER_INSTANCE.INSTANCE,
                        ADAPTER_INSTANCE.ENVIRONMENT);
        };
        Condition wanted = of(tenant, query.environment())
                .and(order.from(page))
                .and(is(ADAPTER_DEFINITION.TYPE, query.type()))
                .and(is(ADAPTER_INSTANCE.ADAPTER, query.adapter()))
                .and(is(ADAPTER_INSTANCE.VERSION, query.version()))
                .and(
                        query.wanted() == null
                                ? DSL.noCondition()
                                : ADAPTER_INSTANCE.WANTED.eq(JooqInstances.text(query.wanted())))
                .and(query.observed() == null ? DSL.noCondition() : observed(query.observed()));
        return order.page(page, database.inTenant(tenant, sql -> rows(sql, wanted, order, page)), JooqInstances::row);
    }

    /** Instances of all tenants that this node wrote down as failed. */
    List<InstanceRow> failed(int limit) {
        JooqOrder order = new JooqOrder(
                "failed",
                "",
                false,
                ADAPTER_INSTANCE.TENANT_ID,
                ADAPTER_INSTANCE.ENVIRONMENT,
                ADAPTER_INSTANCE.INSTANCE);
        PageRequest page = new PageRequest(PageRequest.LARGEST, null);
        return database.asPlatform(sql -> rows(sql, observed(Observed.FAILED), order, page)).stream()
                .limit(limit)
                .map(JooqInstances::row)
                .toList();
    }

    Page<InstanceRow> instancesOf(
            DefinitionId definition, @Nullable TenantId tenant, @Nullable Environment environment, PageRequest page) {
        JooqOrder order = new JooqOrder(
                "instances-of",
                definition + " " + tenant + " " + environment,
                false,
                ADAPTER_INSTANCE.TENANT_ID,
                ADAPTER_INSTANCE.ENVIRONMENT,
                ADAPTER_INSTANCE.INSTANCE);
        Condition wanted = is(ADAPTER_INSTANCE.ADAPTER, definition.name())
                .and(is(ADAPTER_INSTANCE.VERSION, definition.version()))
                .and(is(ADAPTER_INSTANCE.TENANT_ID, tenant))
                .and(is(ADAPTER_INSTANCE.ENVIRONMENT, environment))
                .and(order.from(page));
        Function<DSLContext, List<? extends Record>> look = sql -> rows(sql, wanted, order, page);
        return order.page(
                page, tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look), JooqInstances::row);
    }

    Page<Installed> installed(
            TenantId tenant, @Nullable Environment environment, @Nullable TypeName type, PageRequest page) {
        JooqOrder order = new JooqOrder(
                "installed",
                tenant + " " + environment + " " + type,
                false,
                ADAPTER_INSTANCE.ENVIRONMENT,
                ADAPTER_DEFINITION.NAME,
                ADAPTER_DEFINITION.VERSION_ORDER);
        Field<@Nullable String> newest = newestVersion(false);
        Field<Long> count = DSL.count().cast(Long.class).as("instances");
        return order.page(
                page,
                database.inTenant(
                        tenant,
                        sql -> sql.select(
                                        ADAPTER_INSTANCE.ENVIRONMENT,
                                        ADAPTER_DEFINITION.NAME,
                                        ADAPTER_DEFINITION.VERSION,
                                        ADAPTER_DEFINITION.VERSION_ORDER,
                                        ADAPTER_DEFINITION.TYPE,
                                        count,
                                        newest)
                                .from(ADAPTER_INSTANCE)
                                .join(ADAPTER_DEFINITION)
                                .on(definitionOfInstance())
                                .where(of(tenant, environment)
                                        .and(is(ADAPTER_DEFINITION.TYPE, type))
                                        .and(order.from(page)))
                                .groupBy(
                                        ADAPTER_INSTANCE.ENVIRONMENT,
                                        ADAPTER_DEFINITION.NAME,
                                        ADAPTER_DEFINITION.VERSION,
                                        ADAPTER_DEFINITION.VERSION_ORDER,
                                        ADAPTER_DEFINITION.TYPE)
                                .orderBy(order.by())
                                .limit(page.limit() + 1)
                                .fetch()),
                row -> new Installed(
                        new Environment(row.get(ADAPTER_INSTANCE.ENVIRONMENT)),
                        id(row, ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION),
                        new TypeName(row.get(ADAPTER_DEFINITION.TYPE)),
                        row.get(count),
                        version(row.get(newest))));
    }

    Page<Upgradable> upgradable(
            TenantId tenant, @Nullable Environment environment, boolean preReleases, PageRequest page) {
        JooqOrder order = new JooqOrder(
                "upgradable",
                tenant + " " + environment + " " + preReleases,
                false,
                ADAPTER_INSTANCE.ENVIRONMENT,
                ADAPTER_INSTANCE.INSTANCE);
        Field<@Nullable String> newest = newestVersion(preReleases);
        return order.page(
                page,
                database.inTenant(
                        tenant,
                        sql -> sql.select(
                                        ADAPTER_INSTANCE.ENVIRONMENT,
                                        ADAPTER_INSTANCE.INSTANCE,
                                        ADAPTER_INSTANCE.ADAPTER,
                                        ADAPTER_INSTANCE.VERSION,
                                        newest)
                                .from(ADAPTER_INSTANCE)
                                .join(ADAPTER_DEFINITION)
                                .on(definitionOfInstance())
                                .where(of(tenant, environment)
                                        .and(order.from(page))
                                        .and(hasNewer(preReleases)))
                                .orderBy(order.by())
                                .limit(page.limit() + 1)
                                .fetch()),
                row -> new Upgradable(
                        new Scope(tenant, new Environment(row.get(ADAPTER_INSTANCE.ENVIRONMENT))),
                        new InstanceId(row.get(ADAPTER_INSTANCE.INSTANCE)),
                        id(row, ADAPTER_INSTANCE.ADAPTER, ADAPTER_INSTANCE.VERSION),
                        new AdapterVersion(String.valueOf(row.get(newest)))));
    }

    /** All definitions of these types, the newest first, without their manifests. */
    List<Offer> offers(Collection<TypeName> types) {
        return database.asPlatform(sql -> sql.select(
                        ADAPTER_DEFINITION.NAME,
                        ADAPTER_DEFINITION.VERSION,
                        ADAPTER_DEFINITION.TYPE,
                        ADAPTER_DEFINITION.CONTRACT_VERSION)
                .from(ADAPTER_DEFINITION)
                .where(ADAPTER_DEFINITION.TYPE.in(texts(types)))
                .orderBy(ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION_ORDER.desc())
                .fetch(row -> new Offer(
                        id(row, ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION),
                        new TypeName(row.get(ADAPTER_DEFINITION.TYPE)),
                        row.get(ADAPTER_DEFINITION.CONTRACT_VERSION))));
    }

    /** The instances of the scope that are of one of these types or have one of these names, by name. */
    List<InstanceRow> instances(Scope scope, Collection<TypeName> types, Collection<InstanceId> names) {
        return database.inTenant(
                scope.tenant(),
                sql -> JooqInstances.select(sql)
                        .where(of(scope.tenant(), scope.environment()))
                        .and(ADAPTER_DEFINITION.TYPE.in(texts(types)).or(ADAPTER_INSTANCE.INSTANCE.in(texts(names))))
                        .orderBy(ADAPTER_INSTANCE.INSTANCE)
                        .fetch(JooqInstances::row));
    }

    private static List<? extends Record> rows(DSLContext sql, Condition wanted, JooqOrder order, PageRequest page) {
        return JooqInstances.select(sql)
                .where(wanted)
                .orderBy(order.by())
                .limit(page.limit() + 1)
                .fetch();
    }

    private static Condition of(TenantId tenant, @Nullable Environment environment) {
        return is(ADAPTER_INSTANCE.TENANT_ID, tenant).and(is(ADAPTER_INSTANCE.ENVIRONMENT, environment));
    }

    private static Condition is(Field<String> field, @Nullable Object wanted) {
        return wanted == null ? DSL.noCondition() : field.eq(wanted.toString());
    }

    private static Condition definitionOfInstance() {
        return ADAPTER_DEFINITION
                .NAME
                .eq(ADAPTER_INSTANCE.ADAPTER)
                .and(ADAPTER_DEFINITION.VERSION.eq(ADAPTER_INSTANCE.VERSION));
    }

    /** By what this node wrote down; nothing written down means that it has not looked yet. */
    private Condition observed(Observed observed) {
        Condition here = INSTANCE_OBSERVATION
                .TENANT_ID
                .eq(ADAPTER_INSTANCE.TENANT_ID)
                .and(INSTANCE_OBSERVATION.ENVIRONMENT.eq(ADAPTER_INSTANCE.ENVIRONMENT))
                .and(INSTANCE_OBSERVATION.INSTANCE.eq(ADAPTER_INSTANCE.INSTANCE))
                .and(INSTANCE_OBSERVATION.NODE.eq(node));
        String text = observed.name().toLowerCase(Locale.ROOT);
        return observed == Observed.PENDING
                ? DSL.notExists(DSL.selectOne()
                        .from(INSTANCE_OBSERVATION)
                        .where(here.and(INSTANCE_OBSERVATION.OBSERVED.ne(text))))
                : DSL.exists(DSL.selectOne()
                        .from(INSTANCE_OBSERVATION)
                        .where(here.and(INSTANCE_OBSERVATION.OBSERVED.eq(text))));
    }

    private static Condition newest(boolean preReleases) {
        return (preReleases ? DSL.noCondition() : ADAPTER_DEFINITION.PRE_RELEASE.isFalse())
                .andNot(hasNewer(preReleases));
    }

    private static Condition hasNewer(boolean preReleases) {
        return DSL.exists(DSL.selectOne().from(NEWER).where(newer(preReleases)));
    }

    private static Field<@Nullable String> newestVersion(boolean preReleases) {
        return DSL.field(DSL.select(NEWER.VERSION)
                        .from(NEWER)
                        .where(newer(preReleases))
                        .orderBy(NEWER.VERSION_ORDER.desc())
                        .limit(1))
                .as("newest");
    }

    private static Condition newer(boolean preReleases) {
        return NEWER.NAME
                .eq(ADAPTER_DEFINITION.NAME)
                .and(NEWER.VERSION_ORDER.gt(ADAPTER_DEFINITION.VERSION_ORDER))
                .and(preReleases ? DSL.noCondition() : NEWER.PRE_RELEASE.isFalse());
    }

    private static DefinitionId id(Record row, Field<String> name, Field<String> version) {
        return DefinitionId.parse(row.get(name) + "@" + row.get(version));
    }

    private static List<String> texts(Collection<?> names) {
        return names.stream().map(Object::toString).toList();
    }

    private static @Nullable AdapterVersion version(@Nullable String text) {
        return text == null ? null : new AdapterVersion(text);
    }
}
