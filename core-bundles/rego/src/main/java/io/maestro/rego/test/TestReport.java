package io.maestro.rego.test;

import io.maestro.rego.error.Location;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of a policy showed.
 *
 * @param results in the order of their names
 * @param coverage by file, test files included
 * @param profile what was evaluated how often and how long, the longest first
 */
public record TestReport(List<Result> results, SortedMap<String, Coverage> coverage, List<Cost> profile) {
    /** How a test ended. */
    public enum Outcome {
        /** The rule was true. */
        PASSED,
        /** It was undefined or false. */
        FAILED,
        /** It could not be evaluated. */
        BROKEN,
        /** Its name begins with {@code todo_test_}. */
        SKIPPED
    }

    /**
     * One test.
     *
     * @param error why it is broken; null otherwise
     * @param printed what it printed
     * @param trace what it did, for a test that did not pass: the last lines when there are many
     */
    public record Result(
            String name,
            Location at,
            Outcome outcome,
            @Nullable String error,
            long nanos,
            List<String> printed,
            List<String> trace) {}

    /** The rows of a file whose expressions held, or never did. */
    public record Coverage(SortedSet<Integer> covered, SortedSet<Integer> missed) {
        /** In percent; 100 for a file without rules. */
        public double percent() {
            int all = covered.size() + missed.size();
            return all == 0 ? 100 : 100.0 * covered.size() / all;
        }
    }

    /** What one expression cost in all tests: without what it called. */
    public record Cost(Location at, long times, long nanos) {}

    /** Whether no test failed or was broken. */
    public boolean passed() {
        return results.stream()
                .allMatch(result -> result.outcome() == Outcome.PASSED || result.outcome() == Outcome.SKIPPED);
    }

    /** How many tests ended so. */
    public long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    /** The share of rows that are covered in all files but those that hold tests, in percent. */
    public double percent() {
        int covered = 0;
        int all = 0;
        for (Map.Entry<String, Coverage> entry : coverage.entrySet()) {
            if (!entry.getKey().endsWith("_test.rego")) {
                covered += entry.getValue().covered().size();
                all += entry.getValue().covered().size()
                        + entry.getValue().missed().size();
            }
        }
        return all == 0 ? 100 : 100.0 * covered / all;
    }
}
