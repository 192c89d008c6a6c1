package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.Events;
import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.TenantId;
import io.maestro.store.Facts;
import io.maestro.store.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers events. */
@Component
public final class EventsComponent implements Events {
    private final LiveEvents events;

    @Activate
    public EventsComponent(
            @Reference Journal journal, @Reference Facts facts, @Reference Metrics metrics, @Reference Values values) {
        this.events = new LiveEvents(
                journal,
                facts,
                InstantSource.system(),
                LiveEvents.Pace.USUAL.keeping(Duration.ofHours(values.number(Setting.EVENTS_RETENTION_HOURS))),
                Hub.Bounds.USUAL.serving(
                        values.number(Setting.EVENTS_STREAMS), values.number(Setting.EVENTS_STREAMS_EACH)),
                metrics);
        events.start();
    }

    @Deactivate
    void close() {
        events.close();
    }

    @Override
    public Changes changes(@Nullable String cursor, int limit, Predicate<Event> wanted) {
        return events.changes(cursor, limit, wanted);
    }

    @Override
    public Following follow(
            @Nullable String cursor, String follower, @Nullable TenantId tenant, Predicate<Event> wanted) {
        return events.follow(cursor, follower, tenant, wanted);
    }
}
