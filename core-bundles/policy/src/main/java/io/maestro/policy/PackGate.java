package io.maestro.policy;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.model.Violation;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.test.PolicyTests;
import io.maestro.rego.test.TestReport;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pack has to pass before it decides anything. */
final class PackGate {
    private static final System.Logger LOG = System.getLogger(PackGate.class.getName());
    private static final Budget TEST = Budget.STANDARD.withTime(Duration.ofMillis(500));
    private static final int MOST_TESTS = 2_000;
    private static final int MOST_SHOWN = 50;

    private final InstantSource clock;

    PackGate(InstantSource clock) {
        this.clock = clock;
    }

    /** What a tenant's pack may use of the language: only what gives the same answer at any time. */
    static Capabilities capabilities(@Nullable TenantId tenant) {
        return tenant == null ? Capabilities.standard() : Capabilities.deterministic();
    }

    /**
     * Checks a pack and runs its tests.
     *
     * @return how many tests it passed
     * @throws ProblemException {@link PolicyProblem#POLICY_PACK_REFUSED}
     */
    int check(@Nullable TenantId tenant, String name, BundleFormat.Opened opened) {
        checkRoots(tenant, name, opened);
        int tests = passed(name, opened.text(name).compiled(capabilities(tenant)), opened.data());
        Unit unit = unit(tenant, name, opened);
        warm(unit);
        if (tenant == null && name.equals(ActivePolicies.MAIN)) {
            requireWayBack(unit);
        }
        return tests;
    }

    /** The pack alone, without its tests. */
    Unit unit(@Nullable TenantId tenant, String name, BundleFormat.Opened opened) {
        checkRoots(tenant, name, opened);
        return Unit.of(ActivePolicies.prefix(tenant, name), name, List.of(opened.text(name)), capabilities(tenant));
    }

    /** Refuses a pack that brings what lies outside of its place. */
    void checkRoots(@Nullable TenantId tenant, String name, BundleFormat.Opened opened) {
        String prefix = ActivePolicies.prefix(tenant, name);
        List<Violation> violations = new ArrayList<>();
        for (String root : opened.roots()) {
            if (!below(root, prefix)) {
                violations.add(new Violation(".manifest", "the root \"" + root + "\" is not below " + prefix));
            }
        }
        opened.modules().forEach((file, source) -> {
            String path = path(name, file, source);
            if (!below(path, prefix)) {
                violations.add(new Violation(file, "the package " + path + " is not below " + prefix));
            }
        });
        ObjectValue data = opened.data();
        for (String part : prefix.split("/", -1)) {
            for (Value key : data.keys()) {
                if (!key.equals(StringValue.of(part))) {
                    violations.add(new Violation("data.json", "the data " + key + " is not below " + prefix));
                }
            }
            data = data.get(part) instanceof ObjectValue inner ? inner : ObjectValue.EMPTY;
        }
        if (!violations.isEmpty()) {
            throw refused(
                    name,
                    "it brings what lies outside of " + prefix,
                    "Keep all packages and data below " + prefix + ", and say so in the roots of the manifest.",
                    violations);
        }
    }

    private static String path(String name, String file, String source) {
        try {
            Module module = Parser.module(file, source);
            return String.join("/", module.packagePath());
        } catch (RegoException e) {
            throw refused(
                    name,
                    "it cannot be read: " + e.errors().getFirst(),
                    "Mend each place; `maestro policy check` shows the same.",
                    e.errors().stream()
                            .limit(MOST_SHOWN)
                            .map(error -> new Violation(error.location().toString(), error.message()))
                            .toList());
        }
    }

    private static boolean below(String path, String prefix) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    private int passed(String name, Policy policy, ObjectValue data) {
        long wanted = policy.rules().stream()
                .filter(rule -> rule.path().getLast().startsWith("test_"))
                .count();
        if (wanted > MOST_TESTS) {
            throw refused(
                    name, "it has " + wanted + " tests", "Have at most " + MOST_TESTS + " in a bundle.", List.of());
        }
        TestReport report = PolicyTests.run(
                policy, Question.at(clock.instant()).withData(data).withBudget(TEST));
        if (!report.passed()) {
            List<Violation> failed = report.results().stream()
                    .filter(result -> result.outcome() == TestReport.Outcome.FAILED
                            || result.outcome() == TestReport.Outcome.BROKEN)
                    .limit(MOST_SHOWN)
                    .map(result -> new Violation(
                            result.at().toString(),
                            result.name() + (result.error() == null ? " fails" : ": " + result.error())))
                    .toList();
            throw refused(
                    name,
                    "its test " + failed.getFirst().detail() + " at "
                            + failed.getFirst().pointer(),
                    "Mend the pack or its test; `maestro policy test` shows the same.",
                    failed);
        }
        return (int) report.count(TestReport.Outcome.PASSED);
    }

    /** The first answers are slow; nobody shall wait for them. An input that is no real one may well have no answer. */
    private void warm(Unit unit) {
        Instant now = clock.instant();
        int answers = 0;
        for (EntryPoint entryPoint : EntryPoint.values()) {
            answers += answers(unit, entryPoint, now) ? 1 : 0;
        }
        LOG.log(Level.DEBUG, "the pack " + unit.name() + " answered " + answers + " first questions");
    }

    private static boolean answers(Unit unit, EntryPoint entryPoint, Instant now) {
        try {
            return unit.engine().ask(unit.path(entryPoint), question(entryPoint, now), ObjectValue.EMPTY, now) != null;
        } catch (EngineException e) {
            return false;
        }
    }

    /** What a platform admin would ask to go back to the revision before. */
    static ObjectValue question(EntryPoint entryPoint, Instant now) {
        Actor admin =
                new Actor("token:check", "-").with(new Standing(List.of("platform_admin"), null, null, Map.of(), null));
        return Inputs.of(
                new PolicyInput(
                        entryPoint,
                        "policy-pack.rollback",
                        admin,
                        null,
                        null,
                        "policy-pack",
                        ActivePolicies.MAIN,
                        Map.of()),
                now);
    }

    /** A pack that forbids going back to the one before could never be replaced. */
    private void requireWayBack(Unit unit) {
        Instant now = clock.instant();
        try {
            Judgement.Hearing hearing = new Judgement.Hearing(EntryPoint.ACT.path());
            hearing.main(
                    unit.name(),
                    unit.engine()
                            .ask(
                                    unit.path(EntryPoint.ACT),
                                    question(EntryPoint.ACT, now),
                                    ObjectValue.of(
                                            "settings",
                                            ObjectValue.of("platform", ObjectValue.EMPTY)
                                                    .with(StringValue.of("tenants"), ObjectValue.EMPTY)),
                                    now),
                    Modes.NONE);
            if (hearing.judge(false).outcome() != Outcome.DENY) {
                return;
            }
        } catch (EngineException e) {
            throw refused(unit.name(), "it has no answer to an act: " + e.getMessage(), null, List.of());
        }
        throw refused(
                unit.name(),
                "a platform admin could not go back from it to the one before",
                "Allow platform admins the acts policy-pack.upload and policy-pack.rollback in the document "
                        + unit.path(EntryPoint.ACT) + ".",
                List.of());
    }

    static ProblemException refused(String name, String why, @Nullable String fix, List<Violation> violations) {
        return Problem.of(PolicyProblem.POLICY_PACK_REFUSED, "the pack \"" + name + "\" is refused: " + why, fix)
                .with(violations)
                .asException();
    }
}
