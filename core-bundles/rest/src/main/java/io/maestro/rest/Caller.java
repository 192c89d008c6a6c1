package io.maestro.rest;

import io.maestro.api.http.RequestProperty;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, and from where; set once {@link Authentication} has let it pass.
 *
 * @param principal who
 * @param origin from where and to where
 */
record Caller(Principal principal, Origin origin) {
    private static final String PROPERTY = "io.maestro.rest.caller";

    /** The caller of an authenticated request. */
    static Caller of(ContainerRequestContext request) {
        if (request.getProperty(PROPERTY) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("the request was not authenticated");
    }

    /** Where any request comes from. */
    static Origin origin(ContainerRequestContext request) {
        return new Origin(
                text(request.getProperty(RequestProperty.PEER)),
                request.getMethod(),
                request.getUriInfo().getRequestUri().getRawPath(),
                correlationId(request));
    }

    /** The correlation id of any request. */
    static String correlationId(ContainerRequestContext request) {
        return text(request.getProperty(RequestProperty.CORRELATION_ID));
    }

    void attach(ContainerRequestContext request) {
        request.setProperty(PROPERTY, this);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String given ? given : "unknown";
    }
}
