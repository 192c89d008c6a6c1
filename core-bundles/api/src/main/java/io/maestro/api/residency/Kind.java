package io.maestro.api.residency;

/**
 * What an item is, for example {@code evidence} or {@code artifact}; routes may differ by it.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record Kind(String value) {
    /** Throws an {@code invalid-name} problem when it is no name. */
    public Kind {
        Names.check("the kind", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
