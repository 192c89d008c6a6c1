package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboards, alerts and the reference name the metrics that the product has, by the names under which they are exported. */
class MonitoringTest {
    private static final Pattern MADE = Pattern.compile("\\b(counter|timer|gauge)\\(\\s*\"(mc_[a-z0-9_]+)\"");
    private static final Pattern NAMED = Pattern.compile("\\bmc_[a-z0-9_]+\\b");
    private static final Pattern IN_TABLE = Pattern.compile("(?m)^\\| `(mc_[a-z0-9_]+)` \\|");

    private final Reactor reactor = Reactor.here();

    /** Samples as the product exports them, and metrics as it calls them. */
    private record Exported(Set<String> samples, Set<String> metrics) {}

    private Exported exported() throws IOException {
        Exported exported = new Exported(new TreeSet<>(), new TreeSet<>());
        for (String module : reactor.productModules()) {
            Path sources = reactor.file(module + "/src/main/java");
            if (Files.isDirectory(sources)) {
                collect(sources, exported);
            }
        }
        assertThat(exported.metrics()).hasSizeGreaterThan(15);
        return exported;
    }

    private static void collect(Path sources, Exported exported) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                MADE.matcher(Files.readString(file)).results().forEach(made -> {
                    String name = made.group(2);
                    exported.metrics().add(name);
                    if (made.group(1).equals("timer")) {
                        exported.samples().addAll(Set.of(name + "_bucket", name + "_sum", name + "_count"));
                    } else {
                        exported.samples().add(name);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"distribution/monitoring/dashboard.json", "distribution/monitoring/alerts.yaml"})
    void nameWhatIsExported(String file) throws IOException {
        Set<String> named = new TreeSet<>();
        NAMED.matcher(Files.readString(reactor.file(file))).results().forEach(one -> named.add(one.group()));

        assertThat(named).isNotEmpty();
        assertThat(exported().samples()).as(file).containsAll(named);
    }

    @Test
    void theReferenceHasAllOfThemAndNoOthers() throws IOException {
        Set<String> named = new TreeSet<>();
        IN_TABLE.matcher(Files.readString(reactor.file("docs/reference/telemetry.md")))
                .results()
                .forEach(one -> named.add(one.group(1)));

        assertThat(named).isEqualTo(exported().metrics());
    }
}
