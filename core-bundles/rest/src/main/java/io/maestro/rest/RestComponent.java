package io.maestro.rest;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.http.ProblemAnswers;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.Publishers;
import io.maestro.model.Problem;
import jakarta.ws.rs.core.Application;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers the API to the HTTP server. */
@Component(service = {Application.class, ProblemAnswers.class})
public final class RestComponent extends Application implements ProblemAnswers {
    /** Checks come and go with their bundles. */
    @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
    private final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();

    private final ProblemAnswers problems;
    private final Application application;

    /** Builds the resources. */
    @Activate
    public RestComponent(
            @Reference Access access,
            @Reference Tokens tokens,
            @Reference SecurityEvents securityEvents,
            @Reference Tenants tenants,
            @Reference Publishers publishers,
            @Reference Definitions definitions,
            @Reference Instances instances,
            @Reference Calls calls,
            @Reference IdempotentRequests idempotentRequests) {
        Services services = new Services(
                access, tokens, securityEvents, tenants, publishers, definitions, instances, calls, idempotentRequests);
        Wire wire = new Wire();
        ProblemWriter writer = new ProblemWriter(wire);
        problems = writer;
        application = new RestApplication(services, new Readiness(checks), wire, writer);
    }

    @Override
    @SuppressWarnings("deprecation") // see RestApplication
    public Set<Object> getSingletons() {
        return application.getSingletons();
    }

    @Override
    public byte[] body(Problem problem, String instance, String correlationId) {
        return problems.body(problem, instance, correlationId);
    }
}
