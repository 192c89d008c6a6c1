package io.maestro.model;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param limit how many items at most, 1 to {@value #LARGEST}
 * @param cursor the {@link Page#next} of the page before, or null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {
    /** The largest page. */
    public static final int LARGEST = 500;

    /** The page size when the caller names none. */
    public static final int USUAL = 50;

    /** Throws an {@code invalid-request} problem when the limit is out of bounds. */
    public PageRequest {
        if (limit < 1 || limit > LARGEST) {
            throw ProblemException.invalid(
                    CallerProblem.INVALID_REQUEST,
                    "the limit " + limit + " is not within 1 and " + LARGEST,
                    "Ask for 1 to " + LARGEST + " items and follow the cursor for more.");
        }
    }

    /** The first page of the usual size. */
    public static PageRequest first() {
        return new PageRequest(USUAL, null);
    }
}
