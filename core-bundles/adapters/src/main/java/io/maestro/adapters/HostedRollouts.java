package io.maestro.adapters;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.InstanceAct.Upgrade;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Rollouts;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Works out which instances a rollout takes, asks the policy about each, writes it down and has this node run it. */
final class HostedRollouts implements Rollouts {
    private static final int MOST_STEPS = 20;
    private static final Duration LONGEST_HOLD = Duration.ofDays(7);
    private static final int MOST_CALLS = 1_000_000_000;

    private final JooqRollouts rows;
    private final JooqInstances instances;
    private final JooqDefinitions definitions;
    private final Questions policy;
    private final Moves moves;
    private final RolloutRunner runner;

    HostedRollouts(
            JooqRollouts rows,
            JooqInstances instances,
            JooqDefinitions definitions,
            Questions policy,
            Moves moves,
            RolloutRunner runner) {
        this.rows = rows;
        this.instances = instances;
        this.definitions = definitions;
        this.policy = policy;
        this.moves = moves;
        this.runner = runner;
    }

    @Override
    public Plan plan(Course wanted, Actor actor) {
        Course course = whole(wanted);
        return plan(course, definitions.require(new DefinitionId(course.adapter(), course.version())), actor);
    }

    private Plan plan(Course course, Definition to, Actor actor) {
        Map<InstanceKey, Integer> steps = steps(course);
        List<Plan> members = new ArrayList<>();
        for (InstanceKey key : steps.keySet()) {
            Upgrade move = new Upgrade(key.scope(), key.instance(), course.version(), null, null);
            members.add(moves.upgrade(move, new Prepared.Only(policy), actor).plan());
        }
        return Plans.together("rollout.start", to, members, notes(course, steps));
    }

    /** What happens in which step; where an instance begins is said by its name. */
    private static List<String> notes(Course course, Map<InstanceKey, Integer> steps) {
        List<String> notes = new ArrayList<>();
        for (int number = 1; number <= course.steps().size(); number++) {
            int which = number;
            Step step = course.steps().get(number - 1);
            List<String> begun = steps.entrySet().stream()
                    .filter(one -> one.getValue() == which)
                    .map(one -> one.getKey().toString())
                    .sorted()
                    .toList();
            notes.add("Step " + number + ": " + step.percent() + " % of the calls of "
                    + (begun.isEmpty() ? "no further instance" : String.join(", ", begun)) + ", for "
                    + step.hold().toSeconds() + " s" + (step.calls() > 0 ? " and " + step.calls() + " calls." : "."));
        }
        Gates gates = course.gates();
        notes.add(String.format(
                Locale.ROOT,
                "It goes back when errors are more by %s, refusals by %s, or percentile %s takes %s times as long and %d ms"
                        + " more%s; from %d calls on.",
                gates.errors(),
                gates.refusals(),
                gates.percentile(),
                gates.slowdown(),
                gates.slack().toMillis(),
                gates.shadow() ? ", or more than " + gates.differences() + " of the answers differ" : "",
                gates.samples()));
        notes.add(
                "Until it has ended it goes back by itself at a breach, or with maestro rollout cancel; after that each"
                        + " instance is rolled back by itself.");
        return notes;
    }

    private static Course whole(Course wanted) {
        Course course = wanted.steps().isEmpty()
                ? new Course(
                        wanted.adapter(),
                        wanted.version(),
                        List.of(new Step(List.of(), List.of(), 100, Duration.ofSeconds(10), 0)),
                        wanted.gates())
                : wanted;
        requireBounded(course);
        return course;
    }

    @Override
    public Rollout start(Course wanted, @Nullable Digest expected, Actor actor) {
        Course course = whole(wanted);
        Definition to = definitions.require(new DefinitionId(course.adapter(), course.version()));
        requirePlan(course, to, expected, actor);
        Map<InstanceKey, Integer> steps = steps(course);
        UUID id = UUID.randomUUID();
        List<Moves.Decided> members = new ArrayList<>();
        List<Tried> tried = new ArrayList<>();
        steps.forEach((key, step) -> {
            Moves.Decided member = moves.decided(key, course.version(), new Prepared.Really(policy), actor);
            members.add(member);
            tried.add(new Tried(member, step, course.gates()));
        });
        // what changed while it was worked out is not as planned; what changes from here on ends the rollout
        requirePlan(course, to, expected, actor);
        runner.claim(id);
        Rollout rollout;
        try {
            rows.insert(id, course, members, RolloutLease.LENGTH, writing(members, actor));
            rollout = rows.require(id);
        } catch (RuntimeException e) {
            runner.release(id);
            throw e;
        }
        runner.begin(rollout, tried);
        return rollout;
    }

    private void requirePlan(Course course, Definition to, @Nullable Digest expected, Actor actor) {
        if (expected == null) {
            return;
        }
        Plan now = plan(course, to, actor);
        if (!now.digest().equals(expected)) {
            throw Plans.changed(now, expected);
        }
    }

