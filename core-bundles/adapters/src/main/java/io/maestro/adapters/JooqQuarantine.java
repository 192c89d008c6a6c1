package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.QUARANTINED_ARTIFACT;

import io.maestro.adapters.tables.adapters.tables.records.QuarantinedArtifactRecord;
import io.maestro.api.adapters.Definitions.Quarantined;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.Condition;
import org.jooq.JSON;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Refused artifacts as rows; the newest {@value #KEPT} are kept. */
final class JooqQuarantine {
    private static final int KEPT = 1_000;
    private static final String LIST = "quarantine";

    private final Database database;
    private final InstantSource clock;

    JooqQuarantine(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Writes a refusal down, in place of an earlier one of the same bytes by the same way, and forgets the oldest. */
    void add(
            Problem problem,
            @Nullable Digest digest,
            long size,
            @Nullable String name,
            @Nullable String version,
            String source,
            String actor) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        database.noteAsPlatform(sql -> {
            if (digest != null) {
                // a file that stays in the drop folder is refused again at each start: one line, and not a longer list
                sql.deleteFrom(QUARANTINED_ARTIFACT)
                        .where(QUARANTINED_ARTIFACT.DIGEST.eq(digest.hex()))
                        .and(QUARANTINED_ARTIFACT.SOURCE.eq(bounded(source, 300)))
                        .execute();
            }
            Long id = sql.insertInto(QUARANTINED_ARTIFACT)
                    .set(QUARANTINED_ARTIFACT.DIGEST, digest == null ? null : digest.hex())
                    .set(QUARANTINED_ARTIFACT.SIZE, size)
                    .set(QUARANTINED_ARTIFACT.NAME, bounded(name, 200))
                    .set(QUARANTINED_ARTIFACT.VERSION, bounded(version, 200))
                    .set(QUARANTINED_ARTIFACT.SOURCE, bounded(source, 300))
                    .set(QUARANTINED_ARTIFACT.ACTOR, bounded(actor, 200))
                    .set(QUARANTINED_ARTIFACT.PROBLEM, JSON.valueOf(Documents.text(problem)))
                    .set(QUARANTINED_ARTIFACT.REFUSED_AT, now)
                    .returningResult(QUARANTINED_ARTIFACT.ID)
                    .fetchSingle()
                    .value1();
            return sql.deleteFrom(QUARANTINED_ARTIFACT)
                    .where(QUARANTINED_ARTIFACT.ID.le(id - KEPT))
                    .execute();
        });
    }

    Page<Quarantined> page(PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> QUARANTINED_ARTIFACT.ID.lt(after.number(0)))
                .orElseGet(DSL::noCondition);
        List<Quarantined> found = database.asPlatform(sql -> sql.selectFrom(QUARANTINED_ARTIFACT)
                .where(start)
                .orderBy(QUARANTINED_ARTIFACT.ID.desc())
                .limit(page.limit() + 1)
                .fetch(JooqQuarantine::quarantined));
        return Cursor.page(page, found, last -> Cursor.at(LIST, last.id()));
    }

    private static Quarantined quarantined(QuarantinedArtifactRecord row) {
        String digest = row.getDigest();
        return new Quarantined(
                row.getId(),
                digest == null ? null : new Digest(digest),
                row.getSize(),
                row.getName(),
                row.getVersion(),
                row.getSource(),
                row.getActor(),
                Documents.problem(row.getProblem().data()),
                row.getRefusedAt().toInstant());
    }

    private static @Nullable String bounded(@Nullable String text, int longest) {
        if (text == null) {
            return null;
        }
        String clean = Documents.storable(text);
        return clean.length() <= longest ? clean : Documents.storable(clean.substring(0, longest - 1)) + "…";
    }
}
