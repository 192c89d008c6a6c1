package io.maestro.model;

/** The one exception type for failures that a caller is told about. Carries a {@link Problem}. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /** Throws {@code problem}. */
    public ProblemException(Problem problem) {
        super(problem.code() + ": " + problem.detail());
        this.problem = problem;
    }

    /** Throws {@code problem} because of {@code cause}, which is for the log only. */
    public ProblemException(Problem problem, Throwable cause) {
        super(problem.code() + ": " + problem.detail(), cause);
        this.problem = problem;
    }

    /** What went wrong. */
    public Problem problem() {
        return problem;
    }

    static ProblemException invalid(CallerProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }
}