    /**
     * Who writes the rollout down: an approval that a member's move needs is used up with that, and its move carries the
     * decision. No other member can need one, since an approval holds for one instance only.
     */
    private static Actor writing(List<Moves.Decided> members, Actor actor) {
        return members.stream()
                .map(Moves.Decided::actor)
                .filter(allowed -> allowed.approval() != null)
                .findFirst()
                .orElse(actor);
    }

    /** The instances with the step that each one is in. */
    private Map<InstanceKey, Integer> steps(Course course) {
        Set<InstanceKey> left = new HashSet<>();
        List<InstanceKey> all = instances.older(course.adapter(), course.version());
        left.addAll(all);
        Map<InstanceKey, Integer> steps = new LinkedHashMap<>();
        for (int number = 1; number <= course.steps().size(); number++) {
            Step step = course.steps().get(number - 1);
            for (Place place : step.instances()) {
                InstanceKey key = new InstanceKey(place.scope(), place.instance());
                if (!left.remove(key) && !steps.containsKey(key)) {
                    throw invalid(
                            place + " is no instance of an older version of " + course.adapter(),
                            "List the instances of the adapter.");
                }
                steps.putIfAbsent(key, number);
            }
            boolean rest = step.instances().isEmpty() && step.tenants().isEmpty();
            for (InstanceKey key : all) {
                if (left.contains(key)
                        && (rest || step.tenants().contains(key.scope().tenant()))) {
                    left.remove(key);
                    steps.put(key, number);
                }
            }
        }
        if (steps.isEmpty() || steps.size() > MOST_MEMBERS) {
            throw invalid(
                    steps.size() + " instances would move to " + course.adapter() + "@" + course.version(),
                    "Name 1 to " + MOST_MEMBERS + " instances that are at an older version.");
        }
        requireMeetable(course, steps);
        return steps;
    }

    /** Counted are the calls of what a step begins. */
    private static void requireMeetable(Course course, Map<InstanceKey, Integer> steps) {
        for (int number = 1; number <= course.steps().size(); number++) {
            int calls = course.steps().get(number - 1).calls();
            if (calls > 0 && !steps.containsValue(number)) {
                throw invalid(
                        "step " + number + " waits for " + calls + " calls of new versions, and begins none",
                        "Leave its calls out, or have it name instances that are at an older version and in no step before.");
            }
        }
    }

    private static void requireBounded(Course course) {
        Gates gates = course.gates();
        if (course.steps().size() > MOST_STEPS) {
            throw invalid("it has " + course.steps().size() + " steps", "Use at most " + MOST_STEPS + ".");
        }
        for (Step step : course.steps()) {
            int least = gates.shadow() ? 0 : 1;
            if (step.percent() < least || step.percent() > 100) {
                throw invalid("a step has " + step.percent() + " percent", "Use " + least + " to 100.");
            }
            if (step.hold().isNegative() || step.hold().compareTo(LONGEST_HOLD) > 0) {
                throw invalid("a step holds for " + step.hold(), "Use up to " + LONGEST_HOLD.toDays() + " days.");
            }
            if (step.calls() < 0 || step.calls() > MOST_CALLS) {
                throw invalid("a step wants " + step.calls() + " calls", "Use 0 to " + MOST_CALLS + ".");
            }
            if (step.instances().size() + step.tenants().size() > MOST_MEMBERS) {
                throw invalid("a step names too many", "Name at most " + MOST_MEMBERS + ".");
            }
        }
        boolean sound = isShare(gates.errors())
                && isShare(gates.refusals())
                && isShare(gates.differences())
                && gates.percentile() > 0
                && gates.percentile() < 1
                && gates.slowdown() >= 1
                && gates.slowdown() <= 1000
                && !gates.slack().isNegative()
                && gates.slack().compareTo(Duration.ofMinutes(10)) <= 0
                && gates.samples() >= 1
                && gates.samples() <= MOST_CALLS;
        if (!sound) {
            throw invalid(
                    "a gate is out of bounds",
                    "Shares and the percentile lie between 0 and 1, slowdown between 1 and 1000, slack up to 10 minutes,"
                            + " samples from 1.");
        }
    }

    private static boolean isShare(double value) {
        return value >= 0 && value <= 1;
    }

    private static ProblemException invalid(String why, String fix) {
        return Problem.of(CallerProblem.INVALID_REQUEST, "the rollout cannot begin: " + why, fix)
                .asException();
    }

    @Override
    public Page<Rollout> rollouts(AdapterName adapter, PageRequest page) {
        return rows.page(adapter, page);
    }

    @Override
    public Rollout rollout(UUID id) {
        return rows.require(id);
    }

    @Override
    public Rollout cancel(UUID id, Actor actor) {
        rows.cancel(id, actor);
        return rows.require(id);
    }
}
