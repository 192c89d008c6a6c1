package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.model.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem as it crosses the wire, by RFC 9457.
 *
 * @param type names the kind; the code stands at its end
 * @param instance the path of the request; left out where a problem stands within another document
 * @param retryAfterMs how long to wait at least; left out when nothing is known
 * @param correlationId finds the request in the log; left out where a problem stands within another document
 * @param members what only some kinds of problems tell, for example {@code approvalId}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemBody(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        String category,
        @Nullable String fix,
        List<Violation> violations,
        boolean retryable,
        @Nullable Long retryAfterMs,
        @Nullable String correlationId,
        @JsonIgnore Map<String, Json> members) {

    /** Further members stand beside the others. */
    @JsonAnyGetter
    Map<String, Json> further() {
        return members;
    }

    /** The answer to a request. */
    static ProblemBody of(Problem problem, @Nullable String instance, @Nullable String correlationId) {
        boolean retryable = false;
        Long retryAfterMs = null;
        if (problem.retry() instanceof Retry.After(Duration delay)) {
            retryable = true;
            retryAfterMs = delay.isZero() ? null : delay.toMillis();
        }
        return new ProblemBody(
                "urn:maestro:problem:" + problem.code(),
                problem.title(),
                problem.status(),
                problem.detail(),
                instance,
                problem.code(),
                Wire.word(problem.category()),
                problem.fix(),
                problem.violations(),
                retryable,
                retryAfterMs,
                correlationId,
                problem.members());
    }

    /** A problem within another document. */
    static @Nullable ProblemBody within(@Nullable Problem problem) {
        return problem == null ? null : of(problem, null, null);
    }
}
