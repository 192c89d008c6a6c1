package io.maestro.policy;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The order of revisions: as people read them, numbers by their size and the rest by its letters. */
final class RevisionOrder implements Comparator<String> {
    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");

    @Override
    public int compare(String one, String other) {
        List<String> mine = parts(one);
        List<String> others = parts(other);
        for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
            int order = comparePart(mine.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(mine.size(), others.size());
    }

    private static List<String> parts(String revision) {
        return PART.matcher(revision).results().map(found -> found.group()).toList();
    }

    private static int comparePart(String one, String other) {
        return isNumber(one) && isNumber(other)
                ? new BigInteger(one).compareTo(new BigInteger(other))
                : one.compareTo(other);
    }

    private static boolean isNumber(String part) {
        return part.charAt(0) >= '0' && part.charAt(0) <= '9';
    }
}
