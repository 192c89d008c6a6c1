package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.SecurityEvents;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Attempts to overstep. */
@Path("/security-events")
@Produces(MediaType.APPLICATION_JSON)
public final class SecurityEventsResource {
    private final SecurityEvents events;

    SecurityEventsResource(SecurityEvents events) {
        this.events = events;
    }

    /** Lists security events. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listSecurityEvents", summary = "Lists attempts to overstep, newest first")
    @Answers(value = SecurityEventBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(events.events(ListBody.request(limit, cursor)), SecurityEventBody::of);
    }

    record SecurityEventBody(
            long id,
            Instant at,
            String rule,
            @Nullable String principal,
            @Nullable String tenant,
            @Nullable String environment,
            String address,
            String method,
            String resource,
            String correlationId) {
        static SecurityEventBody of(SecurityEvents.SecurityEvent event) {
            return new SecurityEventBody(
                    event.id(),
                    event.at(),
                    event.rule(),
                    event.principal(),
                    event.tenant(),
                    event.environment(),
                    event.address(),
                    event.method(),
                    event.resource(),
                    event.correlationId());
        }
    }
}
