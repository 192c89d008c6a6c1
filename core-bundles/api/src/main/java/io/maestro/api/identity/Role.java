package io.maestro.api.identity;

/** What a principal may do. A principal has any number of them, and the rights of all. */
public enum Role {
    /** Everything, in every tenant. Of the installation. */
    PLATFORM_ADMIN(true, false),
    /** Everything within one tenant. */
    TENANT_ADMIN(false, true),
    /** Reads and calls within one tenant, or one environment of it. */
    TENANT_DEVELOPER(false, true),
    /** Submits artifacts. Of the installation. */
    PUBLISHER(true, false),
    /** Looks into what was submitted and refused. Of the installation. */
    REVIEWER(true, false),
    /** Reads everything, records of acts and attempts included, and changes nothing; of one tenant or of all. */
    AUDITOR(true, true),
    /** A program that reads and calls; within one tenant or in all. */
    SERVICE(true, true);

    private final boolean ofInstallation;
    private final boolean withinTenant;

    Role(boolean ofInstallation, boolean withinTenant) {
        this.ofInstallation = ofInstallation;
        this.withinTenant = withinTenant;
    }

    /** Whether a principal that is confined to no tenant can have it. */
    public boolean ofInstallation() {
        return ofInstallation;
    }

    /** Whether a principal that is confined to one tenant can have it. */
    public boolean withinTenant() {
        return withinTenant;
    }
}
