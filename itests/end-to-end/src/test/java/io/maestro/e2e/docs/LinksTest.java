package io.maestro.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links from page to page. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]*)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void everyLinkWithinTheRepositoryLeadsSomewhere() throws IOException {
        Path repository = Page.repository();
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages(repository)) {
            Matcher link = LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*")) {
                    links++;
                    if (!leads(page, target)) {
                        broken.add(repository.relativize(page) + ": " + target);
                    }
                }
            }
        }
        assertThat(links).isGreaterThan(50);
        assertThat(broken).isEmpty();
    }

    @Test
    void anchorsAreWrittenAsOnTheWeb() {
        assertThat(anchor("### `key-unknown`")).isEqualTo("key-unknown");
        assertThat(anchor("## Artifacts and keys")).isEqualTo("artifacts-and-keys");
    }

    private static List<Path> pages(Path repository) throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(repository.resolve("README.md"), repository.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.walk(repository.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    private static boolean leads(Path page, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? page : page.resolveSibling(path);
        if (hash < 0 || !Files.exists(file)) {
            return Files.exists(file);
        }
        return HEADING.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .anyMatch(heading -> anchor(heading).equals(target.substring(hash + 1)));
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }
}
