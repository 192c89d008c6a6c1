package io.maestro.http;

import io.maestro.api.http.RequestProperty;
import io.maestro.api.telemetry.Traces;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.RuntimeDelegate;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.internal.RuntimeDelegateImpl;
import org.glassfish.jersey.uri.UriTemplate;
import org.jspecify.annotations.Nullable;

/** Hands requests to the JAX-RS application on the calling thread and streams both bodies. */
final class JerseyHandler extends Handler.Abstract {
    private static final String HERE = "http://localhost";
    private static final SecurityContext NOBODY = new Nobody();

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger PROVIDERS_LOG = Logger.getLogger("org.glassfish.jersey.internal.inject.Providers");

    private final ApplicationHandler jersey;
    private final String prefix;
    private final URI base;
    private final Traces traces;
    private volatile URI known;
    private volatile boolean stopping;

    /**
     * Builds Jersey's model of the application.
     *
     * @param prefix where the application lives, with slashes on both ends
     * @param traces told of each request to the application
     */
    JerseyHandler(Application application, String prefix, Traces traces) {
        // the API's own search for its implementation depends on the class loader of the thread
        RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
        this.prefix = prefix;
        this.traces = traces;
        this.base = URI.create(HERE + prefix);
        this.known = URI.create(HERE);
        // it takes each resource that is given as an instance for a provider, and warns
        PROVIDERS_LOG.setLevel(Level.SEVERE);
        this.jersey = new ApplicationHandler(ResourceConfig.forApplication(application)
                .addProperties(Map.of(
                        CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true,
                        CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true,
                        CommonProperties.PROVIDER_DEFAULT_DISABLE, "DOM,RENDEREDIMAGE,SAX,SOURCE,DATASOURCE",
                        CommonProperties.ALLOW_SYSTEM_PROPERTIES_PROVIDER, false,
                        ServerProperties.WADL_FEATURE_DISABLE, true,
                        ServerProperties.BV_FEATURE_DISABLE, true,
                        ServerProperties.JSON_PROCESSING_FEATURE_DISABLE, true,
                        ServerProperties.MONITORING_ENABLED, false,
                        ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true)));
    }

    /** Tells the application our address as browsers know it, which is certain only once the port is. */
    void knownAs(URI address) {
        known = address;
    }

    /** Asks answers that last to end. */
    void end() {
        stopping = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpURI uri = request.getHttpURI();
        if (!uri.getPath().startsWith(prefix)) {
            return false;
        }
        RequestProperties properties = new RequestProperties(request);
        properties.setProperty(RequestProperty.BASE, known);
        properties.setProperty(RequestProperty.STOPPING, (BooleanSupplier) () -> stopping);
        JerseyResponse answer = new JerseyResponse(request, response, properties);
        try {
            ContainerRequest jerseyRequest = new ContainerRequest(
                    base, requested(uri), request.getMethod(), NOBODY, properties, jersey.getConfiguration());
            for (HttpField field : request.getHeaders()) {
                jerseyRequest.getHeaders().add(field.getName(), field.getValue());
            }
            jerseyRequest.setEntityStream(PacedInput.of(request));
            jerseyRequest.setWriter(answer);
            traced(request, jerseyRequest, response);
        } catch (URISyntaxException e) {
            Response.writeError(request, response, callback, 400, "the address is not a valid URI");
            return true;
        }
        answer.finish(callback);
        return true;
    }

    /** The whole of it happens on this thread, so that what it leads to is found below it. */
    private void traced(Request request, ContainerRequest jerseyRequest, Response response) {
        if (!traces.isOn()) {
            jersey.handle(jerseyRequest);
            return;
        }
        String method = HttpMethod.fromString(request.getMethod()) == null ? "HTTP" : request.getMethod();
        Traces.Origin origin = new Traces.Origin(
                request.getHeaders().get(EdgeHandler.TRACE_HEADER),
                String.valueOf(request.getAttribute(RequestProperty.CORRELATION_ID)));
        traces.<Boolean, RuntimeException>request(method, origin, span -> {
            jersey.handle(jerseyRequest);
            String route = route(jerseyRequest);
            span.rename(method + " " + route);
            span.tag("http.request.method", method);
            span.tag("http.route", route);
            MultivaluedMap<String, String> path = jerseyRequest.getUriInfo().getPathParameters();
            span.tag("maestro.tenant", name(path.getFirst("tenant"), TenantId::new));
            span.tag("maestro.environment", name(path.getFirst("environment"), Environment::new));
            span.tag("maestro.instance", name(path.getFirst("instance"), InstanceId::new));
            span.tag("http.response.status_code", response.getStatus());
            if (response.getStatus() >= 500) {
                span.failed(Integer.toString(response.getStatus()));
            }
            return true;
        });
    }

    /** The text if it can be such a name; what a caller writes there otherwise goes nowhere. */
    private static @Nullable String name(@Nullable String text, Function<String, ?> type) {
        try {
            return text == null ? null : type.apply(text).toString();
        } catch (ProblemException e) {
            return null;
        }
    }

    /** The path as it is declared: names of tenants are not in it. */
    private String route(ContainerRequest request) {
        StringBuilder route = new StringBuilder();
        for (UriTemplate template : request.getUriInfo().getMatchedTemplates()) {
            route.insert(0, template.getTemplate());
        }
        return route.isEmpty() ? prefix : route.insert(0, prefix).toString().replace("//", "/");
    }

    /** The host is left out on purpose: nothing that we answer may depend on what a caller calls us. */
    private static URI requested(HttpURI uri) throws URISyntaxException {
        return new URI(HERE + uri.getPathQuery());
    }

    /** The application authenticates by itself. */
    private static final class Nobody implements SecurityContext {
        @Override
        public @Nullable Principal getUserPrincipal() {
            return null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public @Nullable String getAuthenticationScheme() {
            return null;
        }
    }
}
