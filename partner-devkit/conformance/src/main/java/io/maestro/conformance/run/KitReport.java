package io.maestro.conformance.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run of a kit, for machines; see {@code docs/reference/adapter-test.md}.
 *
 * @param format names this form and its version
 * @param adapter name and version of the adapter, as its manifest says
 * @param digest of the jar that was tried
 * @param type the adapter's type, whose kit it was
 * @param contractVersion the contract that the adapter says to keep
 * @param kit digest of the jar with the kit
 * @param peer what the outside system is called
 * @param startedAt when the run began, ISO 8601
 * @param endedAt when it ended
 * @param passed whether some tests passed and none failed
 * @param tests each test
 * @param notTried what was left out, and why
 */
record KitReport(
        String format,
        String adapter,
        String digest,
        String type,
        String contractVersion,
        @Nullable String kit,
        String peer,
        String startedAt,
        String endedAt,
        boolean passed,
        List<Test> tests,
        List<String> notTried) {
    static final String FORMAT = "maestro-kit-result/1";

    /** How a test ended. */
    enum Outcome {
        PASSED,
        FAILED,
        NOT_TRIED
    }

    /**
     * One test.
     *
     * @param name its part and itself
     * @param failure what it says when it failed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Test(
            String name,
            Outcome outcome,
            long millis,
            @Nullable String failure) {}
}
