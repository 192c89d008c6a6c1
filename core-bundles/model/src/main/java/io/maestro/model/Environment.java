package io.maestro.model;

/**
 * Names a stage within a tenant, for example {@code dev}, {@code staging} or {@code prod}.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record Environment(String value) implements Comparable<Environment> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public Environment {
        Slug.check("environment", value);
    }

    @Override
    public int compareTo(Environment other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
