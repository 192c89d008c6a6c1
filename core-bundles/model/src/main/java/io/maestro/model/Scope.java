package io.maestro.model;

/**
 * Tenant and environment: where a thing belongs. The explicit first parameter of every scoped method.
 *
 * @param tenant the boundary of isolation
 * @param environment the stage within it
 */
public record Scope(TenantId tenant, Environment environment) {
    /** Makes a scope from the two names as they stand in a path. */
    public static Scope of(String tenant, String environment) {
        return new Scope(new TenantId(tenant), new Environment(environment));
    }

    @Override
    public String toString() {
        return tenant + "/" + environment;
    }
}
