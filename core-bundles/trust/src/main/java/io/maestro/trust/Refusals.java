package io.maestro.trust;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.List;

/** Makes the exceptions by which a check refuses an artifact. */
final class Refusals {
    private static final int LONGEST = 120;

    private Refusals() {}

    static ProblemException of(TrustProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    /** Refuses because of one place: an entry or a header. */
    static ProblemException at(TrustProblem code, String place, String detail, String fix) {
        return Problem.of(code, detail, fix)
                .with(List.of(new Violation(printable(place), detail)))
                .asException();
    }

    /** Refuses because of at least one place; the detail tells the first. */
    static ProblemException of(TrustProblem code, List<Violation> violations, String fix) {
        Violation first = violations.getFirst();
        String place = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return Problem.of(code, place + first.detail() + more, fix)
                .with(violations)
                .asException();
    }

    static ProblemException damaged(String detail) {
        return of(TrustProblem.ARTIFACT_TRUNCATED, detail, "Build or transfer the jar again.");
    }

    /** What an outsider wrote, shortened and without invisible characters. */
    static String printable(String text) {
        String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return shortened.replaceAll("\\p{C}", "?");
    }
}
