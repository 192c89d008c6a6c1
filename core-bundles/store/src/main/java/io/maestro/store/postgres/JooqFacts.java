package io.maestro.store.postgres;

import static io.maestro.store.tables.store.tables.Fact.FACT;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Facts.Backlog;
import io.maestro.store.Facts.Chains;
import io.maestro.store.Facts.Pending;
import io.maestro.store.tables.store.tables.records.FactRecord;
import java.util.Comparator;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Facts as rows, for those who take them; {@link CommittedFacts} writes them. */
final class JooqFacts {
    private JooqFacts() {}

    /** Another node may take at the same time: what it holds is passed over. */
    static List<Pending> take(DSLContext sql, int limit, Chains except) {
        Condition wanted = (except.platform() ? FACT.TENANT_ID.isNotNull() : DSL.noCondition())
                .and(
                        except.tenants().isEmpty()
                                ? DSL.noCondition()
                                : FACT.TENANT_ID
                                        .isNull()
                                        .or(FACT.TENANT_ID.notIn(except.tenants().stream()
                                                .map(TenantId::value)
                                                .toList())));
        return sql
                .deleteFrom(FACT)
                // an array: a plain IN may be asked again for each row, and then the limit does not hold
                .where(FACT.POSITION.eq(DSL.any(DSL.array(DSL.select(FACT.POSITION)
                        .from(FACT)
                        .where(wanted)
                        .orderBy(FACT.POSITION)
                        .limit(limit)
                        .forUpdate()
                        .skipLocked()))))
                .returning()
                .fetch()
                .stream()
                .sorted(Comparator.comparing(FactRecord::getPosition))
                .map(JooqFacts::pending)
                .toList();
    }

    static List<Pending> waiting(DSLContext sql, @Nullable TenantId tenant, int limit) {
        Condition chain = tenant == null ? FACT.TENANT_ID.isNull() : FACT.TENANT_ID.eq(tenant.value());
        return sql.selectFrom(FACT)
                .where(chain)
                .orderBy(FACT.POSITION)
                .limit(limit)
                .fetch(JooqFacts::pending);
    }

    static Backlog backlog(DSLContext sql) {
        return sql.select(DSL.count(), DSL.min(FACT.OCCURRED_AT))
                .from(FACT)
                .fetchSingle(row -> new Backlog(
                        row.value1(), row.value2() == null ? null : row.value2().toInstant()));
    }

    private static Pending pending(FactRecord row) {
        String tenant = row.getTenantId();
        String environment = row.getEnvironment();
        String digest = row.getSubjectDigest();
        return new Pending(
                row.getId(),
                tenant == null ? null : new TenantId(tenant),
                new Actor(row.getActor(), row.getCorrelationId()),
                row.getOccurredAt().toInstant(),
                new Fact(
                        row.getAction(),
                        environment == null ? null : new Environment(environment),
                        new Subject(row.getSubjectType(), row.getSubject(), digest == null ? null : new Digest(digest)),
                        json(row.getStateBefore()),
                        json(row.getStateAfter()),
                        row.getDecision()));
    }

    private static @Nullable Json json(@Nullable String text) {
        return text == null ? null : new Json(text);
    }
}
