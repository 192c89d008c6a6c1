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
            LoginResource.class,
            OwnSessionResource.class,
            SessionsResource.class,
            TenantSessionsResource.class,
            IdentityProvidersResource.class,
            TenantIdentityProvidersResource.class,
            TenantsResource.class,
            MembersResource.class,
            OffboardingResource.class,
            TenantTokensResource.class,
            TokensResource.class,
            PublishersResource.class,
            AdapterTypesResource.class,
            AdaptersResource.class,
            QuarantineResource.class,
            InstalledResource.class,
            RequirementsResource.class,
            InstancesResource.class,
            ExplanationResource.class,
            DriftResource.class,
            TenantDriftResource.class,
            LeaksResource.class,
            ConfigurationResource.class,
            InstanceTrialsResource.class,
            VersionsResource.class,
            UpgradeResource.class,
            RollbackResource.class,
            AdapterRolloutsResource.class,
            RolloutsResource.class,
            OperationsResource.class,
            ObjectsResource.class,
            StorageRoutesResource.class,
            ItemsResource.class,
            StorageLocationsResource.class,
            DeniedWritesResource.class,
            TransfersResource.class,
            SecretsResource.class,
            SecretKeysResource.class,
            SecretAccessesResource.class,
            MasterKeyResource.class,
            SecurityEventsResource.class,
            MetricsResource.class,
            NodeConfigurationResource.class,
            BrandingResource.class,
            EventsResource.class,
            ChangesResource.class,
            InstanceHealthResource.class,
            InstanceCallsResource.class,
            BadgeResource.class,
            TenantHealthResource.class,
            AlertsResource.class,
            TenantAlertsResource.class,
            TenantReceiptsResource.class,
            ReceiptsResource.class,
            SigningKeysResource.class,
            DecisionsResource.class,
            TenantDecisionsResource.class,
            PolicySettingsResource.class,
            TenantPolicySettingsResource.class,
            TenantPolicyModesResource.class,
            ApprovalsResource.class,
            PolicyPacksResource.class,
            TenantPolicyPacksResource.class,
            PolicyKeysResource.class,
            TenantPolicyKeysResource.class,
            SimulationResource.class,
            TenantSimulationResource.class);

    private final Set<Object> singletons = new LinkedHashSet<>();

    RestApplication(Services services, Readiness readiness, Wire wire, ProblemWriter problems) {
        singletons.add(new HealthResource(readiness));
        singletons.add(new OpenApiResource());
        singletons.add(new WhoAmIResource());
        singletons.add(new LoginResource(services.sessions(), services.identityProviders()));
        singletons.add(new OwnSessionResource(services.sessions()));
        singletons.add(new SessionsResource(services.sessions()));
        singletons.add(new TenantSessionsResource(services.sessions()));
        singletons.add(new IdentityProvidersResource(services.identityProviders()));
        singletons.add(new TenantIdentityProvidersResource(services.identityProviders()));
        singletons.add(new TenantsResource(services.tenants()));
        singletons.add(new MembersResource(services.members()));
        singletons.add(new OffboardingResource(services.offboarding()));
        singletons.add(new TenantTokensResource(services.tokens()));
        singletons.add(new TokensResource(services.tokens()));
        singletons.add(new PublishersResource(services.publishers()));
        singletons.add(new AdapterTypesResource(services.registry()));
        singletons.add(new AdaptersResource(services.definitions(), services.registry(), wire));
        singletons.add(new QuarantineResource(services.definitions()));
        singletons.add(new InstalledResource(services.registry()));
        singletons.add(new RequirementsResource(services.registry()));
        singletons.add(new InstancesResource(services.instances(), services.instanceActs(), services.registry(), wire));
        singletons.add(new ExplanationResource(services.explanations()));
        singletons.add(new DriftResource(services.drifts()));
        singletons.add(new TenantDriftResource(services.drifts()));
        singletons.add(new LeaksResource(services.leaks()));
        singletons.add(new ConfigurationResource(services.instances(), services.instanceActs(), wire));
        singletons.add(new InstanceTrialsResource(services.instanceActs()));
        singletons.add(new VersionsResource(services.instanceActs()));
        singletons.add(new UpgradeResource(services.instanceActs(), wire));
        singletons.add(new RollbackResource(services.instanceActs(), wire));
        singletons.add(new AdapterRolloutsResource(services.rollouts()));
        singletons.add(new RolloutsResource(services.rollouts()));
        singletons.add(new OperationsResource(services.calls()));
        singletons.add(new ObjectsResource(services.calls(), wire));
        singletons.add(new StorageRoutesResource(services.storageRoutes()));
        singletons.add(new ItemsResource(services.items(), wire));
        singletons.add(new StorageLocationsResource(services.storageLocations()));
        singletons.add(new DeniedWritesResource(services.storageLocations()));
        singletons.add(new TransfersResource(services.transfers()));
        singletons.add(new SecretsResource(services.secrets()));
        singletons.add(new SecretKeysResource(services.secrets()));
        singletons.add(new SecretAccessesResource(services.secrets()));
        singletons.add(new MasterKeyResource(services.secrets()));
        singletons.add(new SecurityEventsResource(services.securityEvents()));
        singletons.add(new MetricsResource(services.metrics()));
        singletons.add(new NodeConfigurationResource(services.values()));
        singletons.add(new BrandingResource(services.values()));
        singletons.add(new EventsResource(services.events(), services.access(), services.offboarding(), wire));
        singletons.add(new ChangesResource(services.events(), services.access()));
        singletons.add(new InstanceHealthResource(services.health()));
        singletons.add(new InstanceCallsResource(services.health()));
        singletons.add(new BadgeResource(services.health()));
        singletons.add(new TenantHealthResource(services.health()));
        singletons.add(new AlertsResource(services.alerts()));
        singletons.add(new TenantAlertsResource(services.alerts()));
        singletons.add(new TenantReceiptsResource(services.receipts()));
        singletons.add(new ReceiptsResource(services.receipts()));
        singletons.add(new SigningKeysResource(services.signingKeys()));
        singletons.add(new DecisionsResource(services.decisions()));
        singletons.add(new TenantDecisionsResource(services.decisions()));
        singletons.add(new PolicySettingsResource(services.policySettings()));
        singletons.add(new TenantPolicySettingsResource(services.policySettings()));
        singletons.add(new TenantPolicyModesResource(services.policySettings()));
        singletons.add(new ApprovalsResource(services.approvals()));
        singletons.add(new PolicyPacksResource(services.policyPacks()));
        singletons.add(new TenantPolicyPacksResource(services.policyPacks()));
        singletons.add(new PolicyKeysResource(services.policyPacks()));
        singletons.add(new TenantPolicyKeysResource(services.policyPacks()));
        singletons.add(new SimulationResource(services.simulation()));
        singletons.add(new TenantSimulationResource(services.simulation()));
        singletons.add(new Authentication(services.access()));
        singletons.add(new Guards(
                services.access(),
                services.governance(),
                services.offboarding(),
                services.idempotentRequests(),
                services.policyPacks(),
                wire));
        singletons.add(new JsonBodies(wire));
        singletons.add(new Problems(problems));
    }

    @Override
    @SuppressWarnings("deprecation") // instances are what makes a resource's services visible in its constructor
    public Set<Object> getSingletons() {
        return singletons;
    }
}
