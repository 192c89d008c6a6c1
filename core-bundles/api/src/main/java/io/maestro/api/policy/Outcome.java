package io.maestro.api.policy;

/** How a decision ended. */
public enum Outcome {
    /** It may be done. */
    ALLOW,
    /** It may not. */
    DENY,
    /** It may be done once a second person has approved it. */
    APPROVAL,
    /** The policy could not be asked; so it may not be done. */
    UNAVAILABLE
}
