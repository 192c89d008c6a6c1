package io.maestro.rest;

import io.maestro.api.adapters.Definitions;
import io.maestro.api.identity.Action;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Refused artifacts. */
@Path("/quarantine")
@Produces(MediaType.APPLICATION_JSON)
public final class QuarantineResource {
    private final Definitions definitions;

    QuarantineResource(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Lists refused artifacts. */
    @GET
    @Allows(Action.QUARANTINE_READ)
    @Operation(operationId = "listQuarantine", summary = "Lists refused artifacts with cause and fix, newest first")
    @Answers(value = QuarantinedBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(definitions.quarantine(ListBody.request(limit, cursor)), QuarantinedBody::of);
    }

    record QuarantinedBody(
            long id,
            @Nullable String digest,
            long size,
            @Nullable String name,
            @Nullable String version,
            String source,
            String actor,
            ProblemBody problem,
            Instant refusedAt) {
        static QuarantinedBody of(Definitions.Quarantined refused) {
            return new QuarantinedBody(
                    refused.id(),
                    refused.digest() == null ? null : refused.digest().toString(),
                    refused.size(),
                    refused.name(),
                    refused.version(),
                    refused.source(),
                    refused.actor(),
                    ProblemBody.of(refused.problem(), null, null),
                    refused.refusedAt());
        }
    }
}
