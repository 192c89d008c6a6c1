package io.maestro.model;

import static io.maestro.model.ProblemException.invalid;

/** The one rule for names that people choose and that appear in paths: lower case, digits and inner hyphens. */
final class Slug {
    private static final int LONGEST = 63;

    private Slug() {}

    /** Returns {@code value} unchanged, or throws an {@code invalid-name} problem that says what is allowed. */
    static String check(String what, String value) {
        if (value.isEmpty() || value.length() > LONGEST || !wellFormed(value)) {
            throw invalid(
                    CallerProblem.INVALID_NAME,
                    what + " \"" + printable(value) + "\" is not a valid name",
                    "Use 1 to 63 lower-case letters, digits and inner hyphens, starting with a letter or digit.");
        }
        return value;
    }

    private static boolean wellFormed(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean innerHyphen = c == '-' && i > 0 && i < value.length() - 1;
            if (!letterOrDigit && !innerHyphen) {
                return false;
            }
        }
        return true;
    }

    /** What an outsider sent, shortened and with control characters replaced, fit for a message. */
    static String printable(String value) {
        String shortened = value.length() <= 80 ? value : value.substring(0, 80) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
