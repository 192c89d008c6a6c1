package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.telemetry.Metrics;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What this node counts and measures. Its tags name tenants, so it is not for everybody. */
@Path("/metrics")
public final class MetricsResource {
    /** The text format as Prometheus names it. */
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The format of OpenMetrics as it names itself. */
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final int MOST_NAMES = 20;
    private static final Pattern NAME = Pattern.compile("mc_[a-z0-9_]{1,100}");

    private final Metrics metrics;

    MetricsResource(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Writes metrics. */
    @GET
    @Produces({MEDIA_TYPE, OPEN_METRICS})
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "readMetrics",
            summary =
                    "Gives the metrics of the node that answers, in Prometheus' text format, or in OpenMetrics' when that is asked for",
            description =
                    "All of them, or those that metric names, up to 20 times; a name that no metric has is no fault. With"
                            + " sum=true each metric is one series without tags, the sum of all its series.")
    @Answers(String.class)
    public Response read(
            @QueryParam("metric") @Nullable List<String> names,
            @QueryParam("sum") @Nullable String sum,
            @Context HttpHeaders headers) {
        Metrics.Selection selection = new Metrics.Selection(named(names), Query.flag("sum", sum));
        boolean open = headers.getAcceptableMediaTypes().stream()
                .filter(type -> !type.isWildcardType())
                .findFirst()
                .filter(type -> type.getSubtype().equals("openmetrics-text"))
                .isPresent();
        StreamingOutput body = out -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            metrics.write(text, open ? Metrics.Format.OPEN_METRICS : Metrics.Format.PROMETHEUS, selection);
            text.flush();
        };
        return Response.ok(body, open ? OPEN_METRICS : MEDIA_TYPE).build();
    }

    private static Set<String> named(@Nullable List<String> names) {
        if (names == null) {
            return Set.of();
        }
        if (names.size() > MOST_NAMES
                || names.stream().anyMatch(name -> !NAME.matcher(name).matches())) {
            throw Wire.invalid(
                    "the query parameter metric is given more than " + MOST_NAMES + " times, or is no name of a metric",
                    "Give names such as mc_instances, or leave it out for all.",
                    List.of());
        }
        return new HashSet<>(names);
    }
}
