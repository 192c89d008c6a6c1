package io.maestro.rest;

import io.maestro.api.events.Event.Kind;
import io.maestro.api.events.Events;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What happens, live. */
@Path("/events")
public final class EventsResource {
    private final Events events;
    private final Access access;
    private final Offboarding offboarding;
    private final Wire wire;

    EventsResource(Events events, Access access, Offboarding offboarding, Wire wire) {
        this.events = events;
        this.access = access;
        this.offboarding = offboarding;
        this.wire = wire;
    }

    /** Follows events until the caller goes away. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Allows(Action.LIVE_READ)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "Last-Event-ID",
            description = "Go on behind this event; browsers send it by themselves. Counts before the cursor.")
    @Operation(
            operationId = "followEvents",
            summary = "Sends what happens, as far as the caller may see it, until the caller goes away",
            description =
                    "Server-sent events; say Accept: text/event-stream. Each has the id to go on with, its type and a"
                            + " JSON document. Every 15 seconds without one there is a comment. The stream ends with"
                            + " stream.end when the token or session does, or the server stops; who is too slow is cut off.")
    @Answers(String.class)
    public Response follow(
            @BeanParam EventFilter filter,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        // an answer that does not end is not what somebody wants who does not ask for it
        if (request.getAcceptableMediaTypes().stream().noneMatch(MediaType.SERVER_SENT_EVENTS_TYPE::equals)) {
            throw Problem.of(
                            CallerProblem.NOT_ACCEPTABLE,
                            "this answer is a stream that does not end by itself",
                            "Say Accept: text/event-stream, or read GET /api/changes page by page.")
                    .asException();
        }
        Caller caller = Caller.of(request);
        var wanted = filter.of(caller, access);
        Response.ResponseBuilder answer = Response.ok().header("X-Accel-Buffering", "no");
        // by now the framework calls a HEAD a GET
        if (!caller.origin().method().equals("GET")) {
            return answer.build();
        }
        String last = request.getHeaderString("Last-Event-ID");
        Events.Following following = events.follow(
                last == null || last.isEmpty() ? cursor : last,
                caller.principal().id(),
                caller.principal().tenant(),
                wanted);
        return answer.entity(new EventStream(following, caller, request, access, offboarding, wire))
                .build();
    }

    /** The schema of one type of event. */
    @GET
    @Path("schemas/{eventType}")
    @Produces(MediaType.APPLICATION_JSON)
    @Allows(Action.SELF)
    @Operation(operationId = "eventSchema", summary = "Gives the JSON Schema of a type of event")
    @Answers(Json.class)
    public byte[] schema(@PathParam("eventType") String type) throws IOException {
        Kind kind = Arrays.stream(Kind.values())
                .filter(one -> one.text().equals(type))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                CallerProblem.PATH_UNKNOWN,
                                "there is no such type of event",
                                "See the events' reference.")
                        .asException());
        String name = "events/" + kind.text() + ".v" + EventBody.VERSION + ".schema.json";
        try (InputStream in = EventsResource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the bundle was built without " + name);
            }
            return in.readAllBytes();
        }
    }
}
