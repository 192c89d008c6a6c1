package io.maestro.http;

import io.maestro.api.http.ProblemAnswers;
import io.maestro.api.http.StaticContent;
import io.maestro.api.node.ListenAddress;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import jakarta.ws.rs.core.Application;
import java.net.URI;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Serves the application under {@code /api/}, and static content beside it, from activation to deactivation. */
@Component(service = ListenAddress.class, immediate = true)
public final class HttpComponent implements ListenAddress {
    private final JerseyHandler handler;
    private final HttpServer server;
    private final URI base;

    /** The server runs with it and without. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable StaticContent content;

    /** Listens; the service is registered when this returns, that is once requests are answered. */
    @Activate
    public HttpComponent(
            @Reference NodeSettings settings,
            @Reference Application application,
            @Reference ProblemAnswers answers,
            @Reference Metrics metrics,
            @Reference Traces traces) {
        handler = new JerseyHandler(application, "/api/", traces);
        server = new HttpServer(
                settings.http(),
                new Handler.Sequence(handler, new StaticHandler(() -> content)),
                new ProblemErrors(answers),
                new RequestCounts(metrics),
                HttpServer.Bounds.USUAL);
        base = server.start();
        URI publicUrl = settings.http().publicUrl();
        handler.knownAs(publicUrl == null ? base : publicUrl);
    }

    /** Drains and ends. */
    @Deactivate
    public void stop() {
        handler.end();
        server.stop();
    }

    @Override
    public URI base() {
        return base;
    }
}
