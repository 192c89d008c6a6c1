package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_NAME;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_TOMBSTONE;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_TYPE;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.tables.adapters.tables.records.AdapterDefinitionRecord;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Migrations;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/** Definitions as rows. They belong to the installation and never change. */
final class JooqDefinitions {
    static final Migrations MIGRATIONS = Migrations.of(
            "adapters",
            JooqDefinitions.class,
            "V001__adapters.sql",
            "V002__owners_of_names.sql",
            "V003__registry.sql",
            "V004__changed_configurations.sql",
            "V005__removals_on_every_node.sql",
            "V006__upkeep.sql",
            "V007__rollouts.sql",
            "V008__artifact_parts.sql",
            "V009__rollout_numbers.sql");

    private static final int LONGEST_OWNER = 1000;
    private static final int USERS_NAMED = 5;
    private static final int OF_LATE_DAYS = 2;

    private final Database database;

    JooqDefinitions(Database database) {
        this.database = database;
    }

    /** Writes down the types that this release knows. */
    void types(List<AdapterType<?>> types) {
        database.noteAsPlatform(sql -> {
            for (AdapterType<?> type : types) {
                sql.insertInto(ADAPTER_TYPE)
                        .set(ADAPTER_TYPE.NAME, type.name().value())
                        .set(ADAPTER_TYPE.CONTRACT_VERSION, type.contractVersion())
                        .onConflict(ADAPTER_TYPE.NAME)
                        .doUpdate()
                        .set(ADAPTER_TYPE.CONTRACT_VERSION, type.contractVersion())
                        .execute();
            }
            return types.size();
        });
    }

    /** How an insert ended. */
    enum Inserted {
        /** The row is there. */
        DONE,
        /** The name and version are taken. */
        VERSION_TAKEN,
        /** The name is another publisher's. */
        NAME_TAKEN,
        /** The name and version were those of other bytes, before they were uninstalled. */
        VERSION_RETIRED
    }

    /**
     * Inserts the row, which is what makes an artifact a definition; the first of a name makes the name its publisher's.
     *
     * @param bytes writes the artifact's in the same transaction
     */
    Inserted insert(Definition definition, JooqInstances.Alongside bytes, Actor actor) {
        return database.actAsPlatform(actor, sql -> {
            String name = definition.id().name().value();
            String publisher = definition.publisher().value();
            // waits for whoever claims the name at the same time
            sql.insertInto(ADAPTER_NAME)
                    .set(ADAPTER_NAME.NAME, name)
                    .set(ADAPTER_NAME.PUBLISHER, publisher)
                    .onConflictDoNothing()
                    .execute();
            if (!owner(sql, name).equals(Optional.of(publisher))) {
                return Act.unchanged(Inserted.NAME_TAKEN);
            }
            Optional<String> earlier = tombstone(sql, definition.id());
            if (earlier.isPresent() && !earlier.get().equals(definition.digest().hex())) {
                return Act.unchanged(Inserted.VERSION_RETIRED);
            }
            if (!insert(sql, definition)) {
                return Act.unchanged(Inserted.VERSION_TAKEN);
            }
            bytes.write(sql);
            return Act.done(Inserted.DONE, installed(definition));
        });
    }

    private static Fact installed(Definition definition) {
        return Fact.made("adapter-definition.install", subject(definition), json(definition));
    }

    private static Subject subject(Definition definition) {
        return new Subject("adapter-definition", definition.id().toString(), definition.digest());
    }

    private static Json json(Definition definition) {
        AdapterManifest manifest = definition.manifest();
        return Json.object(Map.of(
                "type", manifest.type(),
                "publisher", definition.publisher(),
                "key", definition.key(),
                "risk", manifest.risk().level(),
                "manifest", manifest.document()));
    }

