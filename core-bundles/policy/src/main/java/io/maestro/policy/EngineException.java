package io.maestro.policy;

/** A question that has no answer; which is a refusal. */
final class EngineException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why, for the administrator. */
    EngineException(String why) {
        super(why);
    }

    EngineException(String why, Throwable cause) {
        super(why, cause);
    }
}
