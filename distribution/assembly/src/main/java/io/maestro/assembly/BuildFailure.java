package io.maestro.assembly;

/** Why there is no distribution, in one line. */
final class BuildFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BuildFailure(String message) {
        super(message);
    }
}
