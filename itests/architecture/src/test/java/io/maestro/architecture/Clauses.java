package io.maestro.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the package headers of a bundle's manifest. */
final class Clauses {
    private static final Pattern PARAMETER = Pattern.compile("([\\w.-]+):?=(?:\"([^\"]*)\"|([^\";]*))");

    private Clauses() {}

    /** The clauses of a header, by name; empty when there is none. */
    static List<Clause> of(Attributes headers, String header) {
        String value = headers.getValue(header);
        List<Clause> clauses = new ArrayList<>();
        for (String clause : value == null ? List.<String>of() : split(value, ',')) {
            List<String> parts = split(clause, ';');
            String version = null;
            for (String part : parts.subList(1, parts.size())) {
                Matcher parameter = PARAMETER.matcher(part);
                if (parameter.matches() && parameter.group(1).equals("version")) {
                    version = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
                }
            }
            clauses.add(new Clause(parts.getFirst(), version));
        }
        return clauses.stream()
                .sorted((left, right) -> left.name().compareTo(right.name()))
                .toList();
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == separator && !quoted)) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }

    /**
     * One package of a header.
     *
     * @param version its version or range, null when none is given
     */
    record Clause(String name, @Nullable String version) {
        String versioned() {
            return name + (version == null ? "" : " " + version);
        }
    }
}
