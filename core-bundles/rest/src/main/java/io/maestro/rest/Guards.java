package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.tenancy.Offboarding;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Puts before each endpoint what its annotations ask for; refuses to build an application with an unguarded endpoint. */
final class Guards implements DynamicFeature {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Access access;
    private final Governance governance;
    private final Offboarding offboarding;
    private final IdempotentRequests requests;
    private final PolicyPacks packs;
    private final Wire wire;

    Guards(
            Access access,
            Governance governance,
            Offboarding offboarding,
            IdempotentRequests requests,
            PolicyPacks packs,
            Wire wire) {
        this.access = access;
        this.governance = governance;
        this.offboarding = offboarding;
        this.requests = requests;
        this.packs = packs;
        this.wire = wire;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext endpoint) {
        Method method = resource.getResourceMethod();
        if (!method.getDeclaringClass().getPackageName().equals(Guards.class.getPackageName())) {
            // the framework's own answer to OPTIONS, which tells only the methods of a path
            return;
        }
        requireAsked(method);
        Allows allows = method.getAnnotation(Allows.class);
        if (allows != null) {
            endpoint.register(new Authorization(
                    access, offboarding, allows.value(), method.isAnnotationPresent(Departing.class)));
            Answers answers = method.getAnnotation(Answers.class);
            if (answers != null && answers.list()) {
                endpoint.register(new CursorOwner(access, allows.value()));
            }
        } else if (method.getAnnotation(Open.class) == null) {
            throw new IllegalStateException("the endpoint " + method + " says neither @Allows nor @Open");
        }
        List<String> untold = Unplanned.PARAMETERS.stream()
                .filter(parameter -> !takes(method, parameter))
                .toList();
        if (changes(method) && !method.isAnnotationPresent(ChangesNothing.class) && !untold.isEmpty()) {
            endpoint.register(new Unplanned(untold));
        }
        policy(method, endpoint);
        Idempotent idempotent = method.getAnnotation(Idempotent.class);
        if (idempotent != null) {
            endpoint.register(new Idempotency(requests, wire, idempotent.secret()));
        }
    }

    private void policy(Method method, FeatureContext endpoint) {
        Governed governed = method.getAnnotation(Governed.class);
        if (governed != null) {
            endpoint.register(new PolicyCheck(governance, governed, takesDocument(method), wire, packs::describe));
        }
    }

    private static void requireAsked(Method method) {
        if (changes(method)
                && !method.isAnnotationPresent(Governed.class)
                && !method.isAnnotationPresent(AsksWithin.class)
                && !method.isAnnotationPresent(ChangesNothing.class)) {
            throw new IllegalStateException(
                    "the endpoint " + method + " says neither @Governed, @AsksWithin nor @ChangesNothing");
        }
    }

    /** Whether the endpoint takes this parameter of the query. */
    static boolean takes(Method method, String parameter) {
        return Arrays.stream(method.getParameters())
                .map(one -> one.getAnnotation(QueryParam.class))
                .anyMatch(query -> query != null && query.value().equals(parameter));
    }

    private static boolean takesDocument(Method method) {
        Consumes consumes = method.getAnnotation(Consumes.class);
        return consumes != null && List.of(consumes.value()).contains(MediaType.APPLICATION_JSON);
    }

    /** Whether the endpoint may change something, as far as its verb tells. */
    static boolean changes(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(one -> one.annotationType().getAnnotation(HttpMethod.class))
                .anyMatch(verb -> verb != null && !READING.contains(verb.value()));
    }
}