    /**
     * Deletes the row, and keeps in mind which bytes it was, so that the version never means others. The name stays its
     * publisher's.
     *
     * @return what it was
     * @throws ProblemException {@link AdapterProblem#DEFINITION_UNKNOWN}, {@link AdapterProblem#DEFINITION_IN_USE} with the
     *     first instances of it, or that would go back to it, or for a rollout that has not ended
     */
    Definition uninstall(DefinitionId id, Actor actor) {
        return database.actAsPlatform(actor, sql -> {
            // whoever creates an instance holds the row until that is there
            Definition definition = sql.selectFrom(ADAPTER_DEFINITION)
                    .where(is(id))
                    .forUpdate()
                    .fetchOptional(JooqDefinitions::definition)
                    .orElseThrow(() -> unknown(id));
            requireUnused(sql, id);
            bury(sql, definition, actor);
            sql.deleteFrom(ADAPTER_DEFINITION).where(is(id)).execute();
            return Act.done(
                    definition, Fact.removed("adapter-definition.uninstall", subject(definition), json(definition)));
        });
    }

    /** Nothing when it could be uninstalled now; else {@link AdapterProblem#DEFINITION_IN_USE}. */
    void requireUnused(DefinitionId id) {
        database.asPlatform(sql -> {
            requireUnused(sql, id);
            return true;
        });
    }

