package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;

/**
 * Problems of tokens, of the network and of the provider. Neither what a token holds nor what the provider wrote is quoted:
 * both may hold what is confidential.
 */
final class Failures {
    private Failures() {}

    static ProblemException problem(IdentityProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    static ProblemException misconfigured(String detail, String fix) {
        return problem(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, detail, fix);
    }

    static ProblemException malformed(String detail) {
        return problem(
                IdentityProblem.TOKEN_MALFORMED, detail, "Send a signed token of the provider, exactly as it gave it.");
    }

    static ProblemException unreachable(String detail, Throwable cause) {
        return unreachable(detail).asException(cause);
    }

    static Problem unreachable(String detail) {
        return Problem.of(
                        IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE,
                        detail,
                        "Check that the issuer of the instance is right and that the provider runs, then try again.")
                .with(Retry.after(Duration.ZERO));
    }

    /** Nobody can be logged in now; counts against no instance. */
    static ProblemException loginLater(String detail) {
        return Problem.of(
                        IdentityProblem.LOGIN_UNAVAILABLE,
                        detail,
                        "Log in again in a while; if it lasts, look at the provider.")
                .with(Retry.after(Duration.ofSeconds(2)))
                .asException();
    }

    static ProblemException closed() {
        return problem(IdentityProblem.IDENTITY_CLOSED, "the instance was closed", "Start the instance and try again.");
    }

    /** The same problem, once more: an exception that several callers share would mix up their stacks. */
    static ProblemException again(ProblemException failure) {
        return failure.problem().asException(failure);
    }
}
