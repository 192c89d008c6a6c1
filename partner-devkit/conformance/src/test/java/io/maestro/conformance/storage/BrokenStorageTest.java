package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenStorageTest {
    private static final String BEGIN = "<!-- broken adapters: written by BrokenStorageTest -->\n";
    private static final String END = "<!-- end of broken adapters -->\n";

    @TempDir
    Path folder;

    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(firstFailure(null)).isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<BrokenStorage, String> caught = new EnumMap<>(BrokenStorage.class);
        for (BrokenStorage broken : BrokenStorage.values()) {
            caught.put(broken, firstFailure(broken));
        }
        assertThat(caught).hasSizeGreaterThanOrEqualTo(15);
        assertThat(Set.copyOf(caught.values()))
                .as("tests that catch; were it one for all, the run itself would be broken")
                .hasSizeGreaterThanOrEqualTo(15);
        assertThat(caught)
                .allSatisfy((broken, test) -> assertThat(test)
                        .as("%s, which %s, is caught", broken, broken.fault())
                        .isNotEmpty());

        Path page = Path.of(Objects.requireNonNull(System.getProperty("maestro.page"), "maestro.page"));
        String text = Files.readString(page);
        String table = Arrays.stream(BrokenStorage.values())
                .map(broken -> "| " + broken.fault() + " | `" + caught.get(broken) + "` |\n")
                .collect(Collectors.joining("", "| an adapter that … | is caught by |\n| --- | --- |\n", ""));
        assertThat(text).contains(BEGIN, END);
        String expected = text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + "\n" + table + "\n"
                + text.substring(text.indexOf(END));
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page))
                .as("write it anew with -Ddocs.update=true -Dtest=BrokenStorageTest")
                .isEqualTo(expected);
    }

    /** Runs the kit until it finds something; empty when it does not. */
    private String firstFailure(@Nullable BrokenStorage broken) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(BrokenStorageRun.class))
                .configurationParameter(BrokenStorageRun.FOLDER, folder.toString());
        if (broken != null) {
            request.configurationParameter(BrokenStorageRun.BROKEN, broken.name());
        }
        CancellationToken enough = CancellationToken.create();
        FirstFailure first = new FirstFailure(enough);
        LauncherFactory.create()
                .execute(LauncherExecutionRequestBuilder.request(request.build())
                        .listeners(first)
                        .cancellationToken(enough)
                        .build());
        assertThat(first.tests).as("tests of the kit that ran").isPositive();
        return first.failure;
    }

    private static final class FirstFailure implements TestExecutionListener {
        private final CancellationToken enough;
        private String failure = "";
        private int tests;

        FirstFailure(CancellationToken enough) {
            this.enough = enough;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                tests++;
            }
            if (result.getStatus() == TestExecutionResult.Status.FAILED && failure.isEmpty()) {
                failure = test.getSource()
                        .map(MethodSource.class::cast)
                        .map(source -> source.getClassName().replaceAll(".*\\$", "") + "." + source.getMethodName())
                        .orElseThrow();
                enough.cancel();
            }
        }
    }
}
