package io.maestro.rest;

import jakarta.ws.rs.core.Application;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The whole API; each resource and provider is named here, nothing is found by scanning. */
final class RestApplication extends Application {
    /** The resources, for those who look at their annotations. */
    static final List<Class<?>> RESOURCES = List.of(
            HealthResource.class,
            OpenApiResource.class,
            WhoAmIResource.class,
            TenantsResource.class,
            TenantTokensResource.class,
            TokensResource.class,
            PublishersResource.class,
            AdaptersResource.class,
            QuarantineResource.class,
            InstancesResource.class,
            OperationsResource.class,
            ObjectsResource.class,
            SecurityEventsResource.class);

    private final Set<Object> singletons = new LinkedHashSet<>();

    RestApplication(Services services, Readiness readiness, Wire wire, ProblemWriter problems) {
        singletons.add(new HealthResource(readiness));
        singletons.add(new OpenApiResource());
        singletons.add(new WhoAmIResource());
        singletons.add(new TenantsResource(services.tenants()));
        singletons.add(new TenantTokensResource(services.tokens()));
        singletons.add(new TokensResource(services.tokens()));
        singletons.add(new PublishersResource(services.publishers()));
        singletons.add(new AdaptersResource(services.definitions()));
        singletons.add(new QuarantineResource(services.definitions()));
        singletons.add(new InstancesResource(services.instances(), wire));
        singletons.add(new OperationsResource(services.calls()));
        singletons.add(new ObjectsResource(services.calls(), wire));
        singletons.add(new SecurityEventsResource(services.securityEvents()));
        singletons.add(new Authentication(services.access()));
        singletons.add(new Guards(services.access(), services.idempotentRequests(), wire));
        singletons.add(new JsonBodies(wire));
        singletons.add(new Problems(problems));
    }

    @Override
    @SuppressWarnings("deprecation") // instances are what makes a resource's services visible in its constructor
    public Set<Object> getSingletons() {
        return singletons;
    }
}
