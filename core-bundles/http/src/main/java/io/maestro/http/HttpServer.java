package io.maestro.http;

import io.maestro.api.node.NodeSettings;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty with our bounds. Owns its threads from {@link #start} to {@link #stop}. */
final class HttpServer {
    private static final int CONNECTIONS = 2_000;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(60);
    private static final long DRAIN_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /**
     * Object keys may hold any character, so encoded separators and percent signs and empty segments pass as they are: they
     * are never decoded before routing. Dot segments stay refused.
     */
    private static final UriCompliance URIS = UriCompliance.DEFAULT.with(
            "object-keys",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS);

    private final Server server;
    private final ServerConnector connector;
    private final String host;

    HttpServer(NodeSettings.Http settings, Handler handler, ProblemErrors errors) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
        server = new Server(threads);
        server.setStopTimeout(DRAIN_MILLIS);
        server.setErrorHandler(errors);

        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        configuration.setUriCompliance(URIS);
        configuration.setRelativeRedirectAllowed(true);

        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(512);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        server.addBean(new SlowHeads(connector));

        GracefulHandler graceful = new GracefulHandler(new EdgeHandler(handler, errors, Set.of(settings.host())));
        server.setHandler(graceful);
        host = settings.host();
    }

    /** Listens; returns when requests are answered. */
    URI start() {
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw new IllegalStateException("the HTTP server cannot start: " + e.getMessage(), e);
        }
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + connector.getLocalPort());
    }

    /** Takes no new requests, gives those running ten seconds, and ends. */
    void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(HttpServer.class.getName())
                    .log(System.Logger.Level.WARNING, "the HTTP server did not stop cleanly", e);
        }
    }
}
