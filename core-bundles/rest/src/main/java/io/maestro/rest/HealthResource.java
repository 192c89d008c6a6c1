package io.maestro.rest;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the node lives and whether it can work. */
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
    private final Readiness readiness;

    HealthResource(Readiness readiness) {
        this.readiness = readiness;
    }

    /** Up as long as requests are answered. */
    @GET
    @Path("live")
    @Open
    @Operation(operationId = "live", summary = "Tells whether the node answers")
    public Liveness live() {
        return new Liveness("up");
    }

    /** 200 when every check passes, else 503. */
    @GET
    @Path("ready")
    @Open
    @Operation(operationId = "ready", summary = "Tells whether the node can work, check by check; 503 when it cannot")
    @Answers(value = ReadinessBody.class, also = 503)
    public Response ready() {
        List<Check> checks = readiness.checks();
        boolean up = checks.stream().allMatch(check -> check.status().equals("up"));
        return Response.status(up ? 200 : 503)
                .entity(new ReadinessBody(up ? "up" : "down", checks))
                .build();
    }

    record Liveness(String status) {}

    record ReadinessBody(String status, List<Check> checks) {}

    record Check(String name, String status, @Nullable String reason) {}
}
