package io.maestro.rest;

import io.maestro.api.events.Event;
import io.maestro.model.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it crosses the wire, on the stream and in the feed. Each type has a schema, by this version.
 *
 * @param cursor go on behind it to miss nothing
 * @param id of the receipt, when it is an act
 */
record EventBody(
        String cursor,
        String type,
        int version,
        String id,
        Instant at,
        @Nullable String tenant,
        @Nullable String environment,
        String action,
        Subject subject,
        @Nullable String actor,
        @Nullable String correlationId,
        Json detail) {
    /** Goes up when a member goes or changes its meaning. */
    static final int VERSION = 1;

    /** What it happened to. */
    record Subject(String type, String name) {}

    static EventBody of(Event event) {
        return new EventBody(
                event.cursor(),
                event.kind().text(),
                VERSION,
                event.id().toString(),
                event.at(),
                event.tenant() == null ? null : event.tenant().value(),
                event.environment() == null ? null : event.environment().value(),
                event.action(),
                new Subject(event.subjectType(), event.subject()),
                event.actor(),
                event.correlationId(),
                event.detail() == null ? Json.EMPTY_OBJECT : event.detail());
    }
}
