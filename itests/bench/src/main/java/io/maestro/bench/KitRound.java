package io.maestro.bench;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The program of a process that runs one kit once, on the class path of its adapter's tests. */
public final class KitRound {
    /** Begins each line that names a failure. */
    static final String MARK = "FAILED ";

    private KitRound() {}

    /** Argument: the class that runs the kit. Exit code 0 when tests were found and none failed. */
    public static void main(String[] arguments) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(arguments[0]))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        tell(summary, System.out);
        boolean passed = summary.getTestsSucceededCount() > 0 && summary.getTotalFailureCount() == 0;
        System.exit(passed ? 0 : 1);
    }

    private static void tell(TestExecutionSummary summary, PrintStream out) {
        out.println(summary.getTestsSucceededCount() + " of " + summary.getTestsFoundCount() + " tests passed");
        summary.getFailures()
                .forEach(failure ->
                        out.println(MARK + failure.getTestIdentifier().getDisplayName() + ": "
                                + failure.getException().toString().replace('\n', ' ')));
        summary.printFailuresTo(new PrintWriter(out, true, StandardCharsets.UTF_8), 50);
    }
}
