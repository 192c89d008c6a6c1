package io.maestro.architecture;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.maestro.model.ProblemCode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of problems has a section for each code of the product, and none beside them. */
class ProblemPageTest {
    private static final Pattern SECTION = Pattern.compile(
            "^### `(?<code>[^`]+)`\\n\\n\\*\\*(?<status>\\d{3})\\*\\* · (?<category>[a-z ]+) · (?<title>[^\\n]+)\\n\\n"
                    + "(?<meaning>[^#]+?)\\n\\n\\*\\*What to do:\\*\\* (?<fix>[^#]+?)\\n*(?=^#|\\z)",
            Pattern.MULTILINE);

    private final Reactor reactor = Reactor.here();

    @Test
    void everyCodeHasASectionAndEverySectionACode() throws IOException {
        Map<String, String> codes = new TreeMap<>();
        for (ProblemCode code : codes()) {
            String before = codes.put(code.code(), line(code));
            assertThat(before).as("the code %s means two things", code.code()).isIn(null, line(code));
        }
        assertThat(codes).hasSizeGreaterThan(60);

        String page = Files.readString(reactor.file("docs/reference/problems.md"));
        Map<String, String> sections = SECTION.matcher(page)
                .results()
                .collect(toMap(
                        section -> section.group("code"),
                        section -> section.group("status") + " " + section.group("category") + " "
                                + section.group("title"),
                        (one, other) -> "twice: " + one,
                        TreeMap::new));
        assertThat(sections)
                .as("docs/reference/problems.md: ### `code`, **status** · category · title, meaning, **What to do:**")
                .isEqualTo(codes);
        assertThat(page.lines().filter(line -> line.startsWith("### "))).hasSameSizeAs(sections.keySet());
    }

    private static String line(ProblemCode code) {
        String category = switch (code.category()) {
            case CALLER -> "caller";
            case POLICY_OR_LIMIT -> "policy or limit";
            case EXTERNAL -> "external";
            case INTERNAL -> "internal";
        };
        return code.status() + " " + category + " " + code.title();
    }

    /** All constants of all enums that implement ProblemCode, wherever they are. */
    private List<ProblemCode> codes() throws IOException {
        List<URL> folders = new ArrayList<>();
        for (String module : reactor.productModules()) {
            folders.add(reactor.file(module + "/target/classes").toUri().toURL());
        }
        List<ProblemCode> codes = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(folders.toArray(URL[]::new), ProblemCode.class.getClassLoader())) {
            for (JavaClass type : reactor.productClasses()) {
                if (type.isEnum() && type.isAssignableTo(ProblemCode.class)) {
                    for (Object constant : loader.loadClass(type.getName()).getEnumConstants()) {
                        codes.add((ProblemCode) constant);
                    }
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return codes;
    }
}
