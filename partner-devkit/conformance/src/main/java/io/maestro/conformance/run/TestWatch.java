package io.maestro.conformance.run;

import io.maestro.conformance.run.KitReport.Outcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Writes down how the tests of a run end, and tells people about those that do not pass. */
final class TestWatch implements TestExecutionListener {
    private static final int LONGEST_FAILURE = 2000;

    private final PrintStream people;
    private final UnaryOperator<String> masked;
    private final Map<String, Long> begun = new HashMap<>();
    private final List<KitReport.Test> tests = new ArrayList<>();
    private final List<String> notTried = new ArrayList<>();

    /** @param masked takes out of a text what must not be told */
    TestWatch(PrintStream people, UnaryOperator<String> masked) {
        this.people = people;
        this.masked = masked;
    }

    List<KitReport.Test> tests() {
        return List.copyOf(tests);
    }

    List<String> notTried() {
        return List.copyOf(notTried);
    }

    boolean passed() {
        return tests.stream().anyMatch(test -> test.outcome() == Outcome.PASSED)
                && tests.stream().noneMatch(test -> test.outcome() == Outcome.FAILED);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        begun.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        notTried.add(name(test) + ": " + reason);
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        entry.getKeyValuePairs().forEach((key, value) -> notTried.add(name(test) + ": " + value));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Throwable thrown = result.getThrowable().orElse(null);
        // a part that cannot begin fails without any of its tests
        if (!test.isTest() && result.getStatus() != TestExecutionResult.Status.FAILED) {
            return;
        }
        String failure = thrown == null ? null : shortened(masked.apply(thrown.toString()));
        Outcome outcome = switch (result.getStatus()) {
            case SUCCESSFUL -> Outcome.PASSED;
            case FAILED -> Outcome.FAILED;
            case ABORTED -> Outcome.NOT_TRIED;
        };
        long nanos = System.nanoTime() - Objects.requireNonNull(begun.remove(test.getUniqueId()));
        tests.add(new KitReport.Test(name(test), outcome, nanos / 1_000_000, failure));
        switch (outcome) {
            case PASSED -> {}
            case FAILED -> people.println("failed: " + name(test) + "\n  " + failure);
            case NOT_TRIED -> notTried.add(name(test) + ": " + failure);
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource().map(TestWatch::name).orElse(test.getDisplayName());
    }

    private static String name(TestSource source) {
        return switch (source) {
            case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
            case ClassSource whole -> simple(whole.getClassName());
            default -> source.toString();
        };
    }

    private static String simple(String className) {
        return className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_FAILURE ? text : text.substring(0, LONGEST_FAILURE) + " …";
    }
}
