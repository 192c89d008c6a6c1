package io.maestro.model;

/**
 * Names an adapter; all its versions share the name.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record AdapterName(String value) implements Comparable<AdapterName> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public AdapterName {
        Slug.check("adapter", value);
    }

    @Override
    public int compareTo(AdapterName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
