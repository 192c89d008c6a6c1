package io.maestro.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page of a kit, with its table of broken adapters. */
public final class KitPage {
    private static final String END = "<!-- end of broken adapters -->\n";

    private KitPage() {}

    /**
     * Expects that the table says which fault is caught by which test; writes it first when {@code docs.update} is set.
     *
     * @param name the page below docs/reference
     * @param test the test that writes it
     * @param caught the tests by fault, in the order of the table
     */
    public static void tells(String name, String test, Map<String, String> caught) throws IOException {
        Path page = Path.of(Objects.requireNonNull(System.getProperty("maestro.pages"), "maestro.pages"))
                .resolve(name);
        String begin = "<!-- broken adapters: written by " + test + " -->\n";
        String text = Files.readString(page);
        assertThat(text).contains(begin, END);
        String table = caught.entrySet().stream()
                .map(entry -> "| " + entry.getKey() + " | `" + entry.getValue() + "` |\n")
                .collect(Collectors.joining("", "| an adapter that … | is caught by |\n| --- | --- |\n", ""));
        String expected = text.substring(0, text.indexOf(begin) + begin.length()) + "\n" + table + "\n"
                + text.substring(text.indexOf(END));
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page))
                .as("write it anew with -Ddocs.update=true -Dtest=" + test)
                .isEqualTo(expected);
    }
}
