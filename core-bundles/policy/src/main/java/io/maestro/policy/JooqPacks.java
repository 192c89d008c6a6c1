package io.maestro.policy;

import static io.maestro.policy.tables.policy.Tables.PACK;
import static io.maestro.policy.tables.policy.Tables.PACK_KEY;
import static io.maestro.policy.tables.policy.Tables.PACK_REVISION;

import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.api.policy.PolicyPacks.PolicyKey;
import io.maestro.api.policy.PolicyPacks.Refused;
import io.maestro.api.policy.PolicyPacks.Revision;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.model.Violation;
import io.maestro.policy.tables.policy.tables.records.PackRecord;
import io.maestro.policy.tables.policy.tables.records.PackRevisionRecord;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Uploaded packs, their revisions, and the keys that may sign them, as rows. */
final class JooqPacks {
    private static final int KEPT_REVISIONS = 10;
    private static final String SUBJECT = "policy-pack";

    private final Database database;
    private final InstantSource clock;

    JooqPacks(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A revision with its bundle. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record Stored(UUID id, Revision revision, byte[] bundle) {}

    /**
     * What has been looked at, and has to be so still.
     *
     * @param active the uploaded revision that decides; null when none does
     */
    record Seen(@Nullable Revision active) {}

    List<Pack> packs(@Nullable TenantId tenant) {
        return look(
                tenant,
                sql -> sql.selectFrom(PACK)
                        .where(ofPack(tenant))
                        .orderBy(PACK.NAME)
                        .fetch(row -> pack(sql, row)));
    }

    Optional<Pack> pack(@Nullable TenantId tenant, String name) {
        return look(
                tenant,
                sql -> sql.selectFrom(PACK)
                        .where(ofPack(tenant).and(PACK.NAME.eq(name)))
                        .fetchOptional(row -> pack(sql, row)));
    }

    private static Pack pack(DSLContext sql, PackRecord row) {
        List<PackRevisionRecord> revisions = sql.selectFrom(PACK_REVISION)
                .where(PACK_REVISION.PACK.eq(row.getId()))
                .orderBy(PACK_REVISION.POSITION.desc())
                .fetch();
        return new Pack(
                row.getTenantId() == null ? null : new TenantId(row.getTenantId()),
                row.getName(),
                false,
                revisions.stream()
                        .filter(one -> one.getId().equals(row.getActive()))
                        .map(JooqPacks::revision)
                        .findFirst()
                        .orElse(null),
                revisions.stream().map(JooqPacks::revision).toList(),
                row.getRefused() == null ? null : refused(row));
    }

    private static Refused refused(PackRecord row) {
        ObjectValue document = (ObjectValue) io.maestro.rego.value.Json.read(row.getRefused());
        List<Violation> violations = new ArrayList<>();
        if (document.get("violations") instanceof ArrayValue array) {
            array.forEach(one -> violations.add(
                    new Violation(text((ObjectValue) one, "pointer"), text((ObjectValue) one, "detail"))));
        }
        return new Refused(
                row.getRefusedAt().toInstant(),
                row.getRefusedBy(),
                Problem.of(
                                PolicyProblem.POLICY_PACK_REFUSED,
                                text(document, "detail"),
                                document.get("fix") instanceof StringValue fix ? fix.value() : null)
                        .with(violations));
    }

    private static String text(ObjectValue object, String name) {
        return object.get(name) instanceof StringValue text ? text.value() : "";
    }

    private static Revision revision(PackRevisionRecord row) {
        return new Revision(
                row.getRevision(),
                "sha256:" + row.getDigest(),
                row.getKeyId(),
                row.getTests(),
                row.getUploadedAt().toInstant(),
                row.getUploadedBy());
    }

    /** The kept revisions of a pack, the newest first. */
    List<Stored> revisions(@Nullable TenantId tenant, String name) {
        return look(
                tenant,
                sql -> sql
                        .select(PACK_REVISION.fields())
                        .from(PACK_REVISION)
                        .join(PACK)
                        .on(PACK.ID.eq(PACK_REVISION.PACK))
                        .where(ofPack(tenant).and(PACK.NAME.eq(name)))
                        .orderBy(PACK_REVISION.POSITION.desc())
                        .fetchInto(PackRevisionRecord.class)
                        .stream()
                        .map(row -> new Stored(row.getId(), revision(row), row.getContent()))
                        .toList());
    }

    /**
     * Keeps a new revision and makes it the active one.
     *
     * @param seen null when it does not matter which one was active
     */
    void activate(
            @Nullable TenantId tenant,
            String name,
            BundleFormat.Opened opened,
            byte[] bundle,
            Digest digest,
            int tests,
            @Nullable Seen seen,
            Actor actor) {
        act(tenant, actor, sql -> {
            PackRecord pack = locked(sql, tenant, name);
            requireStill(sql, pack, seen);
            Json before = active(sql, pack.getActive());
            UUID id = UUID.randomUUID();
            sql.insertInto(PACK_REVISION)
                    .set(PACK_REVISION.ID, id)
                    .set(PACK_REVISION.PACK, pack.getId())
                    .set(PACK_REVISION.TENANT_ID, pack.getTenantId())
                    .set(PACK_REVISION.REVISION, opened.revision())
                    .set(PACK_REVISION.DIGEST, digest.hex())
                    .set(PACK_REVISION.CONTENT, bundle)
                    .set(PACK_REVISION.KEY_ID, opened.key() == null ? "" : opened.key())
                    .set(PACK_REVISION.TESTS, tests)
                    .set(PACK_REVISION.UPLOADED_AT, now())
                    .set(PACK_REVISION.UPLOADED_BY, actor.id())
                    .execute();
            forgetOld(sql, pack, id);
            return activated(sql, pack, id, before, "policy-pack.upload", digest);
        });
    }

    /**
     * Makes a kept revision the active one.
     *
     * @param revision null for the built-in one
     * @param seen null when it does not matter which one was active
     */
    void activate(@Nullable TenantId tenant, String name, @Nullable UUID revision, @Nullable Seen seen, Actor actor) {
        act(tenant, actor, sql -> {
            PackRecord pack = locked(sql, tenant, name);
            requireStill(sql, pack, seen);
            return activated(sql, pack, revision, active(sql, pack.getActive()), "policy-pack.rollback", null);
        });
    }

    private static Act<Boolean> activated(
            DSLContext sql,
            PackRecord pack,
            @Nullable UUID id,
            @Nullable Json before,
            String action,
            @Nullable Digest digest) {
        sql.update(PACK)
                .set(PACK.ACTIVE, id)
                .setNull(PACK.REFUSED)
                .setNull(PACK.REFUSED_AT)
                .setNull(PACK.REFUSED_BY)
                .where(PACK.ID.eq(pack.getId()))
                .execute();
        JooqPolicies.changed(sql);
        return Act.done(
                true,
                new Fact(action, null, new Subject(SUBJECT, pack.getName(), digest), before, active(sql, id), null));
    }

    /** For whoever has locked the row: nobody else changes it any more. */
    private static void requireStill(DSLContext sql, PackRecord pack, @Nullable Seen seen) {
        if (seen == null) {
            return;
        }
        Revision now = pack.getActive() == null
                ? null
                : sql.selectFrom(PACK_REVISION)
                        .where(PACK_REVISION.ID.eq(pack.getActive()))
                        .fetchOne(JooqPacks::revision);
        if (!Objects.equals(now, seen.active())) {
            throw changed(
                    pack.getName(),
                    "its active revision is now " + (now == null ? "none that was uploaded" : now.revision()));
        }
    }

    /** Why an act is not done that was to follow a plan. */
    static ProblemException changed(String name, String how) {
        return Problem.of(
                        CallerProblem.REVISION_CHANGED,
                        "the pack \"" + name + "\" was changed since that was planned: " + how,
                        "Look at the plan again, and decide anew.")
                .asException();
    }

    private static @Nullable Json active(DSLContext sql, @Nullable UUID id) {
        return id == null
                ? null
                : sql.selectFrom(PACK_REVISION)
                        .where(PACK_REVISION.ID.eq(id))
                        .fetchOptional(row -> Json.object(Map.of(
                                "revision", row.getRevision(),
                                "digest", "sha256:" + row.getDigest(),
                                "key", row.getKeyId())))
                        .orElse(null);
    }

    private static void forgetOld(DSLContext sql, PackRecord pack, UUID newest) {
        List<UUID> old = sql.select(PACK_REVISION.ID)
                .from(PACK_REVISION)
                .where(PACK_REVISION.PACK.eq(pack.getId()), PACK_REVISION.ID.ne(newest))
                .orderBy(PACK_REVISION.POSITION.desc())
                .offset(KEPT_REVISIONS - 1)
                .fetch(PACK_REVISION.ID);
        sql.deleteFrom(PACK_REVISION)
                .where(PACK_REVISION.ID.in(old))
                .and(pack.getActive() == null ? PACK_REVISION.ID.isNotNull() : PACK_REVISION.ID.ne(pack.getActive()))
                .execute();
    }

    /** The row of a pack, made when there is none. */
    private static PackRecord locked(DSLContext sql, @Nullable TenantId tenant, String name) {
        sql.insertInto(PACK)
                .set(PACK.ID, UUID.randomUUID())
                .set(PACK.TENANT_ID, tenant == null ? null : tenant.value())
                .set(PACK.NAME, name)
                .onConflictDoNothing()
                .execute();
        return sql.selectFrom(PACK)
                .where(ofPack(tenant).and(PACK.NAME.eq(name)))
                .forUpdate()
                .fetchSingle();
    }

    /** Notes why a bundle did not become active. */
    void refuse(@Nullable TenantId tenant, String name, Problem problem, Actor actor) {
        List<Json> violations = problem.violations().stream()
                .map(one -> Json.object(Map.of("pointer", one.pointer(), "detail", one.detail())))
                .toList();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("detail", problem.detail());
        document.put("fix", problem.fix());
        document.put("violations", violations);
        Function<DSLContext, Integer> note = sql -> {
            PackRecord pack = locked(sql, tenant, name);
            return sql.update(PACK)
                    .set(PACK.REFUSED, Json.object(document).text().replace("\0", ""))
                    .set(PACK.REFUSED_AT, now())
                    .set(PACK.REFUSED_BY, actor.id())
                    .where(PACK.ID.eq(pack.getId()))
                    .execute();
        };
        var _ = tenant == null ? database.noteAsPlatform(note) : database.note(tenant, note);
    }

    /**
     * Takes a pack away; false when there is none.
     *
     * @param seen null when it does not matter which revision was active
     */
    boolean remove(@Nullable TenantId tenant, String name, @Nullable Seen seen, Actor actor) {
        return act(tenant, actor, sql -> {
            Optional<PackRecord> pack = sql.selectFrom(PACK)
                    .where(ofPack(tenant).and(PACK.NAME.eq(name)))
                    .forUpdate()
                    .fetchOptional();
            if (pack.isEmpty()) {
                return Act.unchanged(false);
            }
            requireStill(sql, pack.get(), seen);
            Json before = active(sql, pack.get().getActive());
            sql.deleteFrom(PACK).where(PACK.ID.eq(pack.get().getId())).execute();
            JooqPolicies.changed(sql);
            return Act.done(
                    true,
                    Fact.removed(
                            "policy-pack.remove",
                            Subject.of(SUBJECT, name),
                            before == null ? Json.EMPTY_OBJECT : before));
        });
    }

    List<PolicyKey> keys(@Nullable TenantId tenant) {
        return look(
                tenant,
                sql -> sql.selectFrom(PACK_KEY)
                        .where(ofKey(tenant))
                        .orderBy(PACK_KEY.KEY_ID)
                        .fetch(row -> new PolicyKey(
                                tenant,
                                row.getKeyId(),
                                row.getAlgorithm(),
                                row.getPublicKey(),
                                row.getTrustedAt().toInstant(),
                                row.getTrustedBy())));
    }

    /** Whether it is new. */
    boolean trust(PolicyKey key, Actor actor) {
        TenantId tenant = key.tenant();
        return act(tenant, actor, sql -> {
            int inserted = sql.insertInto(PACK_KEY)
                    .set(PACK_KEY.ID, UUID.randomUUID())
                    .set(PACK_KEY.TENANT_ID, tenant == null ? null : tenant.value())
                    .set(PACK_KEY.KEY_ID, key.id())
                    .set(PACK_KEY.ALGORITHM, key.algorithm())
                    .set(PACK_KEY.PUBLIC_KEY, key.publicKey())
                    .set(PACK_KEY.TRUSTED_AT, key.trustedAt().atOffset(ZoneOffset.UTC))
                    .set(PACK_KEY.TRUSTED_BY, key.trustedBy())
                    .onConflictDoNothing()
                    .execute();
            return inserted == 0
                    ? Act.unchanged(false)
                    : Act.done(true, Fact.made("policy-key.trust", Subject.of("policy-key", key.id()), json(key)));
        });
    }

    boolean distrust(@Nullable TenantId tenant, String id, Actor actor) {
        return act(tenant, actor, sql -> {
            Optional<PolicyKey> key =
                    keys(tenant).stream().filter(one -> one.id().equals(id)).findFirst();
            if (key.isEmpty()) {
                return Act.unchanged(false);
            }
            sql.deleteFrom(PACK_KEY)
                    .where(ofKey(tenant).and(PACK_KEY.KEY_ID.eq(id)))
                    .execute();
            return Act.done(true, Fact.removed("policy-key.distrust", Subject.of("policy-key", id), json(key.get())));
        });
    }

    private static Json json(PolicyKey key) {
        return Json.object(Map.of("id", key.id(), "algorithm", key.algorithm(), "publicKey", key.publicKey()));
    }

    private <R> R act(@Nullable TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private <R> R look(@Nullable TenantId tenant, Function<DSLContext, R> look) {
        return tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
    }

    private static Condition ofPack(@Nullable TenantId tenant) {
        return tenant == null ? PACK.TENANT_ID.isNull() : PACK.TENANT_ID.eq(tenant.value());
    }

    private static Condition ofKey(@Nullable TenantId tenant) {
        return tenant == null ? PACK_KEY.TENANT_ID.isNull() : PACK_KEY.TENANT_ID.eq(tenant.value());
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
