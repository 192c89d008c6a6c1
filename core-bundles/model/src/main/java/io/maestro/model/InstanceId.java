package io.maestro.model;

/**
 * Names an adapter instance; unique within its scope.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record InstanceId(String value) implements Comparable<InstanceId> {
    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public InstanceId {
        Slug.check("instance", value);
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
