package io.maestro.rego.builtins;

import io.maestro.rego.limit.Meter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether two patterns have a text in common that is not empty. The patterns are sequences of characters, points and sets, each
 * perhaps repeated by a star or a plus: nothing else.
 */
final class GlobIntersection {
    private static final int CHARACTERS = 256;

    /** One place of a pattern: which characters it takes, and whether none or many of them will do. */
    private record Place(BitSet takes, boolean optional, boolean repeated) {}

    private GlobIntersection() {}

    static boolean intersect(Meter meter, String left, String right) {
        List<Place> one = places(left);
        List<Place> other = places(right);
        meter.cells((long) (one.size() + 1) * (other.size() + 1));
        Set<Long> seen = new HashSet<>();
        List<long[]> open = new ArrayList<>(List.of(new long[] {0, 0, 0}));
        while (!open.isEmpty()) {
            meter.step();
            long[] state = open.removeLast();
            int i = (int) state[0];
            int j = (int) state[1];
            if (!seen.add(((long) i << 33) | ((long) j << 1) | state[2])) {
                continue;
            }
            if (i == one.size() && j == other.size()) {
                if (state[2] == 1) {
                    return true;
                }
                continue;
            }
            if (i < one.size() && one.get(i).optional()) {
                open.add(new long[] {i + 1, j, state[2]});
            }
            if (j < other.size() && other.get(j).optional()) {
                open.add(new long[] {i, j + 1, state[2]});
            }
            if (i < one.size()
                    && j < other.size()
                    && one.get(i).takes().intersects(other.get(j).takes())) {
                consume(one.get(i), other.get(j), i, j, open);
            }
        }
        return false;
    }

    private static void consume(Place left, Place right, int i, int j, List<long[]> open) {
        open.add(new long[] {i + 1, j + 1, 1});
        if (left.repeated()) {
            open.add(new long[] {i, j + 1, 1});
        }
        if (right.repeated()) {
            open.add(new long[] {i + 1, j, 1});
        }
        if (left.repeated() && right.repeated()) {
            open.add(new long[] {i, j, 1});
        }
    }

    private static List<Place> places(String pattern) {
        List<Place> places = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            BitSet takes = new BitSet(CHARACTERS);
            char c = pattern.charAt(at++);
            switch (c) {
                case '.' -> takes.set(0, CHARACTERS);
                case '\\' -> {
                    if (at == pattern.length()) {
                        throw invalid(pattern, at, "escape with nothing after it");
                    }
                    takes.set(pattern.charAt(at++) % CHARACTERS);
                }
                case '[' -> at = set(pattern, at, takes);
                case ']' -> throw invalid(pattern, at, "set-close ']' with no preceding '['");
                case '*', '+' -> throw invalid(pattern, at, "flag '" + c + "' must be preceded by a non-flag");
                default -> takes.set(c % CHARACTERS);
            }
            char flag = at < pattern.length() ? pattern.charAt(at) : 0;
            boolean flagged = flag == '*' || flag == '+';
            at += flagged ? 1 : 0;
            places.add(new Place(takes, flag == '*', flagged));
        }
        return places;
    }

    private static int set(String pattern, int from, BitSet takes) {
        int at = from;
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (pattern.charAt(at) == '\\' && at + 1 < pattern.length()) {
                at++;
            }
            int first = pattern.charAt(at) % CHARACTERS;
            if (at + 2 < pattern.length() && pattern.charAt(at + 1) == '-' && pattern.charAt(at + 2) != ']') {
                int last = pattern.charAt(at + 2) % CHARACTERS;
                if (last < first) {
                    throw invalid(pattern, at, "range is out of order");
                }
                takes.set(first, last + 1);
                at += 3;
            } else {
                takes.set(first);
                at++;
            }
        }
        if (at == pattern.length()) {
            throw invalid(pattern, at, "set without closing ']'");
        }
        return at + 1;
    }

    private static BuiltinException invalid(String pattern, int at, String why) {
        return BuiltinException.of(
                "regex.globs_match",
                "input:" + pattern + ", pos:" + at + ", " + why + ": the input provided is invalid");
    }
}
