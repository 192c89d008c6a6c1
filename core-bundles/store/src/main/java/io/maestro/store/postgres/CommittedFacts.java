package io.maestro.store.postgres;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Writes facts, the journal's copy of them included, and commits, which every act does and waits for: one statement that is
 * always the same, so that neither side reads it twice, and in the round trip that a commit takes anyway. By JDBC, for jOOQ would render it anew each time.
 */
final class CommittedFacts {
    private static final String INSERT = "with fact as (insert into store.fact (id, tenant_id, environment, actor,"
            + " correlation_id, occurred_at, action, subject_type, subject, subject_digest, state_before, state_after,"
            + " decision) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " returning id, tenant_id, environment, actor, correlation_id, occurred_at, action, subject_type, subject)"
            + " insert into store.event"
            + " (id, tenant_id, environment, actor, correlation_id, occurred_at, action, subject_type, subject)"
            + " select id, tenant_id, environment, actor, correlation_id, occurred_at, action, subject_type, subject"
            + " from fact";

    /** The driver sends both before it waits; when the first fails, PostgreSQL skips the second. */
    private static final String INSERT_AND_COMMIT = INSERT + "; commit";

    private CommittedFacts() {}

    /** Writes at least one fact as the last of a transaction, and commits it. */
    static void commit(Connection connection, @Nullable TenantId tenant, Actor actor, Instant now, List<Fact> facts)
            throws SQLException {
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        try {
            if (facts.size() > 1) {
                try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                    for (Fact fact : facts.subList(0, facts.size() - 1)) {
                        bind(insert, tenant, actor, at, fact);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(INSERT_AND_COMMIT)) {
                bind(insert, tenant, actor, at, facts.getLast());
                insert.execute();
            }
        } catch (SQLException e) {
            if (DatabaseFailure.passes(e)) {
                throw e;
            }
            throw new DataAccessException("the facts of the act cannot be written", e);
        }
        // for those who keep account of the connection; there is nothing left to commit, and nothing is sent
        connection.commit();
    }

    private static void bind(
            PreparedStatement insert, @Nullable TenantId tenant, Actor actor, OffsetDateTime at, Fact fact)
            throws SQLException {
        Subject subject = fact.subject();
        insert.setObject(1, UUID.randomUUID());
        text(insert, 2, tenant);
        text(insert, 3, fact.environment());
        insert.setString(4, actor.id());
        insert.setString(5, actor.correlationId());
        insert.setObject(6, at);
        insert.setString(7, fact.action());
        insert.setString(8, subject.type());
        insert.setString(9, subject.name());
        text(insert, 10, subject.digest() == null ? null : subject.digest().hex());
        text(insert, 11, fact.before());
        text(insert, 12, fact.after());
        text(insert, 13, fact.decision() == null ? actor.decision() : fact.decision());
    }

    private static void text(PreparedStatement insert, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            insert.setNull(index, Types.VARCHAR);
        } else {
            insert.setString(index, value.toString());
        }
    }
}
