package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Problem;
import io.maestro.model.Violation;
import io.maestro.testing.artifacts.AdapterJar;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways in which a bundle could come to depend on others, or others on it, so that an act on it would reach them. */
final class WiderReachTest {
    private static final AdapterJar RECIPE = AdapterJar.storage("demo", "1.0.0");
    private static final String FACTORY =
            "osgi.service;objectClass:List<String>=\"io.maestro.adapter.spi.AdapterFactory\"";
    private static final String EXTENDER =
            "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"";

    @TempDir
    private Path folder;

    /**
     * One way.
     *
     * @param what how people call it
     * @param place where the refusal points
     */
    record Way(String what, AdapterJar jar, String place) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Way> ways() {
        return List.of(
                header("exports a package", "Export-Package", "com.acme.shared"),
                header("exports it with uses", "Export-Package", "com.acme.shared;uses:=\"io.maestro.adapter.spi\""),
                header("exports a package of the contract", "Export-Package", "io.maestro.adapter.spi;version=1.0.0"),
                new Way(
                        "exports under another spelling",
                        RECIPE.header("export-package", "com.acme.shared"),
                        "Export-Package"),
                header("imports whatever comes", "DynamicImport-Package", "*"),
                header("imports a package at run time", "DynamicImport-Package", "com.acme.shared"),
                header("requires the system bundle", "Require-Bundle", "system.bundle"),
                header("requires a bundle if there is one", "Require-Bundle", "com.acme.other;resolution:=optional"),
                header("passes on what it requires", "Require-Bundle", "com.acme.other;visibility:=reexport"),
                header("is a fragment of another adapter", "Fragment-Host", "com.acme.other"),
                header("extends the framework", "Fragment-Host", "system.bundle;extension:=framework"),
                header("extends the framework's start", "ExtensionBundle-Activator", "com.acme.Start"),
                header("offers an extender", "Provide-Capability", "osgi.extender;osgi.extender=\"osgi.component\""),
                header("offers a kind of its own", "Provide-Capability", "com.acme.thing;name=shared"),
                header("offers a package as a capability", "Provide-Capability", "osgi.wiring.package;a=b"),
                header("offers an execution environment", "Provide-Capability", "osgi.ee;osgi.ee=JavaSE"),
                header(
                        "offers another service",
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"java.lang.Runnable\""),
                header("offers something besides its factory", "Provide-Capability", FACTORY + ",com.acme.thing"),
                header("requires a kind of another adapter", "Require-Capability", EXTENDER + ",com.acme.thing"),
                header(
                        "requires another adapter by name",
                        "Require-Capability",
                        "osgi.identity;filter:=\"(osgi.identity=com.acme.other)\""),
                header(
                        "requires a package as a capability",
                        "Require-Capability",
                        "osgi.wiring.package;filter:=\"(osgi.wiring.package=com.acme.shared)\""),
                header(
                        "requires another extender",
                        "Require-Capability",
                        "osgi.extender;filter:=\"(osgi.extender=osgi.serviceloader.registrar)\""),
                header(
                        "requires an implementation",
                        "Require-Capability",
                        "osgi.implementation;filter:=\"(osgi.implementation=osgi.http)\""),
                new Way(
                        "has other headers for newer Javas",
                        RECIPE.header("Multi-Release", "true")
                                .entry(
                                        "META-INF/versions/9/OSGI-INF/MANIFEST.MF",
                                        "Import-Package: com.acme.shared\n".getBytes(UTF_8)),
                        "Multi-Release"),
                header("brings native code", "Bundle-NativeCode", "lib.so;osname=linux"),
                header("runs before its factory", "Bundle-Activator", "com.acme.Start"),
                header("may be there once only", "Bundle-SymbolicName", "com.acme;singleton:=true"),
                new Way(
                        "imports from the server if it can",
                        RECIPE.importing("io.maestro.store;resolution:=optional"),
                        "Import-Package"),
                new Way("imports from the framework", RECIPE.importing("org.osgi.framework"), "Import-Package"),
                new Way("imports from another adapter", RECIPE.importing("com.acme.shared"), "Import-Package"),
                new Way(
                        "imports from another adapter by its name",
                        RECIPE.importing("com.acme.shared;bundle-symbolic-name=com.acme.other"),
                        "Import-Package"),
                new Way("waits for services of others", RECIPE.componentDocument("""
                                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="x">
                                  <implementation class="x.Y"/>
                                  <service><provide interface="io.maestro.adapter.spi.AdapterFactory"/></service>
                                  <reference name="r" interface="java.lang.Runnable"/>
                                </scr:component>
                                """), "OSGI-INF/factory.xml"),
                header("has components of any name", "Service-Component", "OSGI-INF/*.xml"));
    }

    private static Way header(String what, String name, String value) {
        return new Way(what, RECIPE.header(name, value), name);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesABundleThat(Way way) {
        Bench bench = new Bench(folder);

        Problem problem = bench.refuse(way.jar().signedBy(bench.trusted));

        assertThat(problem.code()).isIn("structure-forbidden", "import-forbidden");
        assertThat(problem.violations()).extracting(Violation::pointer).contains(way.place());
        assertThat(problem.fix()).isNotBlank();
    }

    @Test
    void knowsManyWays() {
        assertThat(ways()).hasSizeGreaterThanOrEqualTo(25).extracting(Way::what).doesNotHaveDuplicates();
    }
}
