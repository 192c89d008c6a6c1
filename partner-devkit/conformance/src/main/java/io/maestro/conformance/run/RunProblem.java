package io.maestro.conformance.run;

/** Why a kit cannot be run at all; says nothing about the adapter's conduct. The message is for people. */
final class RunProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    RunProblem(String message) {
        super(message);
    }
}
