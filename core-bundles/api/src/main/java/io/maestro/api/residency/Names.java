package io.maestro.api.residency;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The rules for names of this package: those of all names, and that of keys. */
final class Names {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Names() {}

    static void check(String what, String value) {
        if (value.length() > 63 || !SLUG.matcher(value).matches()) {
            throw Problem.of(
                            CallerProblem.INVALID_NAME,
                            what + " \"" + printable(value) + "\" is not a valid name",
                            "Use 1 to 63 lower-case letters, digits and inner hyphens, starting with a letter or digit.")
                    .asException();
        }
    }

    static void checkKey(String key) {
        boolean fit = !key.isEmpty()
                && key.length() <= ItemName.LONGEST_KEY
                && key.chars().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(key);
        if (!fit) {
            throw Problem.of(
                            ResidencyProblem.DATA_KEY_INVALID,
                            "the key \"" + printable(key) + "\" names no item",
                            "Use 1 to " + ItemName.LONGEST_KEY + " characters, none of them a control character.")
                    .asException();
        }
    }

    /** What an outsider sent, shortened and with control characters replaced, fit for a message. */
    private static String printable(String value) {
        String shortened = value.length() <= 80 ? value : value.substring(0, 80) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
