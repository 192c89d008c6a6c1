package io.maestro.api.identity;

/** What an overstepping caller ran into; stands in its security event. */
public enum Rule {
    /** No good token. */
    UNAUTHENTICATED("unauthenticated"),
    /** Another tenant's. */
    TENANT_BOUNDARY("tenant-boundary"),
    /** Another environment's, or the whole tenant's from within one environment. */
    ENVIRONMENT_BOUNDARY("environment-boundary"),
    /** More than the role may. */
    ROLE("role"),
    /** A write by session cookie without what proves that our own page sent it. */
    CROSS_SITE("cross-site"),
    /** A token of an identity provider that it, or what it may grant, does not allow. */
    IDENTITY_PROVIDER("identity-provider"),
    /** A login that was not begun by this browser, or that the provider does not confirm. */
    LOGIN("login"),
    /** Data that would have been stored where it must not be. */
    RESIDENCY("residency"),
    /** Stands for the events that were too many to be kept. */
    SUPPRESSED("suppressed");

    private final String text;

    Rule(String text) {
        this.text = text;
    }

    /** As recorded. */
    public String text() {
        return text;
    }
}
