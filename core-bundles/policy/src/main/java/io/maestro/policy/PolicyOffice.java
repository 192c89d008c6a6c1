package io.maestro.policy;

import io.maestro.api.identity.Persons;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.policy.Simulation;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of the engine, put together. */
final class PolicyOffice implements AutoCloseable {
    private final ActivePolicies policies;
    private final Recorder recorder;
    private final Asker governance;
    private final HeldApprovals approvals;
    private final RecordedDecisions decisions;
    private final KeptSettings settings;
    private final PackDesk packs;
    private final Simulator simulation;
    private final Facts.Registration using;
    private final PolicyReadiness readiness;

    /**
     * What it needs of others.
     *
     * @param seal seals the key that binds approvals
     * @param tenants throws for one that is not there
     * @param builtIn the pack that decides when nobody has said anything else
     * @param format how bundles are opened
     * @param elsewhere an engine that has the packs; null for our own
     * @param profile which profile holds where the settings name none
     */
    record Surroundings(
            Database database,
            Facts facts,
            PlatformSeal seal,
            Consumer<TenantId> tenants,
            Persons persons,
            Metrics metrics,
            Supplier<PackText> builtIn,
            BundleFormat format,
            @Nullable PolicyEngine elsewhere,
            String profile,
            InstantSource clock) {}

    /** Brings the schema up to date. Loads and starts nothing yet: the first question does. */
    PolicyOffice(Surroundings around, Recorder.Pace pace) {
        Database database = around.database();
        database.migrate(JooqDecisions.MIGRATIONS);
        PolicyMetrics metrics = new PolicyMetrics(around.metrics());
        JooqDecisions decisionRows = new JooqDecisions(database);
        JooqPolicies rows = new JooqPolicies(database);
        policies = new ActivePolicies(rows, around.builtIn(), around.format(), around.elsewhere(), around.profile());
        recorder = new Recorder(decisionRows, metrics, around.clock(), pace);
        recorder.watch(policies);
        JooqApprovals approvalRows = new JooqApprovals(database, around.clock());
        approvals = new HeldApprovals(
                approvalRows,
                new ApprovalBinding(
                        new JooqBindingKey(database, around.clock()).key(around.seal(), new SecureRandom())),
                around.persons(),
                this::governance,
                around.clock());
        using = around.facts().onApproval(approvalRows);
        governance = new Asker(policies, recorder, approvals, metrics, around.clock());
        decisions = new RecordedDecisions(decisionRows, policies);
        WayBack wayBack = new WayBack(policies, around.clock());
        settings = new KeptSettings(new JooqDocuments(database, around.clock()), around.tenants(), policies, wayBack);
        packs = new PackDesk(
                new JooqPacks(database, around.clock()),
                around.format(),
                around.builtIn(),
                around.tenants(),
                policies,
                wayBack,
                around.clock());
        readiness = new PolicyReadiness(policies, around.clock());
        simulation = new Simulator(policies, rows, decisions::decisions, around.format(), around.clock());
    }

    Governance governance() {
        return governance;
    }

    Decisions decisions() {
        return decisions;
    }

    Approvals approvals() {
        return approvals;
    }

    PolicySettings settings() {
        return settings;
    }

    PolicyPacks packs() {
        return packs;
    }

    Simulation simulation() {
        return simulation;
    }

    ReadinessCheck readiness() {
        return readiness;
    }

    @Override
    public void close() {
        using.close();
        recorder.close();
        policies.close();
    }
}
