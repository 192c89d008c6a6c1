package io.maestro.model;

/**
 * Names a tenant: the boundary of isolation, data and billing. Never null, and there is no default tenant.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record TenantId(String value) implements Comparable<TenantId> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public TenantId {
        Slug.check("tenant", value);
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
