package io.maestro.api.identity;

/** What a principal may do, from most to least. */
public enum Role {
    /** Everything, in every tenant. */
    PLATFORM_ADMIN,
    /** Everything within one tenant. */
    TENANT_ADMIN,
    /** Reads and calls within one tenant, or one environment of it. */
    TENANT_DEVELOPER
}
