package io.maestro.api.identity;

/** What an endpoint does, as far as rights are concerned. Every endpoint names exactly one. */
public enum Action {
    /** Reads what belongs to the installation: definitions, publishers, quarantine. Any principal may. */
    PLATFORM_READ,
    /** Changes what belongs to the installation: uploads, publishers, tenants. Platform admins only. */
    PLATFORM_WRITE,
    /** Reads what only platform admins may see: tenants of others, security events. */
    PLATFORM_AUDIT,
    /** Reads within a tenant. */
    TENANT_READ,
    /** Calls an operation of an instance. */
    TENANT_CALL,
    /** Changes instances, environments and tokens of a tenant. Tenant admins and platform admins. */
    TENANT_WRITE
}
