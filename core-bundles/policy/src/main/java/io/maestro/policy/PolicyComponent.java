package io.maestro.policy;

import io.maestro.api.identity.Persons;
import io.maestro.api.identity.Principal;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.policy.Simulation;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import java.net.URL;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers governance once its schema is up to date. */
@Component
public final class PolicyComponent
        implements Governance, Decisions, Approvals, PolicySettings, PolicyPacks, Simulation, ReadinessCheck {
    /** Far more than a question takes, and what a caller waits for at most. */
    private static final Duration OPA_DEADLINE = Duration.ofSeconds(1);

    private final PolicyOffice office;
    private final Governance governance;

    @Activate
    public PolicyComponent(
            BundleContext context,
            @Reference NodeSettings node,
            @Reference Database database,
            @Reference Facts facts,
            @Reference PlatformSeal seal,
            @Reference Tenants tenants,
            @Reference Persons persons,
            @Reference Metrics metrics,
            @Reference Traces traces) {
        this.office = new PolicyOffice(
                new PolicyOffice.Surroundings(
                        database,
                        facts,
                        seal,
                        tenants::tenant,
                        persons,
                        metrics,
                        () -> BuiltIn.read(files(context)),
                        new RegoBundles(),
                        node.opa() == null ? null : new OpaEngine(node.opa(), OPA_DEADLINE),
                        profile(node),
                        InstantSource.system()),
                Recorder.Pace.USUAL);
        this.governance = TracedGovernance.of(office.governance(), traces);
    }

    /** Packs know profiles by shorter names than editions of the server have. */
    private static String profile(NodeSettings node) {
        String suffix = "-edition";
        String name = node.profile();
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    private static List<URL> files(BundleContext context) {
        Enumeration<URL> files = context.getBundle().findEntries("packs", "*", true);
        return files == null
                ? List.of()
                : Collections.list(files).stream()
                        .filter(file -> !file.getPath().endsWith("/"))
                        .toList();
    }

    @Deactivate
    void close() {
        office.close();
    }

    @Override
    public Decision decide(PolicyInput input) {
        return governance.decide(input);
    }

    @Override
    public Decision require(PolicyInput input) {
        return governance.require(input);
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        governance.use(input, decision);
    }

    @Override
    public Page<Recorded> decisions(Filter filter, PageRequest page) {
        return office.decisions().decisions(filter, page);
    }

    @Override
    public Explanation explain(@Nullable TenantId tenant, UUID decision) {
        return office.decisions().explain(tenant, decision);
    }

    @Override
    public List<Explanation> explainAll(@Nullable TenantId tenant, String execution) {
        return office.decisions().explainAll(tenant, execution);
    }

    @Override
    public Page<Request> requests(
            @Nullable TenantId tenant, @Nullable Environment environment, @Nullable State state, PageRequest page) {
        return office.approvals().requests(tenant, environment, state, page);
    }

    @Override
    public Request request(@Nullable TenantId tenant, @Nullable Environment environment, UUID id) {
        return office.approvals().request(tenant, environment, id);
    }

    @Override
    public Request decide(UUID id, boolean approve, String reason, Principal decider, Actor actor) {
        return office.approvals().decide(id, approve, reason, decider, actor);
    }

    @Override
    public Kept settings(@Nullable TenantId tenant) {
        return office.settings().settings(tenant);
    }

    @Override
    public Kept put(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        return office.settings().put(tenant, settings, revision, actor);
    }

    @Override
    public Kept beforePut(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        return office.settings().beforePut(tenant, settings, revision, actor);
    }

    @Override
    public Kept modes(@Nullable TenantId tenant) {
        return office.settings().modes(tenant);
    }

    @Override
    public Kept putModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        return office.settings().putModes(tenant, modes, revision, actor);
    }

    @Override
    public Kept beforePutModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        return office.settings().beforePutModes(tenant, modes, revision, actor);
    }

    @Override
    public List<Pack> packs(@Nullable TenantId tenant) {
        return office.packs().packs(tenant);
    }

    @Override
    public Pack pack(@Nullable TenantId tenant, String name) {
        return office.packs().pack(tenant, name);
    }

    @Override
    public Pack upload(@Nullable TenantId tenant, String name, byte[] bundle, @Nullable Turn planned, Actor actor) {
        return office.packs().upload(tenant, name, bundle, planned, actor);
    }

    @Override
    public Json describe(byte[] bundle) {
        return office.packs().describe(bundle);
    }

    @Override
    public Pack rollback(
            @Nullable TenantId tenant, String name, @Nullable String revision, @Nullable Turn planned, Actor actor) {
        return office.packs().rollback(tenant, name, revision, planned, actor);
    }

    @Override
    public void remove(@Nullable TenantId tenant, String name, @Nullable Turn planned, Actor actor) {
        office.packs().remove(tenant, name, planned, actor);
    }

    @Override
    public Turn planUpload(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor) {
        return office.packs().planUpload(tenant, name, bundle, actor);
    }

    @Override
    public Turn planRollback(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor) {
        return office.packs().planRollback(tenant, name, revision, actor);
    }

    @Override
    public Turn planRemove(@Nullable TenantId tenant, String name, Actor actor) {
        return office.packs().planRemove(tenant, name, actor);
    }

    @Override
    public List<PolicyKey> keys(@Nullable TenantId tenant) {
        return office.packs().keys(tenant);
    }

    @Override
    public PolicyKey trust(@Nullable TenantId tenant, String id, String algorithm, String publicKey, Actor actor) {
        return office.packs().trust(tenant, id, algorithm, publicKey, actor);
    }

    @Override
    public void distrust(@Nullable TenantId tenant, String id, Actor actor) {
        office.packs().distrust(tenant, id, actor);
    }

    @Override
    public Simulated simulate(@Nullable TenantId tenant, Candidate candidate) {
        return office.simulation().simulate(tenant, candidate);
    }

    @Override
    public String name() {
        return office.readiness().name();
    }

    @Override
    public Optional<String> unready() {
        return office.readiness().unready();
    }
}
