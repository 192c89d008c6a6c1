package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_NAME;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_TYPE;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.tables.adapters.tables.records.AdapterDefinitionRecord;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Definitions as rows. They belong to the installation and never change. */
final class JooqDefinitions {
    static final Migrations MIGRATIONS =
            Migrations.of("adapters", JooqDefinitions.class, "V001__adapters.sql", "V002__owners_of_names.sql");

    private static final String LIST = "definitions";

    private final Database database;

    JooqDefinitions(Database database) {
        this.database = database;
    }

    /** Writes down the types that this release knows. */
    void types(List<AdapterType<?>> types) {
        database.asPlatform(sql -> {
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
        NAME_TAKEN
    }

    /** Inserts the row, which is what makes an artifact a definition; the first of a name makes the name its publisher's. */
    Inserted insert(Definition definition) {
        return database.asPlatform(sql -> {
            String name = definition.id().name().value();
            String publisher = definition.publisher().value();
            // waits for whoever claims the name at the same time
            sql.insertInto(ADAPTER_NAME)
                    .set(ADAPTER_NAME.NAME, name)
                    .set(ADAPTER_NAME.PUBLISHER, publisher)
                    .onConflictDoNothing()
                    .execute();
            if (!owner(sql, name).equals(Optional.of(publisher))) {
                return Inserted.NAME_TAKEN;
            }
            return insert(sql, definition) ? Inserted.DONE : Inserted.VERSION_TAKEN;
        });
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
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    Optional<Definition> find(DefinitionId id) {
        return database.asPlatform(sql -> Optional.ofNullable(sql.fetchOne(
                        ADAPTER_DEFINITION,
                        ADAPTER_DEFINITION
                                .NAME
                                .eq(id.name().value())
                                .and(ADAPTER_DEFINITION.VERSION.eq(id.version().value())))))
                .map(JooqDefinitions::definition);
    }

    /** The definition, or {@link AdapterProblem#DEFINITION_UNKNOWN}. */
    Definition require(DefinitionId id) {
        return find(id).orElseThrow(() -> Problem.of(
                        AdapterProblem.DEFINITION_UNKNOWN,
                        "there is no adapter definition " + id,
                        "List the definitions, or install this one first.")
                .asException());
    }

    Page<Definition> page(@Nullable AdapterName name, PageRequest page) {
        Condition wanted = name == null ? DSL.noCondition() : ADAPTER_DEFINITION.NAME.eq(name.value());
        Condition start = Cursor.of(LIST, 2, page)
                .<Condition>map(after -> DSL.row(ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION_ORDER)
                        .gt(after.text(0), after.text(1)))
                .orElseGet(DSL::noCondition);
        List<Definition> found = database.asPlatform(sql -> sql.selectFrom(ADAPTER_DEFINITION)
                .where(wanted.and(start))
                .orderBy(ADAPTER_DEFINITION.NAME, ADAPTER_DEFINITION.VERSION_ORDER)
                .limit(page.limit() + 1)
                .fetch(JooqDefinitions::definition));
        return Cursor.page(
                page,
                found,
                last -> Cursor.at(
                        LIST, last.id().name(), VersionOrder.of(last.id().version())));
    }

    /** The digests of all definitions. */
    Set<Digest> digests() {
        return database.asPlatform(sql ->
                sql.select(ADAPTER_DEFINITION.DIGEST).from(ADAPTER_DEFINITION).fetch(ADAPTER_DEFINITION.DIGEST).stream()
                        .map(Digest::new)
                        .collect(Collectors.toSet()));
    }

    private static Definition definition(AdapterDefinitionRecord row) {
        return new Definition(
                Documents.manifest(row.getManifest().data()),
                new Digest(row.getDigest()),
                row.getSize(),
                new PublisherName(row.getPublisher()),
                new Digest(row.getKey()),
                row.getCreatedAt().toInstant(),
                row.getCreatedBy());
    }
}
