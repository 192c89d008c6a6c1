package io.maestro.rest;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Drifts;
import io.maestro.api.adapters.Explanations;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Leaks;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Rollouts;
import io.maestro.api.events.Alerts;
import io.maestro.api.events.Events;
import io.maestro.api.http.ProblemAnswers;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.node.Values;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.policy.Simulation;
import io.maestro.api.provenance.Receipts;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.api.residency.Items;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.residency.StorageRoutes;
import io.maestro.api.residency.Transfers;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.Offboarding;
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
            @Reference Governance governance,
            @Reference Decisions decisions,
            @Reference Approvals approvals,
            @Reference PolicySettings policySettings,
            @Reference PolicyPacks policyPacks,
            @Reference Simulation simulation,
            @Reference Tokens tokens,
            @Reference SecurityEvents securityEvents,
            @Reference IdentityProviders identityProviders,
            @Reference Sessions sessions,
            @Reference Tenants tenants,
            @Reference Members members,
            @Reference Offboarding offboarding,
            @Reference Publishers publishers,
            @Reference Definitions definitions,
            @Reference Instances instances,
            @Reference InstanceActs instanceActs,
            @Reference Rollouts rollouts,
            @Reference Registry registry,
            @Reference Explanations explanations,
            @Reference Drifts drifts,
            @Reference Leaks leaks,
            @Reference Calls calls,
            @Reference Secrets secrets,
            @Reference Receipts receipts,
            @Reference SigningKeys signingKeys,
            @Reference IdempotentRequests idempotentRequests,
            @Reference Metrics metrics,
            @Reference Events events,
            @Reference InstanceHealth health,
            @Reference Alerts alerts,
            @Reference Values values,
            @Reference StorageRoutes storageRoutes,
            @Reference Items items,
            @Reference StorageLocations storageLocations,
            @Reference Transfers transfers) {
        Services services = new Services(
                access,
                governance,
                decisions,
                approvals,
                policySettings,
                policyPacks,
                simulation,
                tokens,
                securityEvents,
                identityProviders,
                sessions,
                tenants,
                members,
                offboarding,
                publishers,
                definitions,
                instances,
                instanceActs,
                rollouts,
                registry,
                explanations,
                drifts,
                leaks,
                calls,
                secrets,
                receipts,
                signingKeys,
                idempotentRequests,
                metrics,
                events,
                health,
                alerts,
                values,
                storageRoutes,
                items,
                storageLocations,
                transfers);
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