    private static void requireUnused(DSLContext sql, DefinitionId id) {
        Condition ofIt = ADAPTER_INSTANCE
                .ADAPTER
                .eq(id.name().value())
                .and(ADAPTER_INSTANCE.VERSION.eq(id.version().value()));
        int count = sql.fetchCount(ADAPTER_INSTANCE, ofIt);
        if (count == 0) {
            requireUnwanted(sql, id);
            return;
        }
        List<String> first = sql.select(
                        ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                .from(ADAPTER_INSTANCE)
                .where(ofIt)
                .orderBy(ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                .limit(USERS_NAMED)
                .fetch(row -> row.value1() + "/" + row.value2() + "/" + row.value3());
        throw Problem.of(
                        AdapterProblem.DEFINITION_IN_USE,
                        count + (count == 1 ? " instance is" : " instances are") + " of " + id + ": "
                                + String.join(", ", first) + (count > first.size() ? " and more" : ""),
                        "Delete these instances or move them to another version first; a list of them all is at"
                                + " /api/adapters/" + id.name() + "/" + id.version() + "/instances.")
                .asException();
    }

    /** What no instance is may be what instances are about to be, or could go back to. */
    private static void requireUnwanted(DSLContext sql, DefinitionId id) {
        if (JooqRollouts.isWanted(sql, id)) {
            throw Problem.of(
                            AdapterProblem.DEFINITION_IN_USE,
                            "a rollout that has not ended takes instances to " + id,
                            "Wait for its end, or cancel it; a list of the rollouts is at /api/adapters/" + id.name()
                                    + "/rollouts.")
                    .asException();
        }
        List<InstanceKey> back = JooqVersions.backTo(sql, id);
        if (!back.isEmpty()) {
            List<String> first =
                    back.stream().limit(USERS_NAMED).map(InstanceKey::toString).toList();
            throw Problem.of(
                            AdapterProblem.DEFINITION_IN_USE,
                            back.size() + (back.size() == 1 ? " instance goes" : " instances go") + " back to " + id
                                    + " when rolled back: " + String.join(", ", first)
                                    + (back.size() > first.size() ? " and more" : ""),
                            "Delete these instances, or move them on: of each the version before stays.")
                    .asException();
        }
    }

    private static void bury(DSLContext sql, Definition definition, Actor actor) {
        sql.insertInto(ADAPTER_TOMBSTONE)
                .set(ADAPTER_TOMBSTONE.NAME, definition.id().name().value())
                .set(ADAPTER_TOMBSTONE.VERSION, definition.id().version().value())
                .set(ADAPTER_TOMBSTONE.DIGEST, definition.digest().hex())
                .set(ADAPTER_TOMBSTONE.REMOVED_AT, DSL.currentOffsetDateTime())
                .set(ADAPTER_TOMBSTONE.REMOVED_BY, actor.id())
                .onConflict(ADAPTER_TOMBSTONE.NAME, ADAPTER_TOMBSTONE.VERSION)
                .doUpdate()
                .set(ADAPTER_TOMBSTONE.REMOVED_AT, DSL.currentOffsetDateTime())
                .set(ADAPTER_TOMBSTONE.REMOVED_BY, actor.id())
                .execute();
    }

    /** Which bytes the version was before it was uninstalled; empty when it never was. */
    Optional<Digest> retired(DefinitionId id) {
        return database.asPlatform(sql -> tombstone(sql, id)).map(Digest::new);
    }

    private static Optional<String> tombstone(DSLContext sql, DefinitionId id) {
        return sql.select(ADAPTER_TOMBSTONE.DIGEST)
                .from(ADAPTER_TOMBSTONE)
                .where(ADAPTER_TOMBSTONE
                        .NAME
                        .eq(id.name().value())
                        .and(ADAPTER_TOMBSTONE.VERSION.eq(id.version().value())))
                .fetchOptional(ADAPTER_TOMBSTONE.DIGEST);
    }

    /**
     * The definitions that were uninstalled of late, on whatever node, and did not come back. Earlier ones a node has heard
     * of while it was up, or finds at its start.
     */
    Map<DefinitionId, Digest> goneOfLate() {
        return database.asPlatform(sql -> sql.select(
                        ADAPTER_TOMBSTONE.NAME, ADAPTER_TOMBSTONE.VERSION, ADAPTER_TOMBSTONE.DIGEST)
                .from(ADAPTER_TOMBSTONE)
                .where(ADAPTER_TOMBSTONE
                        .REMOVED_AT
                        .gt(DSL.currentOffsetDateTime().minus(DSL.inline(new DayToSecond(OF_LATE_DAYS))))
                        .andNotExists(sql.selectOne()
                                .from(ADAPTER_DEFINITION)
                                .where(ADAPTER_DEFINITION
                                        .NAME
                                        .eq(ADAPTER_TOMBSTONE.NAME)
                                        .and(ADAPTER_DEFINITION.VERSION.eq(ADAPTER_TOMBSTONE.VERSION)))))
                .fetchMap(
                        row -> DefinitionId.parse(
                                row.get(ADAPTER_TOMBSTONE.NAME) + "@" + row.get(ADAPTER_TOMBSTONE.VERSION)),
                        row -> new Digest(row.get(ADAPTER_TOMBSTONE.DIGEST))));
    }

    /**
     * Keeps the definition until the transaction ends, so that it is not uninstalled under what refers to it.
     *
     * @throws ProblemException {@link AdapterProblem#DEFINITION_UNKNOWN}
     */
    static void hold(DSLContext sql, DefinitionId id) {
        if (sql.selectOne()
                .from(ADAPTER_DEFINITION)
                .where(is(id))
                .forKeyShare()
                .fetchOptional()
                .isEmpty()) {
            throw unknown(id);
        }
    }

    /** Whose the name is; empty when it is free. */
    Optional<PublisherName> owner(AdapterName name) {
        return database.asPlatform(sql -> owner(sql, name.value())).map(PublisherName::new);
    }

    private static Optional<String> owner(DSLContext sql, String name) {
        return sql.select(ADAPTER_NAME.PUBLISHER)
                .from(ADAPTER_NAME)
                .where(ADAPTER_NAME.NAME.eq(name))
                .fetchOptional(ADAPTER_NAME.PUBLISHER);
    }

    private static boolean insert(DSLContext sql, Definition definition) {
        DefinitionId id = definition.id();
        return sql.insertInto(ADAPTER_DEFINITION)
                        .set(ADAPTER_DEFINITION.NAME, id.name().value())
                        .set(ADAPTER_DEFINITION.VERSION, id.version().value())
                        .set(ADAPTER_DEFINITION.VERSION_ORDER, VersionOrder.of(id.version()))
                        .set(ADAPTER_DEFINITION.DIGEST, definition.digest().hex())
                        .set(ADAPTER_DEFINITION.SIZE, definition.size())
                        .set(
                                ADAPTER_DEFINITION.TYPE,
                                definition.manifest().type().value())
                        .set(
                                ADAPTER_DEFINITION.CONTRACT_VERSION,
                                definition.manifest().contractVersion())
                        .set(
                                ADAPTER_DEFINITION.PUBLISHER,
                                definition.publisher().value())
                        .set(ADAPTER_DEFINITION.KEY, definition.key().hex())
                        .set(ADAPTER_DEFINITION.MANIFEST, JSON.valueOf(Documents.text(definition.manifest())))
                        .set(
                                ADAPTER_DEFINITION.CREATED_AT,
                                definition.createdAt().atOffset(ZoneOffset.UTC))
                        .set(ADAPTER_DEFINITION.CREATED_BY, definition.createdBy())
                        .set(
                                ADAPTER_DEFINITION.RISK,
                                definition.manifest().risk().level())
                        .set(
                                ADAPTER_DEFINITION.OWNER_FOLDED,
                                folded(definition.manifest().owner()))
                        .set(ADAPTER_DEFINITION.PRE_RELEASE, VersionRange.preRelease(id.version()))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    Optional<Definition> find(DefinitionId id) {
        return database.asPlatform(sql -> Optional.ofNullable(sql.fetchOne(ADAPTER_DEFINITION, is(id))))
                .map(JooqDefinitions::definition);
    }

    /** Those of these that are there. */
    Map<DefinitionId, Definition> find(Set<DefinitionId> ids) {
        return database.asPlatform(sql -> sql
                .selectFrom(ADAPTER_DEFINITION)
                .where(DSL.row(ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION)
                        .in(ids.stream()
                                .map(id ->
                                        DSL.row(id.name().value(), id.version().value()))
                                .toList()))
                .fetch(JooqDefinitions::definition)
                .stream()
                .collect(Collectors.toMap(Definition::id, Function.identity())));
    }

    private static Condition is(DefinitionId id) {
        return ADAPTER_DEFINITION
                .NAME
                .eq(id.name().value())
                .and(ADAPTER_DEFINITION.VERSION.eq(id.version().value()));
    }

    /** The definition, or {@link AdapterProblem#DEFINITION_UNKNOWN}. */
    Definition require(DefinitionId id) {
        return find(id).orElseThrow(() -> unknown(id));
    }

    static ProblemException unknown(DefinitionId id) {
        return Problem.of(
                        AdapterProblem.DEFINITION_UNKNOWN,
                        "there is no adapter definition " + id,
                        "List the definitions, or install this one first.")
                .asException();
    }

    /** The digests of all definitions. */
    Set<Digest> digests() {
        return database.asPlatform(sql ->
                sql.select(ADAPTER_DEFINITION.DIGEST).from(ADAPTER_DEFINITION).fetch(ADAPTER_DEFINITION.DIGEST).stream()
                        .map(Digest::new)
                        .collect(Collectors.toSet()));
    }

    /** As an owner is looked for: in lower case, and no longer than fits. */
    static String folded(String owner) {
        String folded = owner.toLowerCase(Locale.ROOT);
        return folded.length() <= LONGEST_OWNER ? folded : folded.substring(0, LONGEST_OWNER);
    }

    static Definition definition(AdapterDefinitionRecord row) {
        AdapterManifest manifest = Documents.manifest(row.getManifest().data());
        return new Definition(
                manifest,
                new Digest(row.getDigest()),
                row.getSize(),
                new PublisherName(row.getPublisher()),
                new Digest(row.getKey()),
                row.getCreatedAt().toInstant(),
                row.getCreatedBy(),
                Documents.settings(manifest));
    }
}
