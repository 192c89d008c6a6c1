package io.maestro.api.policy;

/** How seriously a rule is taken; how a new rule comes into force without surprise. */
public enum Mode {
    /** Only recorded. */
    SHADOW,
    /** Allowed; the caller is told, and it is counted. */
    WARN,
    /** Refused. */
    ENFORCE
}
