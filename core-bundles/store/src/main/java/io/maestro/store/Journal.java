package io.maestro.store;

import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Fact.Subject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What happened, in an order that all nodes agree on, for those who follow it live. Every {@link Fact} enters it within its
 * act; observations are added by those who make them. It is kept for some days only: the proof of an act is its receipt.
 *
 * <p>The order is that of the transactions' beginnings, and what is read is only what no transaction that is under way could
 * still come before. So a reader who goes on behind the last position misses nothing, however late something was
 * committed. One long transaction that writes holds all readers back meanwhile. Blocks on the database; any thread.
 */
@ProviderType
public interface Journal {
    /** As {@link #add(DSLContext, List)}, of one. */
    default void add(DSLContext sql, Entry entry) {
        add(sql, List.of(entry));
    }

    /**
     * Adds what happened, in this order, to a transaction that writes.
     *
     * @param sql of a note or an act, in whose fence the tenants are
     */
    void add(DSLContext sql, List<Entry> entries);

    /** What was written behind a position, oldest first. */
    List<Recorded> after(Position position, int limit);

    /** Behind everything that {@link #after} shows at this moment. */
    Position end();

    /** Up to where what happened has been dropped: whoever goes on from before has missed something. */
    Position floor();

    /**
     * Drops the oldest, a limited number at once.
     *
     * @return how many were dropped
     */
    int drop(Instant before, int limit);

    /**
     * Something that happened and is nobody's act.
     *
     * @param tenant whose; null for the installation's
     * @param environment where, when it concerns one
     * @param at when
     * @param action what happened, for example {@code instance.observe}
     * @param subject to what
     * @param detail an object; null when there is none
     */
    record Entry(
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Instant at,
            String action,
            Subject subject,
            @Nullable Json detail) {}

    /**
     * Something that happened.
     *
     * @param position its place
     * @param id of the receipt, when it was an act
     * @param actor who did it; null when nobody did
     * @param correlationId of the request; null when nobody did it
     */
    record Recorded(
            Position position,
            UUID id,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Instant at,
            String action,
            @Nullable String actor,
            @Nullable String correlationId,
            String subjectType,
            String subject,
            @Nullable Json detail) {}

    /** A place in the order. */
    record Position(long transaction, long number) implements Comparable<Position> {
        /** Before everything. */
        public static final Position START = new Position(0, 0);

        @Override
        public int compareTo(Position other) {
            int first = Long.compare(transaction, other.transaction);
            return first == 0 ? Long.compare(number, other.number) : first;
        }
    }
}
