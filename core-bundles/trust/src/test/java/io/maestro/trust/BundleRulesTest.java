package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Problem;
import io.maestro.model.Violation;
import io.maestro.testing.artifacts.AdapterJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BundleRulesTest {
    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="x">
              <implementation class="x.Y"/>%s
            </scr:component>
            """;
    private static final String SERVICE =
            "<service><provide interface=\"io.maestro.adapter.spi.AdapterFactory\"/></service>";

    @TempDir
    private Path folder;

    private final AdapterJar recipe = AdapterJar.storage("demo", "1.0.0");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bundle-ManifestVersion | 1",
                "Bundle-SymbolicName | a;singleton:=true",
                "Bundle-SymbolicName | a,b",
                "Bundle-Version | one",
                "Export-Package | a.b",
                "DynamicImport-Package | *",
                "Require-Bundle | system.bundle",
                "Fragment-Host | system.bundle;extension:=framework",
                "Bundle-NativeCode | lib.so;osname=linux",
                "Bundle-Activator | a.B",
                "ExtensionBundle-Activator | a.B",
                "Multi-Release | true",
                "Provide-Capability | osgi.service;objectClass:List<String>=\"java.lang.Runnable\"",
                "Provide-Capability | osgi.extender;osgi.extender=evil",
                "Require-Capability | osgi.extender;filter:=\"(osgi.extender=osgi.serviceloader.processor)\"",
                "Require-Capability | osgi.native;filter:=\"(osgi.native.osname=Linux)\"",
                "Require-Capability | osgi.ee;filter:=\"(osgi.ee=JavaSE",
                "Bundle-ClassPath | .,lib/missing.jar",
                "Service-Component | OSGI-INF/*.xml",
                "Service-Component | OSGI-INF/missing.xml",
                "Service-Component | OSGI-INF/factory.xml,OSGI-INF/other.xml",
                "Import-Package | a;version=\"1",
            })
    void refusesTheHeader(String name, String value) {
        Problem problem = refuse(recipe.header(name, value));

        assertThat(problem.code()).isEqualTo("structure-forbidden");
        assertThat(problem.violations()).extracting(Violation::pointer).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bundle-ManifestVersion", "Bundle-SymbolicName", "Bundle-Version", "Service-Component"})
    void missesTheHeader(String name) {
        assertThat(refuse(recipe.withoutHeader(name)).violations())
                .extracting(Violation::pointer)
                .contains(name);
    }

    @Test
    void tellsAllViolationsAtOnce() {
        Problem problem = refuse(recipe.header("Export-Package", "a").header("Require-Bundle", "b"));

        assertThat(problem.violations()).hasSize(2);
        assertThat(problem.detail()).contains("and 1 more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.maestro.store",
                "io.maestro.api.trust",
                "io.maestro.model.internal",
                "sun.misc",
                "org.osgi.framework",
                "io.maestro.store;resolution:=optional",
                "javax.naming",
                "javaevil",
                "io.maestro.adapter.spi.storage;io.maestro.store;version=1",
                "com.fasterxml.jackson.core;version=\"[2.22,3)\"",
            })
    void refusesTheImport(String clause) {
        Problem problem = refuse(recipe.importing(clause));

        assertThat(problem.code()).isEqualTo("import-forbidden");
        assertThat(problem.violations()).hasSize(1);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo("Import-Package");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.net.http",
                "javax.net.ssl",
                "javax.xml.parsers;resolution:=optional",
                "org.w3c.dom,org.xml.sax",
                "javax.crypto.spec;version=\"0.0.0\"",
            })
    void takesTheImport(String clause) throws IOException {
        Bench bench = new Bench(folder);
        Files.delete(
                bench.pass(recipe.importing(clause).signedBy(bench.trusted)).copy());
    }

    @Test
    void takesAnEmbeddedLibrary() throws IOException {
        Bench bench = new Bench(folder);
        Files.delete(bench.pass(recipe.header("Bundle-ClassPath", ".,lib/x.jar")
                        .entry("lib/x.jar", new byte[] {1})
                        .signedBy(bench.trusted))
                .copy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<service><provide interface=\"java.lang.Runnable\"/></service>",
                SERVICE + "<service><provide interface=\"java.lang.Runnable\"/></service>",
                SERVICE + "<reference interface=\"java.lang.Runnable\" name=\"r\" bind=\"b\"/>",
                SERVICE + "<component name=\"second\"/>",
                SERVICE + "<unclosed>",
            })
    void refusesTheComponent(String content) {
        Problem problem = refuse(recipe.componentDocument(COMPONENT.formatted(content)));

        assertThat(problem.code()).isEqualTo("structure-forbidden");
        assertThat(problem.violations()).extracting(Violation::pointer).contains("OSGI-INF/factory.xml");
    }

    @Test
    void readsNoDocumentType() {
        String xml = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>" + COMPONENT.formatted(SERVICE);

        assertThat(refuse(recipe.componentDocument(xml)).detail()).contains("without a document type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"factory=\"many\"", "enabled=\"false\""})
    void refusesAComponentThatIsNotStarted(String attribute) {
        String xml = COMPONENT.formatted(SERVICE).replace("name=\"x\"", "name=\"x\" " + attribute);

        assertThat(refuse(recipe.componentDocument(xml)).code()).isEqualTo("structure-forbidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"OSGI-INF/factory.xml OSGI-INF/other.xml", "\u2003OSGI-INF/factory.xml", "OSGI-INF/\u2003a.xml"})
    void refusesADocumentThatTheComponentRuntimeWouldNotTakeForOne(String path) {
        Problem problem = refuse(recipe.header("Service-Component", path)
                .entry(path, COMPONENT.formatted(SERVICE).getBytes(UTF_8)));

        assertThat(problem.violations()).extracting(Violation::pointer).containsExactly("Service-Component");
    }

    @Test
    void tellsNoMoreViolationsThanPeopleRead() {
        String many = IntStream.range(0, 1_000).mapToObj(i -> "evil.p" + i).collect(Collectors.joining(","));

        assertThat(refuse(recipe.importing(many)).violations()).hasSize(20);
    }

    @Test
    void refusesAnEnormousMainSection() {
        assertThat(refuse(recipe.header("Private-Package", "x".repeat(300_000))).detail())
                .contains("main section");
    }

    private Problem refuse(AdapterJar jar) {
        Bench bench = new Bench(folder);
        return bench.refuse(jar.signedBy(bench.trusted));
    }
}
