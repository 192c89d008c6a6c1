package io.maestro.model;

/**
 * Names an adapter type: {@code identity}, {@code storage}, {@code payments} …
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record TypeName(String value) implements Comparable<TypeName> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public TypeName {
        Slug.check("type", value);
    }

    @Override
    public int compareTo(TypeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
