package io.maestro.http;

import io.maestro.api.http.ProblemAnswers;
import io.maestro.api.node.ListenAddress;
import io.maestro.api.node.NodeSettings;
import jakarta.ws.rs.core.Application;
import java.net.URI;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Serves the application under {@code /api/} from activation to deactivation. */
@Component(service = ListenAddress.class, immediate = true)
public final class HttpComponent implements ListenAddress {
    private final HttpServer server;
    private final URI base;

    /** Listens; the service is registered when this returns, that is once requests are answered. */
    @Activate
    public HttpComponent(
            @Reference NodeSettings settings, @Reference Application application, @Reference ProblemAnswers answers) {
        server = new HttpServer(
                settings.http(),
                new JerseyHandler(application, "/api/"),
                new ProblemErrors(answers),
                HttpServer.Bounds.USUAL);
        base = server.start();
    }

    /** Drains and ends. */
    @Deactivate
    public void stop() {
        server.stop();
    }

    @Override
    public URI base() {
        return base;
    }
}
