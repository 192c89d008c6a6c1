package io.maestro.model;

/**
 * Names an identity provider within a tenant, or within the installation.
 *
 * @param value lower-case letters, digits and inner hyphens, at most 63
 */
public record ProviderName(String value) {
    /** Throws an {@code invalid-name} problem when the name breaks the rule. */
    public ProviderName {
        Slug.check("identity provider", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
