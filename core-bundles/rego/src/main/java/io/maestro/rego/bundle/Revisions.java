package io.maestro.rego.bundle;

/** The order of revisions as people count: digits by their number, the rest by its characters. */
final class Revisions {
    private Revisions() {}

    static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() && j < other.length()) {
            if (isDigit(one.charAt(i)) && isDigit(other.charAt(j))) {
                int iEnd = end(one, i);
                int jEnd = end(other, j);
                String left = stripped(one.substring(i, iEnd));
                String right = stripped(other.substring(j, jEnd));
                int order = left.length() != right.length()
                        ? Integer.compare(left.length(), right.length())
                        : left.compareTo(right);
                if (order != 0) {
                    return order;
                }
                i = iEnd;
                j = jEnd;
            } else {
                int order = Character.compare(one.charAt(i++), other.charAt(j++));
                if (order != 0) {
                    return order;
                }
            }
        }
        return Integer.compare(one.length() - i, other.length() - j);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int end(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static String stripped(String digits) {
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.substring(zeros);
    }
}
