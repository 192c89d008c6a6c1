package io.maestro.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call is refused as. */
public final class Refusal {
    private Refusal() {}

    /** Expects a problem of this kind, whole: code, category, status, title and what to do about it. */
    public static Problem of(ProblemCode code, ThrowingCallable act) {
        Problem problem = assertThatExceptionOfType(ProblemException.class)
                .as("the refusal " + code.code())
                .isThrownBy(act)
                .actual()
                .problem();
        assertThat(problem.code()).isEqualTo(code.code());
        assertThat(problem.category()).isEqualTo(code.category());
        assertThat(problem.status()).isEqualTo(code.status());
        assertThat(problem.title()).isEqualTo(code.title());
        assertThat(problem.detail()).isNotBlank();
        assertThat(problem.fix()).isNotBlank();
        return problem;
    }
}
