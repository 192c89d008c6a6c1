package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.SECURITY_EVENT;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.identity.tables.identity.tables.records.SecurityEventRecord;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Security events as rows; only the newest are kept. */
final class JooqSecurityEvents implements SecurityEvents {
    /** At most this many go at once, so that trimming never holds up the event that caused it for long. */
    private static final int TRIMMED_AT_ONCE = 5_000;

    /** So many tenants are counted apart; those beyond share a count, and are trimmed the less evenly. */
    private static final int TENANTS = 1_024;

    private final Database database;
    private final InstantSource clock;
    private final int kept;
    private final int betweenTrims;
    private final AtomicLong written = new AtomicLong();

    /** Denied writes since the start, by the hash of their tenant. */
    private final AtomicLongArray denied = new AtomicLongArray(TENANTS);

    /**
     * Does nothing yet.
     *
     * @param kept how many of the newest events of strangers stay, as many of principals, and as many of denied
     *     writes of each tenant
     * @param betweenTrims after how many events the older ones go
     */
    JooqSecurityEvents(Database database, InstantSource clock, int kept, int betweenTrims) {
        this.database = database;
        this.clock = clock;
        this.kept = kept;
        this.betweenTrims = betweenTrims;
    }

    void insert(
            Rule rule,
            @Nullable String principal,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin) {
        database.noteAsPlatform(sql -> sql.insertInto(SECURITY_EVENT)
                .set(SECURITY_EVENT.OCCURRED_AT, clock.instant().atOffset(ZoneOffset.UTC))
                .set(SECURITY_EVENT.RULE, rule.text())
                .set(SECURITY_EVENT.PRINCIPAL, principal)
                .set(SECURITY_EVENT.TENANT_ID, tenant == null ? null : tenant.value())
                .set(SECURITY_EVENT.ENVIRONMENT, environment == null ? null : environment.value())
                .set(SECURITY_EVENT.ADDRESS, fit(origin.address(), 100))
                .set(SECURITY_EVENT.METHOD, fit(origin.method(), 20))
                .set(SECURITY_EVENT.RESOURCE, fit(origin.resource(), 500))
                .set(SECURITY_EVENT.CORRELATION_ID, fit(origin.correlationId(), 100))
                .execute());
        Condition residency = SECURITY_EVENT.RULE.eq(Rule.RESIDENCY.text());
        if (rule == Rule.RESIDENCY && tenant != null) {
            if (denied.incrementAndGet(Math.floorMod(tenant.hashCode(), TENANTS)) % betweenTrims == 0) {
                trim(residency.and(SECURITY_EVENT.TENANT_ID.eq(tenant.value())));
            }
        } else if (written.incrementAndGet() % betweenTrims == 0) {
            trim(SECURITY_EVENT.PRINCIPAL.isNull());
            trim(SECURITY_EVENT.PRINCIPAL.isNotNull().andNot(residency));
        }
    }

    @Override
    public Page<SecurityEvent> events(Filter filter, PageRequest page) {
        Condition older = Cursor.of("security-events", 1, page)
                .map(after -> SECURITY_EVENT.ID.lt(after.number(0)))
                .orElseGet(DSL::noCondition);
        List<SecurityEvent> found = database.asPlatform(sql -> sql.selectFrom(SECURITY_EVENT)
                .where(older, matching(filter))
                .orderBy(SECURITY_EVENT.ID.desc())
                .limit(page.limit() + 1)
                .fetch(JooqSecurityEvents::event));
        return Cursor.page(page, found, event -> Cursor.at("security-events", event.id()));
    }

    private static Condition matching(Filter filter) {
        Condition condition = DSL.noCondition();
        if (filter.tenant() != null) {
            condition =
                    condition.and(SECURITY_EVENT.TENANT_ID.eq(filter.tenant().value()));
        }
        if (filter.rule() != null) {
            condition = condition.and(SECURITY_EVENT.RULE.eq(filter.rule().text()));
        }
        if (filter.principal() != null) {
            condition = condition.and(SECURITY_EVENT.PRINCIPAL.eq(filter.principal()));
        }
        if (filter.from() != null) {
            condition = condition.and(SECURITY_EVENT.OCCURRED_AT.ge(at(filter.from())));
        }
        if (filter.until() != null) {
            condition = condition.and(SECURITY_EVENT.OCCURRED_AT.lt(at(filter.until())));
        }
        return condition;
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * Strangers apart from principals: who has no token must not push out what was noted of those who have. Denied writes apart
     * from both, for all of them are noted, and those of each tenant by themselves: one whose program never tires must not push out
     * what was noted of others.
     */
    private void trim(Condition of) {
        database.noteAsPlatform(sql -> sql.deleteFrom(SECURITY_EVENT)
                .where(SECURITY_EVENT.ID.in(DSL.select(SECURITY_EVENT.ID)
                        .from(SECURITY_EVENT)
                        .where(of)
                        .orderBy(SECURITY_EVENT.ID.desc())
                        .limit(TRIMMED_AT_ONCE)
                        .offset(kept)))
                .execute());
    }

    /** What a stranger sent, shortened to the column and without what PostgreSQL or a terminal would choke on. */
    static String fit(String text, int longest) {
        return (text.length() <= longest ? text : text.substring(0, longest)).replaceAll("\\p{Cntrl}", "?");
    }

    private static SecurityEvent event(SecurityEventRecord row) {
        return new SecurityEvent(
                row.getId(),
                row.getOccurredAt().toInstant(),
                row.getRule(),
                row.getPrincipal(),
                row.getTenantId(),
                row.getEnvironment(),
                row.getAddress(),
                row.getMethod(),
                row.getResource(),
                row.getCorrelationId());
    }
}
