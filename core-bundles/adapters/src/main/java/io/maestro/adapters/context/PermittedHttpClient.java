package io.maestro.adapters.context;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Lets one instance talk to its permitted hosts, through the node's one client. */
final class PermittedHttpClient extends HttpClient {
    private final Supplier<HttpClient> shared;
    private final Destinations destinations;
    private final NetworkPermissions permissions;

    PermittedHttpClient(Network network, NetworkPermissions permissions) {
        this.shared = network.client();
        this.destinations = network.destinations();
        this.permissions = permissions;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        ProblemException refusal = refusal(request.uri());
        if (refusal != null) {
            throw refusal;
        }
        return shared.get().send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        ProblemException refusal = refusal(request.uri());
        return refusal == null ? shared.get().sendAsync(request, handler) : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> pushes) {
        // without the pushes: they come from hosts of the server's choice
        return sendAsync(request, handler);
    }

    private @Nullable ProblemException refusal(URI uri) {
        if (!permissions.allow(uri)) {
            return refused(uri);
        }
        String refusal = destinations.refusal(uri.getHost(), NetworkPermissions.port(uri));
        return refusal == null
                ? null
                : Problem.of(
                                AdapterProblem.NETWORK_NOT_PERMITTED,
                                "no instance may talk to " + address(uri) + ": " + refusal,
                                "Configure the address of a service outside this node.")
                        .asException();
    }

    private static String address(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private static ProblemException refused(URI uri) {
        return Problem.of(
                        AdapterProblem.NETWORK_NOT_PERMITTED,
                        "the adapter's manifest does not permit " + address(uri),
                        "Name the host under permissions.network in META-INF/maestro/adapter.yaml, with its port unless"
                                + " it is the usual one.")
                .asException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return shared.get().connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        return shared.get().sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return shared.get().sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return shared.get().version();
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }

    /** Nothing: the client is shared. */
    @Override
    public void close() {}

    /** Nothing: the client is shared. */
    @Override
    public void shutdown() {}

    /** Nothing: the client is shared. */
    @Override
    public void shutdownNow() {}
}
