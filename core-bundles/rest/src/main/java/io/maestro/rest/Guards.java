package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.store.IdempotentRequests;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.reflect.Method;

/** Puts before each endpoint what its annotations ask for; refuses to build an application with an unguarded endpoint. */
final class Guards implements DynamicFeature {
    private final Access access;
    private final IdempotentRequests requests;
    private final Wire wire;

    Guards(Access access, IdempotentRequests requests, Wire wire) {
        this.access = access;
        this.requests = requests;
        this.wire = wire;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext endpoint) {
        Method method = resource.getResourceMethod();
        if (!method.getDeclaringClass().getPackageName().equals(Guards.class.getPackageName())) {
            // the framework's own answer to OPTIONS, which tells only the methods of a path
            return;
        }
        Allows allows = method.getAnnotation(Allows.class);
        if (allows != null) {
            endpoint.register(new Authorization(access, allows.value()));
        } else if (method.getAnnotation(Open.class) == null) {
            throw new IllegalStateException("the endpoint " + method + " says neither @Allows nor @Open");
        }
        Idempotent idempotent = method.getAnnotation(Idempotent.class);
        if (idempotent != null) {
            endpoint.register(new Idempotency(requests, wire, idempotent.secret()));
        }
    }
}
