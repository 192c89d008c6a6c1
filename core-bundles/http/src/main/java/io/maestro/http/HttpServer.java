package io.maestro.http;

import io.maestro.api.node.NodeSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
    private static final int HEADER_BYTES = 16 * 1024;

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

    /**
     * What a peer may take.
     *
     * @param connections how many at most; more wait to be accepted
     * @param idle how long a connection may be silent
     * @param crowded the same once all connections are taken
     * @param head how long the head of a request may take to arrive
     * @param drain how long requests under way may take once the server stops
     */
    record Bounds(int connections, Duration idle, Duration crowded, Duration head, Duration drain) {
        static final Bounds USUAL = new Bounds(
                2_000, Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10));
    }

    HttpServer(NodeSettings.Http settings, Handler handler, ProblemErrors errors, RequestCounts counts, Bounds bounds) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
        server = new Server(threads);
        server.setStopTimeout(bounds.drain().toMillis());
        server.setErrorHandler(errors);
        server.setRequestLog(counts);

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
        connector.setIdleTimeout(bounds.idle().toMillis());
        connector.setAcceptQueueSize(512);
        server.addConnector(connector);
        NetworkConnectionLimit limit = new NetworkConnectionLimit(bounds.connections(), connector);
        limit.setEndPointIdleTimeout(bounds.crowded().toMillis());
        server.addBean(limit);
        server.addBean(new SlowHeads(connector, bounds.head()));

        GracefulHandler graceful = new GracefulHandler(new EdgeHandler(handler, errors, hosts(settings)));
        server.setHandler(graceful);
        host = settings.host();
    }

    /** By which names we are asked for. */
    private static Set<String> hosts(NodeSettings.Http settings) {
        URI publicUrl = settings.publicUrl();
        return publicUrl == null ? Set.of(settings.host()) : Set.copyOf(List.of(settings.host(), publicUrl.getHost()));
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
