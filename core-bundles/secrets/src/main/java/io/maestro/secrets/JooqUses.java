package io.maestro.secrets;

import static io.maestro.secrets.tables.secrets.Tables.SECRET;
import static io.maestro.secrets.tables.secrets.Tables.SECRET_ACCESS;
import static io.maestro.secrets.tables.secrets.Tables.SECRET_USE;

import io.maestro.adapter.spi.Secret;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.secrets.Secrets.Read;
import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.JooqTransaction;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** What instances do with secrets, as rows: which they use, and which they were given, when and why. */
final class JooqUses implements InstanceSecrets {
    static final String LIST = "secret-accesses";

    private static final Duration KEPT = Duration.ofDays(90);
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);
    private static final int SWEPT_AT_ONCE = 10_000;

    private final Database database;
    private final JooqSecrets secrets;
    private final InstantSource clock;
    private final AtomicReference<Instant> sweepDue;

    JooqUses(Database database, JooqSecrets secrets, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
        this.sweepDue = new AtomicReference<>(clock.instant().plus(BETWEEN_SWEEPS));
    }

    @Override
    public Values read(Scope scope, InstanceId instance, Set<SecretName> names, Purpose purpose, String correlationId) {
        if (names.isEmpty()) {
            return Values.NONE;
        }
        Values values = prepared(() -> database.note(scope.tenant(), sql -> {
            Map<SecretName, Long> versions = versions(sql, scope, names);
            log(sql, scope, instance, versions, purpose, correlationId);
            Map<SecretName, Secret> opened = new HashMap<>();
            long stamp = 0;
            for (Map.Entry<SecretName, Long> one : versions.entrySet()) {
                opened.put(one.getKey(), new Secret(secrets.open(sql, scope, one.getKey(), one.getValue())));
                stamp += one.getValue();
            }
            return new Values(opened, stamp, lineage(sql, scope, versions.keySet()));
        }));
        sweep();
        return values;
    }

    @Override
    public <R> R prepared(Supplier<R> act) {
        return secrets.prepared(act);
    }

    @Override
    public void attach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        DSLContext sql = JooqTransaction.of(act);
        secrets.hold(sql, scope);
        owned.forEach((name, value) -> secrets.insert(sql, scope, name, value.reveal(), instance, actor));
        use(sql, scope, instance, used);
    }

    @Override
    public void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        reattach(act, scope, instance, owned, used, Set.of(), actor);
    }

    @Override
    public void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Set<SecretName> retained,
            Actor actor) {
        DSLContext sql = JooqTransaction.of(act);
        secrets.hold(sql, scope);
        lock(sql, scope, SECRET.OWNER.eq(instance.value()).or(SECRET.NAME.in(texts(used))));
        List<SecretName> before = ownedBy(sql, scope, instance);
        new TreeMap<>(owned)
                .forEach((name, value) -> secrets.putOwned(sql, scope, name, value.reveal(), instance, actor));
        forgetUses(sql, scope, instance);
        use(sql, scope, instance, used);
        deleteUnused(
                sql,
                scope,
                before.stream()
                        .filter(name -> !used.contains(name) && !retained.contains(name))
                        .toList());
    }

    /** All at once, in the order of their names: two that use what the other one owns would wait for each other for ever. */
    private static void lock(DSLContext sql, Scope scope, Condition which) {
        sql.selectFrom(SECRET)
                .where(JooqSecrets.in(scope).and(which))
                .orderBy(SECRET.NAME)
                .forUpdate()
                .execute();
    }

    private static List<String> texts(Set<SecretName> names) {
        return names.stream().map(SecretName::value).toList();
    }

    private static void use(DSLContext sql, Scope scope, InstanceId instance, Set<SecretName> used) {
        for (SecretName name : versions(sql, scope, used).keySet()) {
            sql.insertInto(SECRET_USE)
                    .set(SECRET_USE.TENANT_ID, scope.tenant().value())
                    .set(SECRET_USE.ENVIRONMENT, scope.environment().value())
                    .set(SECRET_USE.INSTANCE, instance.value())
                    .set(SECRET_USE.NAME, name.value())
                    .execute();
        }
    }

    @Override
    public void detach(Transaction act, Scope scope, InstanceId instance) {
        DSLContext sql = JooqTransaction.of(act);
        List<SecretName> owned = ownedBy(sql, scope, instance);
        forgetUses(sql, scope, instance);
        deleteUnused(sql, scope, owned);
    }

    /** Locked before the look at their users, so that nobody becomes one in between. */
    private static List<SecretName> ownedBy(DSLContext sql, Scope scope, InstanceId instance) {
        return sql.selectFrom(SECRET)
                .where(JooqSecrets.in(scope).and(SECRET.OWNER.eq(instance.value())))
                .orderBy(SECRET.NAME)
                .forUpdate()
                .fetch(row -> new SecretName(row.getName()));
    }

    private static void forgetUses(DSLContext sql, Scope scope, InstanceId instance) {
        sql.deleteFrom(SECRET_USE)
                .where(SECRET_USE.TENANT_ID.eq(scope.tenant().value()))
                .and(SECRET_USE.ENVIRONMENT.eq(scope.environment().value()))
                .and(SECRET_USE.INSTANCE.eq(instance.value()))
                .execute();
    }

    private static void deleteUnused(DSLContext sql, Scope scope, List<SecretName> names) {
        for (SecretName name : names) {
            List<InstanceId> others = JooqSecrets.users(sql, scope, name);
            if (!others.isEmpty()) {
                throw JooqSecrets.inUse(name, others);
            }
        }
        sql.deleteFrom(SECRET)
                .where(JooqSecrets.in(scope))
                .and(SECRET.NAME.in(names.stream().map(SecretName::value).toList()))
                .execute();
    }

    @Override
    public Map<InstanceOf, Long> stamps() {
        return database.asPlatform(sql -> {
            Map<InstanceOf, Long> stamps = new HashMap<>();
            sql.select(SECRET_USE.TENANT_ID, SECRET_USE.ENVIRONMENT, SECRET_USE.INSTANCE, DSL.sum(SECRET.VERSION))
                    .from(SECRET_USE)
                    .join(SECRET)
                    .on(SECRET.TENANT_ID
                            .eq(SECRET_USE.TENANT_ID)
                            .and(SECRET.ENVIRONMENT.eq(SECRET_USE.ENVIRONMENT))
                            .and(SECRET.NAME.eq(SECRET_USE.NAME)))
                    .groupBy(SECRET_USE.TENANT_ID, SECRET_USE.ENVIRONMENT, SECRET_USE.INSTANCE)
                    .forEach(row -> {
                        InstanceOf instance =
                                new InstanceOf(Scope.of(row.value1(), row.value2()), new InstanceId(row.value3()));
                        BigDecimal sum = row.value4();
                        stamps.put(instance, sum == null ? 0 : sum.longValueExact());
                    });
            return stamps;
        });
    }

    /** What instances were given, newest first; one more than the page holds. */
    List<Listed> list(Scope scope, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> SECRET_ACCESS.ID.lt(after.number(0)))
                .orElseGet(DSL::noCondition);
        return database.inTenant(
                scope.tenant(),
                sql -> sql.selectFrom(SECRET_ACCESS)
                        .where(SECRET_ACCESS.TENANT_ID.eq(scope.tenant().value()))
                        .and(SECRET_ACCESS.ENVIRONMENT.eq(scope.environment().value()))
                        .and(start)
                        .orderBy(SECRET_ACCESS.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(row -> new Listed(
                                row.getId(),
                                new Read(
                                        new SecretName(row.getName()),
                                        row.getVersion(),
                                        new InstanceId(row.getInstance()),
                                        Purpose.valueOf(row.getPurpose().toUpperCase(Locale.ROOT)),
                                        row.getAccessedAt().toInstant(),
                                        row.getCorrelationId()))));
    }

    /** A line of the log with its place. */
    record Listed(long id, Read read) {}

    /** The current versions of all of these; none of them can be deleted or change before the transaction ends. */
    private static Map<SecretName, Long> versions(DSLContext sql, Scope scope, Set<SecretName> names) {
        Map<SecretName, Long> versions = new HashMap<>();
        sql.selectFrom(SECRET)
                .where(JooqSecrets.in(scope))
                .and(SECRET.NAME.in(names.stream().map(SecretName::value).toList()))
                .orderBy(SECRET.NAME)
                .forShare()
                .forEach(row -> versions.put(new SecretName(row.getName()), row.getVersion()));
        Set<SecretName> missing = new HashSet<>(names);
        missing.removeAll(versions.keySet());
        if (!missing.isEmpty()) {
            throw JooqSecrets.unknown(scope, new TreeSet<>(missing).first());
        }
        return versions;
    }

    /** Names with version and birth: a secret that was deleted and made anew begins to count from one again. */
    private static String lineage(DSLContext sql, Scope scope, Set<SecretName> names) {
        return sql
                .selectFrom(SECRET)
                .where(JooqSecrets.in(scope))
                .and(SECRET.NAME.in(names.stream().map(SecretName::value).toList()))
                .orderBy(SECRET.NAME)
                .fetch(row -> row.getName() + " " + row.getVersion() + " "
                        + row.getCreatedAt().toInstant())
                .stream()
                .collect(Collectors.joining(", "));
    }

    private void log(
            DSLContext sql,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Long> versions,
            Purpose purpose,
            String correlationId) {
        for (Map.Entry<SecretName, Long> one : versions.entrySet()) {
            sql.insertInto(SECRET_ACCESS)
                    .set(SECRET_ACCESS.TENANT_ID, scope.tenant().value())
                    .set(SECRET_ACCESS.ENVIRONMENT, scope.environment().value())
                    .set(SECRET_ACCESS.INSTANCE, instance.value())
                    .set(SECRET_ACCESS.NAME, one.getKey().value())
                    .set(SECRET_ACCESS.VERSION, one.getValue())
                    .set(SECRET_ACCESS.PURPOSE, purpose.name().toLowerCase(Locale.ROOT))
                    .set(
                            SECRET_ACCESS.ACCESSED_AT,
                            clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                    .set(SECRET_ACCESS.CORRELATION_ID, correlationId)
                    .execute();
        }
    }

    /** Once an hour, whoever comes first takes away what is old. */
    private void sweep() {
        Instant now = clock.instant();
        Instant due = sweepDue.get();
        if (now.isBefore(due) || !sweepDue.compareAndSet(due, now.plus(BETWEEN_SWEEPS))) {
            return;
        }
        database.noteAsPlatform(sql -> sql.deleteFrom(SECRET_ACCESS)
                .where(SECRET_ACCESS.ACCESSED_AT.lt(now.minus(KEPT).atOffset(ZoneOffset.UTC)))
                .limit(SWEPT_AT_ONCE)
                .execute());
    }
}
