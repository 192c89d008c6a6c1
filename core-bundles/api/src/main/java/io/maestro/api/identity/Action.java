package io.maestro.api.identity;

/** What an endpoint does, as far as rights are concerned. Every endpoint names exactly one. */
public enum Action {
    /** Reads or ends what is the caller's own: who it is, its session. Any principal may, even one without a role. */
    SELF,
    /** Reads what is common to the installation: definitions, publishers. Any role may. */
    PLATFORM_READ,
    /** Changes what belongs to the installation: publishers, tenants, tokens of the installation. */
    PLATFORM_WRITE,
    /** Reads what was done or attempted in the installation: security events, receipts, tokens. */
    PLATFORM_AUDIT,
    /** Lists tenants: all of them, or for a principal within a tenant its own. */
    TENANT_LIST,
    /** Hands in an artifact. */
    ARTIFACT_SUBMIT,
    /** Reads which artifacts were refused, and why. */
    QUARANTINE_READ,
    /** Reads within a tenant. */
    TENANT_READ,
    /** Calls an operation of an instance. */
    TENANT_CALL,
    /** Changes a tenant: instances, environments, secrets, and who may get in. */
    TENANT_WRITE,
    /** Reads what was done in a tenant, and who may get in: receipts, accesses to secrets, tokens, sessions. */
    TENANT_AUDIT,
    /** Follows what happens: of that, what the principal may read. */
    LIVE_READ,
    /** Sees what waits for a second person, within the principal's own confines. */
    APPROVAL_READ,
    /** Approves or rejects what waits for a second person, within the principal's own confines. */
    APPROVAL_DECIDE
}
