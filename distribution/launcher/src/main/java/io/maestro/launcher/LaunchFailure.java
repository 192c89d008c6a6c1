package io.maestro.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a node does not start: one line for the person at the terminal, and the process's exit code. */
final class LaunchFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Something is wrong with what the node was given or found. */
    static final int FAILED = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** Another node works on the data folder. */
    static final int IN_USE = 3;

    private final int exitCode;

    private final transient List<String> details;

    LaunchFailure(int exitCode, String message) {
        this(exitCode, message, List.of(), null);
    }

    LaunchFailure(String message, Throwable cause) {
        this(FAILED, message, List.of(), cause);
    }

    /** A failure with lines that say more, for example which references of which component are missing. */
    LaunchFailure(int exitCode, String message, List<String> details, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.details = List.copyOf(details);
    }

    int exitCode() {
        return exitCode;
    }

    List<String> details() {
        return details;
    }
}
