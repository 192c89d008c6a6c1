package io.maestro.identity;

/** What an overstepping caller ran into. */
enum Rule {
    /** No good token. */
    UNAUTHENTICATED("unauthenticated"),
    /** Another tenant's. */
    TENANT_BOUNDARY("tenant-boundary"),
    /** Another environment's, or the whole tenant's from within one environment. */
    ENVIRONMENT_BOUNDARY("environment-boundary"),
    /** More than the role may. */
    ROLE("role"),
    /** Stands for the events that were too many to be kept. */
    SUPPRESSED("suppressed");

    private final String text;

    Rule(String text) {
        this.text = text;
    }

    /** As recorded. */
    String text() {
        return text;
    }
}
