package io.maestro.policy;

import io.maestro.api.policy.Decisions.Filter;
import io.maestro.api.policy.Decisions.Recorded;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.Simulation;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.policy.Active.OfTenant;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.ValueLimitException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Asks other policies than the active ones. It has nothing to write with: questions go to engines directly, and decisions
 * are only read.
 */
final class Simulator implements Simulation {
    static final int MOST = 10_000;

    private static final int MOST_CHANGES = 500;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final ActivePolicies policies;
    private final PolicyRows packs;
    private final BiFunction<Filter, PageRequest, Page<Recorded>> decisions;
    private final BundleFormat format;
    private final PackGate gate;
    private final InstantSource clock;

    Simulator(
            ActivePolicies policies,
            PolicyRows packs,
            BiFunction<Filter, PageRequest, Page<Recorded>> decisions,
            BundleFormat format,
            InstantSource clock) {
        this.policies = policies;
        this.packs = packs;
        this.decisions = decisions;
        this.format = format;
        this.gate = new PackGate(clock);
        this.clock = clock;
    }

    /** One question again. */
    private record Question(
            @Nullable UUID decision,
            EntryPoint entryPoint,
            @Nullable TenantId tenant,
            ObjectValue input,
            Instant at,
            @Nullable Outcome before) {}

    /** What is asked instead of what decides now. */
    private record Trial(Active active, Court.@Nullable Tenants tenants) {}

    @Override
    public Simulated simulate(@Nullable TenantId tenant, Candidate candidate) {
        try {
            Active active = policies.current();
            Trial trial = trial(tenant, candidate, active);
            List<Question> questions =
                    candidate.inputs().isEmpty() ? last(tenant, candidate.last()) : given(tenant, candidate.inputs());
            return ask(tenant, active, trial, questions);
        } catch (EngineException e) {
            throw Problem.of(
                            PolicyProblem.POLICY_UNAVAILABLE,
                            "the active policies cannot be asked, so there is nothing to compare with",
                            "See GET /api/policy/packs.")
                    .asException(e);
        }
    }

    private Trial trial(@Nullable TenantId tenant, Candidate candidate, Active active) throws EngineException {
        Modes modes = modes(candidate.modes());
        BundleFormat.@Nullable Opened opened = opened(candidate);
        if (tenant != null) {
            Court.Tenants now = policies.tenants(active, tenant);
            OfTenant known = active.ofTenants().get(tenant.value());
            ObjectValue data = known == null ? ActivePolicies.narrowed(active.data(), tenant) : known.data();
            Modes own = modes != null ? modes : known == null ? Modes.NONE : known.modes();
            if (opened == null) {
                return new Trial(active, now == null ? null : new Court.Tenants(now.unit(), data, own));
            }
            gate.checkRoots(tenant, candidate.pack(), opened);
            return new Trial(active, new Court.Tenants(ofTenant(tenant, opened.text(candidate.pack())), data, own));
        }
        Unit main = active.main();
        List<Unit> more = new ArrayList<>(active.more());
        if (opened != null) {
            Unit unit = gate.unit(null, candidate.pack(), opened);
            if (candidate.pack().equals(ActivePolicies.MAIN)) {
                main = unit;
            } else {
                more.removeIf(one -> one.name().equals(candidate.pack()));
                more.add(unit);
            }
        }
        return new Trial(
                Active.of(
                        active.stamp(),
                        active.digest(),
                        main,
                        more,
                        active.data(),
                        modes == null ? active.modes() : modes,
                        active.ofTenants()),
                null);
    }

    /** The candidate with the other packs of the tenant. */
    private Unit ofTenant(TenantId tenant, PackText candidate) {
        List<PackText> all = new ArrayList<>();
        for (PolicyRows.StoredPack pack : packs.packs(tenant)) {
            if (!pack.name().equals(candidate.name())) {
                all.add(format.open(pack.name(), pack.bundle(), null).text(pack.name()));
            }
        }
        all.add(candidate);
        String prefix = ActivePolicies.prefix(tenant, "");
        return Unit.of(prefix, prefix, all, PackGate.capabilities(tenant));
    }

    private BundleFormat.@Nullable Opened opened(Candidate candidate) {
        if (candidate.bundle().length > 0) {
            return format.open(candidate.pack(), candidate.bundle(), null);
        }
        return candidate.modules().isEmpty()
                ? null
                : new BundleFormat.Opened("candidate", List.of(), candidate.modules(), ObjectValue.EMPTY, null);
    }

