package io.maestro.http;

import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Metrics.Counter;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Counts answers by method and status, those included that Jetty gives by itself. A counter is asked for once and kept. */
final class RequestCounts implements RequestLog {
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
    private static final int STATUSES = 600;

    private final Metrics metrics;

    // read and written plainly: threads that race are given the same counter
    private final AtomicReferenceArray<@Nullable Counter> counters =
            new AtomicReferenceArray<>((METHODS.size() + 1) * STATUSES);

    RequestCounts(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void log(Request request, Response response) {
        // a method is whatever the peer calls it
        int method = METHODS.indexOf(request.getMethod());
        int status = response.getStatus() >= 100 && response.getStatus() < STATUSES ? response.getStatus() : 0;
        int place = (method + 1) * STATUSES + status;
        Counter present = counters.getPlain(place);
        if (present == null) {
            present = metrics.counter(
                    "mc_http_requests_total",
                    "Requests that were answered, or given up.",
                    "method",
                    method < 0 ? Metrics.OTHER : METHODS.get(method),
                    "status",
                    status == 0 ? "none" : Integer.toString(status));
            counters.setPlain(place, present);
        }
        present.add(1);
    }
}
