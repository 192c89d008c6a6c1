package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What holds for every file under version control. Each pattern is shown to match what it is there for. */
class RepositoryTest {
    /** Hosts of package registries: where packages come from is a matter of the machine, not of the repository. */
    private static final Pattern REGISTRY =
            Pattern.compile("(?i)\\b(repo\\d?[.]maven|repo\\d?[.]apache|repo1?[.]maven[.]org"
                    + "|registry[.]npmjs|npmjs[.]org|registry[.]yarnpkg|oss[.]sonatype|central[.]sonatype|s01[.]oss"
                    + "|jitpack[.]io|plugins[.]gradle|pypi[.]org|files[.]pythonhosted|proxy[.]golang|crates[.]io"
                    + "|rubygems[.]org|nuget[.]org|docker[.]io|ghcr[.]io|quay[.]io|gcr[.]io)\\b");

    /** Absolute paths of somebody's machine. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.$}>*~:/-])/(?:work|root|home|tmp|Users)/(?=[\\w.$-])");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern SLEEP =
            Pattern.compile("\\bThread[.]sleep\\s*\\(|\\b(?:NANO|MICRO|MILLI)?SECONDS[.]sleep\\s*\\(");

    private static final Pattern JUNIT_4 = Pattern.compile("^import (static )?org[.]junit[.](?!jupiter|platform)");

    private final Map<String, String> files;
    private final Reactor reactor = Reactor.here();

    RepositoryTest() throws IOException, InterruptedException {
        files = reactor.trackedFiles();
        assertThat(files).hasSizeGreaterThan(100).containsKeys("pom.xml", "bnd/bundle.bnd");
    }

    @Test
    void noFileNamesAPackageRegistry() {
        assertThat("https://repo1.ma" + "ven.org/maven2").containsPattern(REGISTRY);
        assertThat("image: ghcr" + ".io/somebody/thing").containsPattern(REGISTRY);

        assertThat(found(REGISTRY, "")).isEmpty();
    }

    @Test
    void noFileNamesAPathOfOneMachine() {
        assertThat("see \"/ho" + "me/ann/x\"").containsPattern(MACHINE_PATH);
        assertThat("cd /wo" + "rk/x").containsPattern(MACHINE_PATH);
        assertThat("${data}/wo" + "rk/x and target/tmp/y").doesNotContainPattern(MACHINE_PATH);

        assertThat(found(MACHINE_PATH, "")).isEmpty();
    }

    @Test
    void noFileHoldsAnUnfinishedThought() {
        assertThat("// TO" + "DO later").containsPattern(UNFINISHED);

        assertThat(found(UNFINISHED, "")).isEmpty();
    }

    @Test
    void noTestSleeps() {
        assertThat("Thread.sl" + "eep(1)").containsPattern(SLEEP);
        assertThat("SECONDS.sl" + "eep(1)").containsPattern(SLEEP);

        assertThat(found(SLEEP, ".*src/test/java/(?!.*/counterexample/).*")).isEmpty();
    }

    @Test
    void onlyContainerTestsUseJunit4() {
        assertThat("import org.ju" + "nit.Test;").containsPattern(JUNIT_4);

        assertThat(found(JUNIT_4, "(?!itests/container/).*[.]java")).isEmpty();
    }

    @Test
    void onlyTheRootPomNamesVersions() throws IOException {
        List<String> versions = new ArrayList<>();
        for (String module : reactor.modules()) {
            Reactor.elements(Reactor.document(reactor.file(module + "/pom.xml")), "version")
                    .filter(element -> !parent(element).equals("parent"))
                    .filter(element -> !element.getTextContent().strip().matches("\\$\\{[\\w.-]+}"))
                    .map(element -> module + "/pom.xml: " + parent(element) + " " + element.getTextContent())
                    .forEach(versions::add);
        }
        assertThat(versions).isEmpty();
    }

    private static String parent(Element element) {
        Node parent = element.getParentNode();
        return parent == null ? "" : parent.getNodeName();
    }

    private List<String> found(Pattern pattern, String path) {
        List<String> found = new ArrayList<>();
        files.forEach((name, text) -> {
            if (path.isEmpty() || name.matches(path)) {
                List<String> lines = text.lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    if (pattern.matcher(lines.get(i)).find()) {
                        found.add(name + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        });
        return found;
    }
}