    private static @Nullable Modes modes(@Nullable Json document) {
        if (document == null) {
            return null;
        }
        Modes modes = Modes.of(read(document));
        if (modes == null) {
            throw Problem.of(
                            PolicyProblem.POLICY_SETTINGS_INVALID,
                            "the modes are not {\"packs\":{NAME:MODE},\"rules\":{ID:MODE}}",
                            "Use shadow, warn or enforce.")
                    .asException();
        }
        return modes;
    }

    private static io.maestro.rego.value.Value read(Json document) {
        try {
            return io.maestro.rego.value.Json.read(document.text());
        } catch (IllegalArgumentException | ValueLimitException e) {
            throw invalid("that is no JSON: " + e.getMessage());
        }
    }

    private List<Question> given(@Nullable TenantId tenant, List<Json> inputs) {
        List<Question> questions = new ArrayList<>();
        if (inputs.size() > MOST) {
            throw invalid("these are " + inputs.size() + " inputs, and at most " + MOST + " can be asked");
        }
        for (Json input : inputs) {
            if (!(read(input) instanceof ObjectValue document)
                    || !(document.get("entryPoint") instanceof StringValue path)) {
                throw invalid("an input is an object with an entryPoint");
            }
            EntryPoint entryPoint = EntryPoint.of(path.value())
                    .orElseThrow(() -> invalid("there is no entry point \"" + path.value() + "\""));
            TenantId concerned = concerned(document);
            if (tenant != null && !tenant.equals(concerned)) {
                throw invalid("an input within a tenant has that tenant in its scope");
            }
            questions.add(new Question(null, entryPoint, concerned, document, clock.instant(), null));
        }
        return questions;
    }

    private static @Nullable TenantId concerned(ObjectValue document) {
        return document.get("scope") instanceof ObjectValue scope && scope.get("tenant") instanceof StringValue name
                ? new TenantId(name.value())
                : null;
    }

    private List<Question> last(@Nullable TenantId tenant, int wanted) {
        if (wanted < 1 || wanted > MOST) {
            throw invalid("1 to " + MOST + " of the last decisions can be asked again");
        }
        List<Question> questions = new ArrayList<>();
        Filter filter = new Filter(tenant, null, null, null, null, null);
        @Nullable String cursor = null;
        do {
            int limit = Math.min(PageRequest.LARGEST, wanted - questions.size());
            Page<Recorded> page = decisions.apply(filter, new PageRequest(limit, cursor));
            for (Recorded one : page.items()) {
                if (read(one.input()) instanceof ObjectValue input && input.get("entryPoint") != null) {
                    questions.add(new Question(one.id(), one.path(), one.tenant(), input, one.at(), one.outcome()));
                }
            }
            cursor = page.next();
        } while (cursor != null && questions.size() < wanted);
        return questions;
    }

    private Simulated ask(@Nullable TenantId tenant, Active active, Trial trial, List<Question> questions)
            throws EngineException {
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        List<Change> changes = new ArrayList<>();
        List<Outcome> answers = new ArrayList<>();
        int changed = 0;
        int asked = 0;
        long begin = System.nanoTime();
        for (Question question : questions) {
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                break;
            }
            Court.Tenants tenants =
                    tenant != null ? trial.tenants() : policies.tenants(trial.active(), question.tenant());
            Judgement after = hear(trial.active(), tenants, question);
            Outcome before = question.before() != null
                    ? question.before()
                    : hear(active, policies.tenants(active, question.tenant()), question)
                            .outcome();
            answers.add(after.outcome());
            outcomes.merge(after.outcome(), 1, Integer::sum);
            if (before != after.outcome()) {
                changed++;
                if (changes.size() < MOST_CHANGES) {
                    changes.add(new Change(
                            question.decision(),
                            asked,
                            question.entryPoint(),
                            before,
                            after.outcome(),
                            after.reasons()));
                }
            }
            asked++;
        }
        return new Simulated(asked, outcomes, changes, changed, answers);
    }

    private static Judgement hear(Active active, Court.@Nullable Tenants tenants, Question question) {
        return Court.hear(active, tenants, question.entryPoint(), question.tenant(), question.input(), question.at())
                .judgement();
    }

    private static ProblemException invalid(String what) {
        return Problem.of(CallerProblem.INVALID_REQUEST, what, "See docs/reference/policy.md.")
                .asException();
    }
}
