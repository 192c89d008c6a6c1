package io.maestro.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of a kit, with its table of broken adapters. */
public final class KitPage {
    private static final String END = "<!-- end of broken adapters -->\n";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+) \\| `(.+)` \\|$");

    private KitPage() {}

    /**
     * Expects that each broken adapter is caught by the test that the table names for it. Only that one is run: which of
     * all tests fails first may be another one on a machine that has much else to do. With {@code docs.update}, and
     * where the table names none, the whole kit is run until it finds something; with the former, the table is written.
     *
     * @param name the page below docs/reference
     * @param test the test that writes it
     * @param kit the run of the kit
     * @param broken the parameters of the run by fault, in the order of the table
     */
    public static void tells(String name, String test, Class<?> kit, Map<String, Map<String, String>> broken)
            throws IOException {
        boolean update = Boolean.getBoolean("docs.update");
        Path page = Path.of(Objects.requireNonNull(System.getProperty("maestro.pages"), "maestro.pages"))
                .resolve(name);
        String begin = "<!-- broken adapters: written by " + test + " -->\n";
        String text = Files.readString(page);
        assertThat(text).contains(begin, END);
        Map<String, String> told = update ? Map.of() : rows(text.substring(text.indexOf(begin), text.indexOf(END)));
        Map<String, String> caught = new LinkedHashMap<>();
        broken.forEach((fault, parameters) -> {
            String by = told.get(fault);
            caught.put(fault, by == null ? KitRun.firstFailure(kit, parameters) : KitRun.failure(kit, parameters, by));
        });
        assertThat(caught)
                .allSatisfy((fault, by) -> assertThat(by)
                        .as("an adapter that %s is caught by %s", fault, told.getOrDefault(fault, "some test"))
                        .isNotEmpty())
                .hasSizeGreaterThanOrEqualTo(15);
        assertThat(Set.copyOf(caught.values()))
                .as("tests that catch; were it one for all, the run itself would be broken")
                .hasSizeGreaterThanOrEqualTo(15);
        String expected = text.substring(0, text.indexOf(begin) + begin.length()) + "\n" + table(caught) + "\n"
                + text.substring(text.indexOf(END));
        if (update) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page))
                .as("write it anew with -Ddocs.update=true -Dtest=" + test)
                .isEqualTo(expected);
    }

    private static Map<String, String> rows(String table) {
        return ROW.matcher(table).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
    }

    private static String table(Map<String, String> caught) {
        return caught.entrySet().stream()
                .map(entry -> "| " + entry.getKey() + " | `" + entry.getValue() + "` |\n")
                .collect(Collectors.joining("", "| an adapter that … | is caught by |\n| --- | --- |\n", ""));
    }
}
