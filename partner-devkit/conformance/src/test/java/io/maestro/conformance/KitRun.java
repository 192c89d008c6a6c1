package io.maestro.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Predicate;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of a kit until it finds something. */
public final class KitRun implements TestExecutionListener {
    private final CancellationToken enough = CancellationToken.create();
    private String failure = "";
    private int tests;

    private KitRun() {}

    /** The first test of the kit that fails, as part and test; empty when none does. */
    public static String firstFailure(Class<?> kit, Map<String, String> parameters) {
        return run(kit, parameters, test -> true);
    }

    /** Runs one test of the kit, given as part and test; gives it back when it fails, and nothing when it does not. */
    public static String failure(Class<?> kit, Map<String, String> parameters, String test) {
        return run(kit, parameters, test::equals);
    }

    private static String run(Class<?> kit, Map<String, String> parameters, Predicate<String> wanted) {
        KitRun run = new KitRun();
        LauncherFactory.create()
                .execute(LauncherExecutionRequestBuilder.request(LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(kit))
                                .configurationParameters(parameters)
                                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(!test.isTest()
                                        || test.getSource()
                                                .map(KitRun::name)
                                                .filter(wanted)
                                                .isPresent()))
                                .build())
                        .listeners(run)
                        .cancellationToken(run.enough)
                        .build());
        assertThat(run.tests).as("tests of the kit that ran").isPositive();
        return run.failure;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            tests++;
        }
        if (result.getStatus() == TestExecutionResult.Status.FAILED && failure.isEmpty()) {
            failure = test.getSource().map(KitRun::name).orElseThrow();
            enough.cancel();
        }
    }

    private static String name(TestSource source) {
        MethodSource method = (MethodSource) source;
        return method.getClassName().replaceAll(".*\\$", "") + "." + method.getMethodName();
    }
}
