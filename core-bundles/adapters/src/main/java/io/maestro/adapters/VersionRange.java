package io.maestro.adapters;

import io.maestro.model.AdapterVersion;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions will do: comparisons with spaces between them that all have to hold, as npm writes them. {@code ^1.2.3}
 * is every version from there that keeps the leftmost number that is not zero, {@code ~1.2.3} every version from there
 * that keeps major and minor, {@code *} any.
 *
 * <p>A pre-release will do only when one of the comparisons names one: nobody gets a beta who did not ask.
 *
 * @param text as written
 * @param preReleases whether one of the comparisons names a pre-release
 */
record VersionRange(String text, boolean preReleases, List<Comparison> comparisons) {
    /** Any version that is no pre-release. */
    static final VersionRange ANY = new VersionRange("*", false, List.of());

    private static final int LONGEST = 200;
    private static final int MOST = 8;
    private static final Pattern COMPARISON = Pattern.compile("(>=|<=|>|<|=|\\^|~)?([0-9][0-9A-Za-z.-]*)");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    VersionRange {
        comparisons = List.copyOf(comparisons);
    }

    /** One bound. */
    record Comparison(Sign sign, AdapterVersion version) {
        boolean holds(AdapterVersion other) {
            int order = other.compareTo(version);
            return switch (sign) {
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case EQUAL -> order == 0;
                case AT_LEAST -> order >= 0;
                case MORE -> order > 0;
            };
        }
    }

    enum Sign {
        LESS,
        AT_MOST,
        EQUAL,
        AT_LEAST,
        MORE
    }

    /** Reads a range, or fails with {@link CallerProblem#INVALID_REQUEST}. */
    static VersionRange parse(String text) {
        String stripped = text.strip();
        if (stripped.equals("*")) {
            return ANY;
        }
        String[] parts = stripped.length() > LONGEST ? new String[0] : stripped.split(" +", MOST + 1);
        if (parts.length == 0 || parts.length > MOST) {
            throw invalid("it is empty, or longer than " + LONGEST + " characters or " + MOST + " comparisons");
        }
        List<Comparison> comparisons = new ArrayList<>();
        boolean preReleases = false;
        for (String part : parts) {
            Matcher comparison = COMPARISON.matcher(part);
            if (!comparison.matches()) {
                throw invalid("it has a part that is no comparison");
            }
            String sign = comparison.group(1) == null ? "=" : comparison.group(1);
            AdapterVersion version = new AdapterVersion(comparison.group(2));
            preReleases |= preRelease(version);
            add(comparisons, sign, version);
        }
        return new VersionRange(stripped, preReleases, comparisons);
    }

    boolean contains(AdapterVersion version) {
        return (preReleases || !preRelease(version)) && comparisons.stream().allMatch(bound -> bound.holds(version));
    }

    static boolean preRelease(AdapterVersion version) {
        return version.value().indexOf('-') >= 0;
    }

    private static void add(List<Comparison> comparisons, String sign, AdapterVersion version) {
        switch (sign) {
            case "<" -> comparisons.add(new Comparison(Sign.LESS, version));
            case "<=" -> comparisons.add(new Comparison(Sign.AT_MOST, version));
            case ">" -> comparisons.add(new Comparison(Sign.MORE, version));
            case ">=" -> comparisons.add(new Comparison(Sign.AT_LEAST, version));
            case "^", "~" -> {
                comparisons.add(new Comparison(Sign.AT_LEAST, version));
                comparisons.add(new Comparison(Sign.LESS, end(version, sign.equals("^"))));
            }
            default -> comparisons.add(new Comparison(Sign.EQUAL, version));
        }
    }

    /** The first version that is too new; the -0 keeps its own pre-releases out. */
    private static AdapterVersion end(AdapterVersion version, boolean caret) {
        Matcher numbers = NUMBERS.matcher(version.value());
        if (!numbers.matches()) {
            throw new IllegalStateException("validated when made");
        }
        BigInteger major = new BigInteger(numbers.group(1));
        BigInteger minor = new BigInteger(numbers.group(2));
        BigInteger patch = new BigInteger(numbers.group(3));
        if (caret && major.signum() > 0) {
            return new AdapterVersion(major.add(BigInteger.ONE) + ".0.0-0");
        }
        if (!caret || minor.signum() > 0) {
            return new AdapterVersion(major + "." + minor.add(BigInteger.ONE) + ".0-0");
        }
        return new AdapterVersion("0.0." + patch.add(BigInteger.ONE) + "-0");
    }

    private static ProblemException invalid(String why) {
        return Problem.of(
                        CallerProblem.INVALID_REQUEST,
                        "the version range cannot be read: " + why,
                        "Write comparisons with spaces between them, for example >=1.2.0 <2.0.0, ^1.2.0, ~1.2.0 or 1.4.0.")
                .asException();
    }

    @Override
    public String toString() {
        return text;
    }
}
