package io.maestro.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for machines (code, category, status) and for tired people (title, detail, fix). Becomes an
 * {@code application/problem+json} body by <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>.
 *
 * @param code stable, lower-case words joined by hyphens; documented in {@code docs/reference/problems.md}
 * @param category whose move it is
 * @param status the HTTP status that says the same, 400 to 599
 * @param title what kind of problem; constant per code
 * @param detail what happened this time; never holds a secret or an internal detail
 * @param fix what to do about it, or null when the detail says it all
 * @param violations the places that break a rule; empty when there are none
 * @param retry whether the same call may be tried again
 * @param members what programs are told beyond that: further members of the body, by RFC 9457 §3.2; usually none
 */
public record Problem(
        String code,
        ProblemCategory category,
        int status,
        String title,
        String detail,
        @Nullable String fix,
        List<Violation> violations,
        Retry retry,
        Map<String, Json> members) {

    /** Copies list and map, and checks the status. */
    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not an error status: " + status);
        }
        violations = List.copyOf(violations);
        members = Map.copyOf(members);
    }

    /** A problem without further members. */
    public Problem(
            String code,
            ProblemCategory category,
            int status,
            String title,
            String detail,
            @Nullable String fix,
            List<Violation> violations,
            Retry retry) {
        this(code, category, status, title, detail, fix, violations, retry, Map.of());
    }

    /** A problem of a catalogued kind that trying again does not mend. */
    public static Problem of(ProblemCode code, String detail, @Nullable String fix) {
        return new Problem(
                code.code(), code.category(), code.status(), code.title(), detail, fix, List.of(), Retry.never());
    }

    /** The same problem with these violations. */
    public Problem with(List<Violation> found) {
        return new Problem(code, category, status, title, detail, fix, found, retry, members);
    }

    /** The same problem with this retry advice. */
    public Problem with(Retry advice) {
        return new Problem(code, category, status, title, detail, fix, violations, advice, members);
    }

    /** The same problem with these further members, whose names are none of the usual ones. */
    public Problem with(Map<String, Json> further) {
        return new Problem(code, category, status, title, detail, fix, violations, retry, further);
    }

    /** The same problem, thrown. */
    public ProblemException asException() {
        return new ProblemException(this);
    }

    /** The same problem, thrown because of {@code cause}, which is for the log only. */
    public ProblemException asException(Throwable cause) {
        return new ProblemException(this, cause);
    }
}
