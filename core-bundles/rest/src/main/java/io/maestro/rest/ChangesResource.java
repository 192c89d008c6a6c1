package io.maestro.rest;

import io.maestro.api.events.Events;
import io.maestro.api.events.Events.Changes;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.model.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened, page by page. */
@Path("/changes")
@Produces(MediaType.APPLICATION_JSON)
public final class ChangesResource {
    private final Events events;
    private final Access access;

    ChangesResource(Events events, Access access) {
        this.events = events;
        this.access = access;
    }

    /** One page of the feed. */
    @GET
    @Allows(Action.LIVE_READ)
    @Operation(
            operationId = "listChanges",
            summary = "Gives what happened since a cursor, oldest first, as far as the caller may see it",
            description =
                    "The events of the last day. Go on with the cursor of each answer; a page may be empty although"
                            + " there is more. A cursor of an event is the id that the stream sends with it, and the other way"
                            + " round.")
    @Answers(ChangesBody.class)
    public ChangesBody changes(
            @BeanParam EventFilter filter,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        Caller caller = Caller.of(request);
        int count = new PageRequest(limit == null ? PageRequest.USUAL : ListBody.number("limit", limit), null).limit();
        EventRights rights = new EventRights(caller.principal());
        Changes page = events.changes(cursor, count, filter.of(caller, access));
        return new ChangesBody(
                page.events().stream()
                        .map(event -> EventBody.of(rights.shown(event)))
                        .toList(),
                page.cursor(),
                page.more());
    }

    /**
     * A page.
     *
     * @param cursor to go on with, also when nothing is there yet
     * @param more whether there is more to look at already
     */
    record ChangesBody(List<EventBody> items, String cursor, boolean more) {}
}
