package io.maestro.rest;

import io.maestro.api.http.RequestProperty;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import io.maestro.api.policy.Decision;
import io.maestro.api.telemetry.LogFields;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, and from where; set once {@link Authentication} has let it pass.
 *
 * @param principal who
 * @param origin from where and to where
 */
record Caller(Principal principal, Origin origin) {
    private static final String PROPERTY = "io.maestro.rest.caller";
    private static final String FORESEEN = "io.maestro.rest.foreseen";
    private static final String DECISION = "io.maestro.rest.decision";

    /** The caller of an authenticated request. */
    static Caller of(ContainerRequestContext request) {
        if (request.getProperty(PROPERTY) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("the request was not authenticated");
    }

    /** Who acts, for the receipt of what an authenticated request does. */
    static Actor actor(ContainerRequestContext request) {
        Caller caller = of(request);
        Decision decision = decision(request);
        Actor actor = new Actor(
                caller.principal().id(),
                caller.origin().correlationId(),
                standing(caller.principal()),
                PolicyCheck.approval(request),
                null);
        return decision == null
                ? actor
                : actor.allowedBy(
                        decision.id().toString(),
                        decision.approval() == null ? null : decision.approval().toString());
    }

    private static Standing standing(Principal principal) {
        return new Standing(
                principal.roles().stream().map(Wire::word).toList(),
                principal.tenant(),
                principal.environment(),
                principal.attributes(),
                null);
    }

    /** Notes that the policy allows what the request is about to do. */
    static void allowed(ContainerRequestContext request, Decision decision) {
        request.setProperty(DECISION, decision);
    }

    /** What the policy said before the request was served; null when it was not asked then. */
    static @Nullable Decision decision(ContainerRequestContext request) {
        return request.getProperty(DECISION) instanceof Decision decision ? decision : null;
    }

    /** Notes what the policy would say to what the request asks for. */
    static void foresee(ContainerRequestContext request, Decision decision) {
        request.setProperty(FORESEEN, decision);
    }

    /** What the policy would say; only of an endpoint that can be planned, when somebody asks for the plan or holds to it. */
    static Decision foreseen(ContainerRequestContext request) {
        if (request.getProperty(FORESEEN) instanceof Decision decision) {
            return decision;
        }
        throw new IllegalStateException("the policy was not asked beforehand");
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

    /** For lines of the log about any request: with what its path names, as far as that can be a name. */
    static ScopedLog log(System.Logger target, ContainerRequestContext request) {
        MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
        return new ScopedLog(
                target,
                new LogFields(
                        name(path.getFirst("tenant"), TenantId::new),
                        name(path.getFirst("environment"), Environment::new),
                        name(path.getFirst("instance"), InstanceId::new),
                        correlationId(request)));
    }

    private static <N> @Nullable N name(@Nullable String text, Function<String, N> type) {
        try {
            return text == null ? null : type.apply(text);
        } catch (ProblemException e) {
            // what cannot be a name belongs to nobody; the message has the rest
            return null;
        }
    }

    void attach(ContainerRequestContext request) {
        request.setProperty(PROPERTY, this);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String given ? given : "unknown";
    }
}
