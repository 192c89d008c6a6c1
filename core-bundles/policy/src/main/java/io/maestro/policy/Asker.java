package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.Reason;
import io.maestro.policy.Court.Heard;
import io.maestro.policy.Court.Tenants;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides, and has every decision recorded. */
final class Asker implements Governance {
    private static final System.Logger LOG = System.getLogger(Governance.class.getName());

    private final ActivePolicies policies;
    private final Recorder recorder;
    private final HeldApprovals approvals;
    private final PolicyMetrics metrics;
    private final DecisionIds ids;
    private final InstantSource clock;
    private volatile String lastFailure = "";

    Asker(
            ActivePolicies policies,
            Recorder recorder,
            HeldApprovals approvals,
            PolicyMetrics metrics,
            InstantSource clock) {
        this.policies = policies;
        this.recorder = recorder;
        this.approvals = approvals;
        this.metrics = metrics;
        this.ids = new DecisionIds(clock);
        this.clock = clock;
    }

    /** A decision and the document that it was taken on. */
    private record Asked(Decision decision, ObjectValue document) {}

    @Override
    public Decision decide(PolicyInput input) {
        Decision known = known(input);
        return known != null ? known : ask(input, null).decision();
    }

    @Override
    public Decision require(PolicyInput input) {
        Decision known = known(input);
        if (known != null) {
            return known;
        }
        HeldApprovals.Granted granted = approvals.granted(input, Inputs.of(input, clock.instant()));
        Asked asked = ask(input, granted);
        Decision decision = asked.decision();
        return switch (decision.outcome()) {
            case ALLOW ->
                granted != null && decision.reasons().stream().anyMatch(Asker::neededApproval)
                        ? new Decision(
                                decision.id(),
                                decision.outcome(),
                                decision.reasons(),
                                granted.request().id())
                        : decision;
            case DENY -> throw Refusals.denied(input, decision);
            case APPROVAL -> throw approvals.ask(input, asked.document(), decision);
            case UNAVAILABLE -> throw Refusals.unavailable(input, decision);
        };
    }

    @Override
    public void use(PolicyInput input, Decision decision) {
        approvals.use(input, decision);
    }

    private static boolean neededApproval(Reason reason) {
        return reason.kind() == Reason.Kind.APPROVAL && reason.mode() == Mode.ENFORCE;
    }

    /** Only what is asked for all the time is remembered; for the rest it would cost more than it saves. */
    private @Nullable Decision known(PolicyInput input) {
        Active active = policies.loaded();
        if (active == null
                || input.entryPoint() != EntryPoint.ADAPTER_CALL
                || input.actor().approval() != null) {
            return null;
        }
        Decision known = active.memo().find(input, System.nanoTime());
        if (known != null) {
            metrics.again(known, input.entryPoint());
        }
        return known;
    }

    private Asked ask(PolicyInput input, HeldApprovals.@Nullable Granted granted) {
        long begin = System.nanoTime();
        Instant now = clock.instant();
        ObjectValue document = Inputs.of(input, now);
        if (granted != null) {
            document = document.with(StringValue.of(Inputs.APPROVAL), granted.document());
        }
        Active active = null;
        Heard heard;
        try {
            active = policies.current();
            // packs that cannot be opened are in nobody's way who does not ask them
            boolean asksTenant = Court.asksTenant(input.entryPoint(), document);
            Tenants tenants = asksTenant ? policies.tenants(active, input.tenant()) : null;
            heard = Court.hear(active, tenants, input.entryPoint(), input.tenant(), document, now);
        } catch (EngineException e) {
            heard = new Heard(Judgement.unavailable(Reason.NO_PACK), Map.of(), false, e);
        }
        Judgement judgement = heard.failure() == null ? heard.judgement() : failed(heard, input);
        Decision decision = new Decision(ids.next(), judgement.outcome(), judgement.reasons());
        long nanos = System.nanoTime() - begin;
        recorder.record(new Recorder.Taken(decision, now, input, document, heard.bundles(), nanos));
        metrics.decided(decision, input.entryPoint(), nanos);
        if (active != null
                && heard.lasting()
                && decision.allowed()
                && input.entryPoint() == EntryPoint.ADAPTER_CALL
                && granted == null) {
            active.memo().keep(input, decision, begin);
        }
        return new Asked(decision, document);
    }

    /** Nothing is allowed; but whoever may mend the packs must be able to. */
    private Judgement failed(Heard heard, PolicyInput input) {
        String failure =
                String.valueOf(heard.failure() == null ? "" : heard.failure().getMessage());
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            LOG.log(Level.WARNING, "the policy cannot be asked, so nothing is allowed: " + failure, heard.failure());
        }
        if (!repairs(input)) {
            return heard.judgement();
        }
        Reason why = heard.judgement().reasons().getFirst();
        return new Judgement(
                Outcome.ALLOW,
                List.of(new Reason(
                        why.kind(),
                        "POLICY-REPAIR",
                        "Whoever may change packs can always mend them",
                        "the policy cannot be asked, and this may mend it",
                        why.facts(),
                        null,
                        why.severity(),
                        Mode.WARN,
                        why.pack())));
    }

    private static boolean repairs(PolicyInput input) {
        return input.entryPoint() == EntryPoint.ACT
                && input.tenant() == null
                && input.subjectType().equals("policy-pack")
                && input.actor().standing().tenant() == null
                && input.actor().standing().roles().contains("platform_admin");
    }
}
