package io.maestro.model;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version by <a href="https://semver.org/spec/v2.0.0.html">Semantic Versioning 2.0.0</a>, without build metadata.
 * Ordered by precedence (§11).
 *
 * @param value the version as written, at most 64 characters
 */
public record AdapterVersion(String value) implements Comparable<AdapterVersion> {
    private static final Pattern FORM =
            Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Throws a {@link ProblemException} with code {@code invalid-version} when the value is not such a version. */
    public AdapterVersion {
        if (value.length() > 64 || !FORM.matcher(value).matches()) {
            throw ProblemException.invalid(
                    CallerProblem.INVALID_VERSION,
                    "\"" + Slug.printable(value) + "\" is not a semantic version",
                    "Use MAJOR.MINOR.PATCH, for example 1.4.0 or 2.0.0-beta.1.");
        }
    }

    @Override
    public int compareTo(AdapterVersion other) {
        Matcher mine = FORM.matcher(value);
        Matcher theirs = FORM.matcher(other.value);
        if (!mine.matches() || !theirs.matches()) {
            throw new IllegalStateException("validated when made");
        }
        for (int group = 1; group <= 3; group++) {
            int order = new BigInteger(mine.group(group)).compareTo(new BigInteger(theirs.group(group)));
            if (order != 0) {
                return order;
            }
        }
        return comparePreRelease(mine.group(4), theirs.group(4));
    }

    private static int comparePreRelease(@Nullable String mine, @Nullable String theirs) {
        if (mine == null || theirs == null) {
            return mine == null ? (theirs == null ? 0 : 1) : -1;
        }
        String[] left = mine.split("\\.", -1);
        String[] right = theirs.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = IDENTIFIERS.compare(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    /** Numbers before words, numbers by size, words by ASCII order. */
    private static final Comparator<String> IDENTIFIERS = (left, right) -> {
        boolean leftNumber = NUMBER.matcher(left).matches();
        boolean rightNumber = NUMBER.matcher(right).matches();
        if (leftNumber && rightNumber) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        return leftNumber == rightNumber ? left.compareTo(right) : (leftNumber ? -1 : 1);
    };

    @Override
    public String toString() {
        return value;
    }
}
