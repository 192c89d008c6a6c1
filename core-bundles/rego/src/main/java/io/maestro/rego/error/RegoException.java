package io.maestro.rego.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A policy that cannot be compiled, or a question that has no answer. Carries no stack trace: it tells of the policy, not of
 * this library, and a policy can raise many.
 */
public final class RegoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<RegoError> errors;

    /** At least one error. */
    public RegoException(List<RegoError> errors) {
        super(errors.stream().map(RegoError::toString).collect(Collectors.joining("\n")), null, false, false);
        this.errors = List.copyOf(errors);
    }

    /** One error. */
    public RegoException(ErrorCode code, Location location, String message) {
        this(List.of(new RegoError(code, location, message)));
    }

    /** All that is wrong, in the order of the source. */
    public List<RegoError> errors() {
        return errors;
    }

    /** The code of the first error. */
    public ErrorCode code() {
        return errors.getFirst().code();
    }
}
