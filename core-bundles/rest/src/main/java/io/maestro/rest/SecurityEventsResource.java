package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Attempts to overstep. */
@Path("/security-events")
@Produces(MediaType.APPLICATION_JSON)
public final class SecurityEventsResource {
    private static final int LONGEST_PRINCIPAL = 200;

    private final SecurityEvents events;

    SecurityEventsResource(SecurityEvents events) {
        this.events = events;
    }

    /** Lists security events. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listSecurityEvents", summary = "Lists attempts to overstep, newest first")
    @Answers(value = SecurityEventBody.class, list = true)
    public Object list(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("rule") @Nullable String rule,
            @QueryParam("principal") @Nullable String principal,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Filter filter = new Filter(
                tenant == null ? null : new TenantId(tenant),
                rule == null ? null : rule(rule),
                principal == null ? null : principal(principal),
                Query.instant("from", from),
                Query.instant("until", until));
        return ListBody.of(events.events(filter, ListBody.request(limit, cursor)), SecurityEventBody::of);
    }

    private static Rule rule(String text) {
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.text().equals(text))
                .findFirst()
                .orElseThrow(() -> Wire.invalid(
                        "there is no rule of this name",
                        "Use one of "
                                + Arrays.stream(Rule.values()).map(Rule::text).collect(Collectors.joining(", ")) + ".",
                        List.of()));
    }

    private static String principal(String text) {
        if (text.length() > LONGEST_PRINCIPAL || text.indexOf('\0') >= 0) {
            throw Wire.invalid("that is no principal", "Use its id as it stands in an event.", List.of());
        }
        return text;
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
