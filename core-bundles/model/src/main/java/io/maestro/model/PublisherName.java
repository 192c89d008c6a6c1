package io.maestro.model;

/**
 * Names who signs artifacts.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record PublisherName(String value) implements Comparable<PublisherName> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public PublisherName {
        Slug.check("publisher", value);
    }

    @Override
    public int compareTo(PublisherName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
