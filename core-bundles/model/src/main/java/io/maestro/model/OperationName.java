package io.maestro.model;

import java.util.regex.Pattern;

/**
 * Names an operation of an adapter type, for example {@code put_object}.
 *
 * @param value lower-case words joined by underscores, at most 64 characters
 */
public record OperationName(String value) implements Comparable<OperationName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    /** Throws a {@link ProblemException} with code {@code invalid-name} when the value is not a valid name. */
    public OperationName {
        if (value.length() > 64 || !FORM.matcher(value).matches()) {
            throw ProblemException.invalid(
                    CallerProblem.INVALID_NAME,
                    "operation \"" + Slug.printable(value) + "\" is not a valid name",
                    "Use lower-case words joined by underscores, for example put_object.");
        }
    }

    @Override
    public int compareTo(OperationName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
