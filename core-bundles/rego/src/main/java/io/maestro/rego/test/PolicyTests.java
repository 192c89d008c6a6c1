package io.maestro.rego.test;

import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.test.TestReport.Cost;
import io.maestro.rego.test.TestReport.Coverage;
import io.maestro.rego.test.TestReport.Outcome;
import io.maestro.rego.test.TestReport.Result;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Runs the tests of a policy, each in an evaluation of its own. Any thread; keeps nothing. */
public final class PolicyTests {
    private static final String TEST = "test_";
    private static final String POSTPONED = "todo_test_";

    private PolicyTests() {}

    /**
     * Runs all tests.
     *
     * @param question what each test is asked with; a test replaces input and data by {@code with}
     */
    public static TestReport run(Policy policy, Question question) {
        return run(policy, question, _ -> true);
    }

    /**
     * Runs some tests.
     *
     * @param question what each test is asked with; a test replaces input and data by {@code with}
     * @param wanted by name, for example {@code data.shop_test.test_owner}
     */
    public static TestReport run(Policy policy, Question question, Predicate<String> wanted) {
        Policy observable = policy.observable();
        List<Result> results = new ArrayList<>();
        Set<Location> held = new HashSet<>();
        Map<Location, long[]> costs = new HashMap<>();
        for (Policy.Rule rule : observable.rules()) {
            String name = rule.path().getLast();
            boolean test = name.startsWith(TEST) || name.startsWith(POSTPONED);
            if (!test || !wanted.test(shown(rule))) {
                continue;
            }
            if (name.startsWith(POSTPONED)) {
                results.add(new Result(shown(rule), rule.at(), Outcome.SKIPPED, null, 0, List.of(), List.of()));
            } else {
                Watcher watcher = new Watcher();
                results.add(run(observable, rule, question, watcher));
                held.addAll(watcher.held());
                watcher.spent().forEach((at, spent) -> {
                    long[] cost = costs.computeIfAbsent(at, _ -> new long[2]);
                    cost[0] += spent.times;
                    cost[1] += spent.nanos;
                });
            }
        }
        results.sort(Comparator.comparing(Result::name));
        return new TestReport(List.copyOf(results), coverage(observable.places(), held), profile(costs));
    }

    private static Result run(Policy policy, Policy.Rule rule, Question question, Watcher watcher) {
        long begin = System.nanoTime();
        Outcome outcome;
        String error = null;
        try {
            Value value = policy.evaluate(rule.path(), question, watcher);
            outcome = value != null && !value.isFalse() ? Outcome.PASSED : Outcome.FAILED;
        } catch (RegoException e) {
            outcome = Outcome.BROKEN;
            error = e.getMessage();
        }
        long nanos = System.nanoTime() - begin;
        List<String> trace = outcome == Outcome.PASSED ? List.of() : watcher.trace();
        return new Result(shown(rule), rule.at(), outcome, error, nanos, watcher.printed(), trace);
    }

    private static String shown(Policy.Rule rule) {
        return "data." + String.join(".", rule.path());
    }

    private static SortedMap<String, Coverage> coverage(List<Location> places, Set<Location> held) {
        SortedMap<String, SortedSet<Integer>> covered = new TreeMap<>();
        SortedMap<String, SortedSet<Integer>> missed = new TreeMap<>();
        for (Location place : places) {
            covered.computeIfAbsent(place.file(), _ -> new TreeSet<>());
            missed.computeIfAbsent(place.file(), _ -> new TreeSet<>());
            (held.contains(place) ? covered : missed)
                    .computeIfAbsent(place.file(), _ -> new TreeSet<>())
                    .add(place.row());
        }
        SortedMap<String, Coverage> coverage = new TreeMap<>();
        covered.forEach((file, rows) -> {
            SortedSet<Integer> never = missed.getOrDefault(file, new TreeSet<>());
            // a row with an expression that never held is not covered, whatever else stands in it
            rows.removeAll(never);
            coverage.put(file, new Coverage(rows, never));
        });
        return coverage;
    }

    private static List<Cost> profile(Map<Location, long[]> costs) {
        return costs.entrySet().stream()
                .map(entry -> new Cost(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .sorted(Comparator.comparingLong(Cost::nanos).reversed())
                .toList();
    }
}
