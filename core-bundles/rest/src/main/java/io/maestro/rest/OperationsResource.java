package io.maestro.rest;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations of an instance, called by name with JSON. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/operations")
@Produces(MediaType.APPLICATION_JSON)
public final class OperationsResource {
    private static final byte[] NO_INPUT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_SECONDS = 300;

    private final Calls calls;

    OperationsResource(Calls calls) {
        this.calls = calls;
    }

    /** Calls the operation; the bytes pass as they are, the host checks them. */
    @POST
    @Path("{operation}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_CALL)
    @AsksWithin(EntryPoint.ADAPTER_CALL)
    @Parameter(in = ParameterIn.HEADER, name = "Idempotency-Key", description = "Names the act; handed to the adapter.")
    @Operation(
            operationId = "callOperation",
            summary = "Calls an operation of an instance",
            description = "Input and output are those of the adapter type's contract. Content of an upload or download"
                    + " travels as contentBase64, up to 1 MiB. An Idempotency-Key is handed to the adapter.")
    @Answers(Json.class)
    public byte[] call(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @PathParam("operation") String operation,
            @QueryParam("timeoutSeconds") @Nullable String timeoutSeconds,
            InputStream body,
            @Context ContainerRequestContext request)
            throws IOException {
        byte[] input = Wire.bounded(body);
        return calls.call(
                Scope.of(tenant, environment),
                new InstanceId(instance),
                new OperationName(operation),
                input.length == 0 ? NO_INPUT : input,
                options(request, timeoutSeconds == null ? null : deadline(timeoutSeconds)));
    }

    /** What comes along with a call that this request makes. */
    static CallOptions options(ContainerRequestContext request, @Nullable Duration deadline) {
        return new CallOptions(Caller.actor(request), Idempotency.key(request), deadline);
    }

    private static Duration deadline(String timeoutSeconds) {
        int seconds = ListBody.number("timeoutSeconds", timeoutSeconds);
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw Wire.invalid(
                    "timeoutSeconds is " + seconds, "Give the call 1 to " + LONGEST_SECONDS + " seconds.", List.of());
        }
        return Duration.ofSeconds(seconds);
    }
}
