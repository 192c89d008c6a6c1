package io.maestro.trust;

import static io.maestro.trust.tables.trust.Tables.PUBLISHER;
import static io.maestro.trust.tables.trust.Tables.SIGNING_KEY;

import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Migrations;
import io.maestro.trust.tables.trust.tables.records.SigningKeyRecord;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** Publishers and their keys as rows. */
final class JooqPublishers implements Publishers {
    static final Migrations MIGRATIONS = Migrations.of("trust", JooqPublishers.class, "V001__publishers.sql");

    private static final String LIST = "publishers";
    private static final Field<String> BY_NAME = PUBLISHER.NAME.collate("C");
    private static final int LONGEST_SUBJECT = 1000;
    private static final int LONGEST_REASON = 500;

    private final Database database;
    private final InstantSource clock;

    JooqPublishers(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public PublisherKey trust(PublisherName publisher, String certificate, Actor actor) {
        X509Certificate parsed = Certificates.parse(certificate, clock.instant());
        Digest fingerprint = Certificates.fingerprint(parsed);
        OffsetDateTime now = now();
        return database.actAsPlatform(actor, sql -> {
            sql.insertInto(PUBLISHER)
                    .set(PUBLISHER.NAME, publisher.value())
                    .set(PUBLISHER.CREATED_AT, now)
                    .onConflictDoNothing()
                    .execute();
            int added = sql.insertInto(SIGNING_KEY)
                    .set(SIGNING_KEY.FINGERPRINT, fingerprint.hex())
                    .set(SIGNING_KEY.PUBLISHER, publisher.value())
                    .set(SIGNING_KEY.SUBJECT, subject(parsed))
                    .set(SIGNING_KEY.CERTIFICATE, certificate.strip())
                    .set(SIGNING_KEY.NOT_AFTER, parsed.getNotAfter().toInstant().atOffset(ZoneOffset.UTC))
                    .set(SIGNING_KEY.TRUSTED_AT, now)
                    .onConflictDoNothing()
                    .execute();
            SigningKeyRecord row = row(sql, fingerprint);
            if (added == 0 || row == null) {
                throw exists(fingerprint, row == null ? publisher.value() : row.getPublisher())
                        .asException();
            }
            PublisherKey trusted = key(row);
            return Act.done(trusted, Fact.made("publisher-key.trust", subject(fingerprint), json(trusted)));
        });
    }

    @Override
    public PublisherKey revoke(PublisherName publisher, Digest key, String reason, Actor actor) {
        String kept = reason.strip();
        if (kept.isEmpty() || kept.length() > LONGEST_REASON || kept.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the reason is empty, longer than " + LONGEST_REASON
                                    + " characters or has control characters",
                            "Say in one sentence why the key is revoked.")
                    .asException();
        }
        return database.actAsPlatform(actor, sql -> {
            // the first revocation stands; revoking again changes nothing
            SigningKeyRecord before = row(sql, key);
            int revoked = sql.update(SIGNING_KEY)
                    .set(SIGNING_KEY.REVOKED_AT, now())
                    .set(SIGNING_KEY.REVOKED_REASON, kept)
                    .where(SIGNING_KEY.FINGERPRINT.eq(key.hex()))
                    .and(SIGNING_KEY.PUBLISHER.eq(publisher.value()))
                    .and(SIGNING_KEY.REVOKED_AT.isNull())
                    .execute();
            SigningKeyRecord row = row(sql, key);
            if (row == null || !row.getPublisher().equals(publisher.value())) {
                throw Problem.of(
                                TrustProblem.KEY_UNKNOWN,
                                "publisher " + publisher + " has no key " + key,
                                "List the publishers to see their keys: maestro publisher list.")
                        .asException();
            }
            PublisherKey now = key(row);
            return revoked == 0 || before == null
                    ? Act.unchanged(now)
                    : Act.done(now, Fact.changed("publisher-key.revoke", subject(key), json(key(before)), json(now)));
        });
    }

    @Override
    public Page<Publisher> publishers(PageRequest page) {
        String after = Cursor.of(LIST, 1, page).map(cursor -> cursor.text(0)).orElse("");
        return database.asPlatform(sql -> {
            List<String> found = sql.select(PUBLISHER.NAME)
                    .from(PUBLISHER)
                    .where(BY_NAME.gt(after))
                    .orderBy(BY_NAME)
                    .limit(page.limit() + 1)
                    .fetch(PUBLISHER.NAME);
            Page<String> names = Cursor.page(page, found, name -> Cursor.at(LIST, name));
            Map<String, List<PublisherKey>> keys = sql
                    .selectFrom(SIGNING_KEY)
                    .where(SIGNING_KEY.PUBLISHER.in(names.items()))
                    .orderBy(SIGNING_KEY.TRUSTED_AT, SIGNING_KEY.FINGERPRINT)
                    .fetch()
                    .stream()
                    .map(JooqPublishers::key)
                    .collect(Collectors.groupingBy(key -> key.publisher().value()));
            return names.map(name -> new Publisher(new PublisherName(name), keys.getOrDefault(name, List.of())));
        });
    }

    @Override
    public @Nullable PublisherKey key(Digest fingerprint) {
        return database.<@Nullable PublisherKey>asPlatform(sql -> {
            SigningKeyRecord row = row(sql, fingerprint);
            return row == null ? null : key(row);
        });
    }

    private static @Nullable SigningKeyRecord row(DSLContext sql, Digest fingerprint) {
        return sql.selectFrom(SIGNING_KEY)
                .where(SIGNING_KEY.FINGERPRINT.eq(fingerprint.hex()))
                .fetchOne();
    }

    private static PublisherKey key(SigningKeyRecord row) {
        return new PublisherKey(
                new PublisherName(row.getPublisher()),
                new Digest(row.getFingerprint()),
                row.getSubject(),
                row.getNotAfter().toInstant(),
                row.getTrustedAt().toInstant(),
                instant(row.getRevokedAt()),
                row.getRevokedReason());
    }

    private static Subject subject(Digest fingerprint) {
        return Subject.of("publisher-key", fingerprint);
    }

    private static Json json(PublisherKey key) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("publisher", key.publisher());
        members.put("subject", key.subject());
        members.put("notAfter", key.notAfter());
        members.put("revokedAt", key.revokedAt());
        members.put("revokedReason", key.revokedReason());
        return Json.object(members);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static Problem exists(Digest fingerprint, String owner) {
        return Problem.of(
                TrustProblem.KEY_EXISTS,
                "the key " + fingerprint + " is known already, of publisher " + owner,
                "A key belongs to one publisher for ever. Make a new one: maestro publisher create-key.");
    }

    private static String subject(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return subject.length() <= LONGEST_SUBJECT ? subject : subject.substring(0, LONGEST_SUBJECT);
    }

    /** PostgreSQL keeps microseconds. */
    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
