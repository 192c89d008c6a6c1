package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.telemetry.Metrics;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** What this node counts and measures. Its tags name tenants, so it is not for everybody. */
@Path("/metrics")
public final class MetricsResource {
    /** The text format as Prometheus names it. */
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The format of OpenMetrics as it names itself. */
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final Metrics metrics;

    MetricsResource(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Writes all metrics. */
    @GET
    @Produces({MEDIA_TYPE, OPEN_METRICS})
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "readMetrics",
            summary =
                    "Gives the metrics of the node that answers, in Prometheus' text format, or in OpenMetrics' when that is asked for")
    @Answers(String.class)
    public Response read(@Context HttpHeaders headers) {
        boolean open = headers.getAcceptableMediaTypes().stream()
                .filter(type -> !type.isWildcardType())
                .findFirst()
                .filter(type -> type.getSubtype().equals("openmetrics-text"))
                .isPresent();
        StreamingOutput body = out -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            metrics.write(text, open ? Metrics.Format.OPEN_METRICS : Metrics.Format.PROMETHEUS);
            text.flush();
        };
        return Response.ok(body, open ? OPEN_METRICS : MEDIA_TYPE).build();
    }
}
