package io.maestro.api.events;

import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param cursor its place among all events; who goes on behind it misses nothing
 * @param kind of what kind it is
 * @param id of its own, and that of its receipt when it is an act
 * @param tenant whose; null for the installation's
 * @param environment where, when it concerns one
 * @param at when, by the clock of the node that saw it
 * @param action what happened, for example {@code instance.create}
 * @param actor who did it; null when nobody did, or when the reader may not know
 * @param correlationId of the request that did it; null likewise
 * @param subjectType what it happened to, by kind
 * @param subject the same by name
 * @param detail an object whose members depend on the kind; null when there is none
 */
public record Event(
        String cursor,
        Kind kind,
        UUID id,
        @Nullable TenantId tenant,
        @Nullable Environment environment,
        Instant at,
        String action,
        @Nullable String actor,
        @Nullable String correlationId,
        String subjectType,
        String subject,
        @Nullable Json detail) {
    /** The same for those who may not know who did it. */
    public Event withoutActor() {
        return new Event(cursor, kind, id, tenant, environment, at, action, null, null, subjectType, subject, detail);
    }

    /** The kinds of events; each has a schema of its own. */
    public enum Kind {
        /** Somebody, or the server itself, changed something. */
        ACT_DONE("act.done"),
        /** A node sees an instance in another state than before. */
        INSTANCE_OBSERVED("instance.observed"),
        /** An act waits for a second person. */
        APPROVAL_PENDING("approval.pending"),
        /** A second person approved or rejected an act. */
        APPROVAL_DECIDED("approval.decided"),
        /** A rule of an alert has held for long enough. */
        ALERT_RAISED("alert.raised"),
        /** An alert is over. */
        ALERT_CLEARED("alert.cleared");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As it stands in events. */
        public String text() {
            return text;
        }
    }
}
