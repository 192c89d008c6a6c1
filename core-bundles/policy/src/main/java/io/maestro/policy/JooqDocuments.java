package io.maestro.policy;

import static io.maestro.policy.tables.policy.Tables.PLATFORM_DOCUMENT;
import static io.maestro.policy.tables.policy.Tables.TENANT_DOCUMENT;

import io.maestro.api.policy.PolicySettings.Kept;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Settings and modes as rows. */
final class JooqDocuments {
    private static final Kept NOTHING = new Kept(Json.EMPTY_OBJECT, 0, null, null);

    private final Database database;
    private final InstantSource clock;

    JooqDocuments(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    Kept find(@Nullable TenantId tenant, String kind) {
        Function<DSLContext, Kept> look = sql -> find(sql, tenant, kind).orElse(NOTHING);
        return tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
    }

    /** As {@link #find}, when it is of that revision; any will do when it is null. */
    Kept present(@Nullable TenantId tenant, String kind, @Nullable Long expected) {
        Kept kept = find(tenant, kind);
        if (expected != null && expected != kept.revision()) {
            throw changed();
        }
        return kept;
    }

    private static Optional<Kept> find(DSLContext sql, @Nullable TenantId tenant, String kind) {
        return tenant == null
                ? sql.selectFrom(PLATFORM_DOCUMENT)
                        .where(PLATFORM_DOCUMENT.KIND.eq(kind))
                        .fetchOptional(row -> new Kept(
                                new Json(row.getBody()),
                                row.getRevision(),
                                row.getUpdatedAt().toInstant(),
                                row.getUpdatedBy()))
                : sql.selectFrom(TENANT_DOCUMENT)
                        .where(TENANT_DOCUMENT.TENANT_ID.eq(tenant.value()), TENANT_DOCUMENT.KIND.eq(kind))
                        .fetchOptional(row -> new Kept(
                                new Json(row.getBody()),
                                row.getRevision(),
                                row.getUpdatedAt().toInstant(),
                                row.getUpdatedBy()));
    }

    /** Replaces a document; the same again is no act. */
    Kept put(@Nullable TenantId tenant, String kind, Json document, @Nullable Long expected, Actor actor) {
        Function<DSLContext, Act<Kept>> change = sql -> {
            Kept before = find(sql, tenant, kind).orElse(NOTHING);
            if (expected != null && expected != before.revision()) {
                throw changed();
            }
            if (before.document().equals(document)) {
                return Act.unchanged(before);
            }
            OffsetDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
            Kept after = new Kept(document, before.revision() + 1, now.toInstant(), actor.id());
            int written = write(sql, tenant, kind, after, before.revision(), now);
            if (written == 0) {
                throw changed();
            }
            JooqPolicies.changed(sql);
            return Act.done(
                    after,
                    Fact.changed(
                            "policy-" + kind + ".put",
                            Subject.of("policy-" + kind, tenant == null ? "platform" : tenant),
                            before.document(),
                            after.document()));
        };
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private static int write(
            DSLContext sql, @Nullable TenantId tenant, String kind, Kept after, long former, OffsetDateTime now) {
        if (tenant == null) {
            return sql.insertInto(PLATFORM_DOCUMENT)
                    .set(PLATFORM_DOCUMENT.KIND, kind)
                    .set(PLATFORM_DOCUMENT.BODY, after.document().text())
                    .set(PLATFORM_DOCUMENT.REVISION, after.revision())
                    .set(PLATFORM_DOCUMENT.UPDATED_AT, now)
                    .set(PLATFORM_DOCUMENT.UPDATED_BY, after.updatedBy())
                    .onConflict(PLATFORM_DOCUMENT.KIND)
                    .doUpdate()
                    .set(PLATFORM_DOCUMENT.BODY, after.document().text())
                    .set(PLATFORM_DOCUMENT.REVISION, after.revision())
                    .set(PLATFORM_DOCUMENT.UPDATED_AT, now)
                    .set(PLATFORM_DOCUMENT.UPDATED_BY, after.updatedBy())
                    .where(PLATFORM_DOCUMENT.REVISION.eq(former))
                    .execute();
        }
        return sql.insertInto(TENANT_DOCUMENT)
                .set(TENANT_DOCUMENT.TENANT_ID, tenant.value())
                .set(TENANT_DOCUMENT.KIND, kind)
                .set(TENANT_DOCUMENT.BODY, after.document().text())
                .set(TENANT_DOCUMENT.REVISION, after.revision())
                .set(TENANT_DOCUMENT.UPDATED_AT, now)
                .set(TENANT_DOCUMENT.UPDATED_BY, after.updatedBy())
                .onConflict(TENANT_DOCUMENT.TENANT_ID, TENANT_DOCUMENT.KIND)
                .doUpdate()
                .set(TENANT_DOCUMENT.BODY, after.document().text())
                .set(TENANT_DOCUMENT.REVISION, after.revision())
                .set(TENANT_DOCUMENT.UPDATED_AT, now)
                .set(TENANT_DOCUMENT.UPDATED_BY, after.updatedBy())
                .where(TENANT_DOCUMENT.REVISION.eq(former))
                .execute();
    }

    private static RuntimeException changed() {
        return Problem.of(
                        CallerProblem.REVISION_CHANGED,
                        "the document has changed since",
                        "Read it again, and decide anew.")
                .asException();
    }
}
