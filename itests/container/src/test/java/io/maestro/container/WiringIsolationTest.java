package io.maestro.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.testing.artifacts.AdapterJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The second fence: even a bundle that got into the folder of artifacts past every admission is not wired to what adapters
 * may not see. The same jar elsewhere resolves, so it is the fence that refuses it.
 */
@RunWith(PaxExam.class)
public class WiringIsolationTest {
    @Inject
    private BundleContext context;

    private Node node;
    private @Nullable Bundle installed;

    @Configuration
    public Option[] framework() {
        return Distribution.upTo(3, WiringIsolationTest.class);
    }

    @Before
    public void start() throws IOException, InterruptedException {
        node = Node.in(context);
    }

    @After
    public void takeOut() throws BundleException {
        if (installed != null) {
            installed.uninstall();
        }
    }

    @Test
    public void forbiddenImportsDoNotResolveAndTheSameBundleElsewhereDoes() throws Exception {
        for (String forbidden : List.of(
                "io.maestro.store",
                "io.maestro.api.adapters",
                "io.maestro.api.node",
                "org.osgi.framework",
                "org.osgi.util.tracker",
                "org.osgi.service.component",
                "org.jooq",
                "com.fasterxml.jackson.databind",
                "sun.misc",
                "javax.management")) {
            AdapterJar jar = AdapterJar.storage("intruder", "1.0.0").importing(forbidden);

            assertThat(refusal(jar)).as(forbidden).contains(forbidden);
            Bundle elsewhere = install(jar, "elsewhere");
            elsewhere.start();
            assertThat(elsewhere.getState()).as("%s elsewhere", forbidden).isEqualTo(Bundle.ACTIVE);
            elsewhere.uninstall();
        }
    }

    @Test
    public void allowedImportsResolve() throws Exception {
        for (String allowed : List.of(
                "io.maestro.model;version=\"[1.0,2)\"",
                "javax.net.ssl",
                "javax.crypto",
                "javax.security.auth.x500",
                "javax.xml.parsers",
                "org.w3c.dom",
                "org.xml.sax")) {
            Bundle bundle = install(
                    AdapterJar.storage("guest", "1.0.0")
                            .header(
                                    "Import-Package",
                                    "io.maestro.adapter.spi,io.maestro.adapter.spi.storage"
                                            + (allowed.startsWith("io.maestro.model") ? "," : ",io.maestro.model,")
                                            + allowed),
                    "artifacts");
            bundle.start();
            assertThat(bundle.getState()).as(allowed).isEqualTo(Bundle.ACTIVE);
            bundle.uninstall();
        }
    }

    @Test
    public void optionalForbiddenImportStaysUnwired() throws Exception {
        Bundle bundle = install(
                AdapterJar.storage("optional", "1.0.0").importing("org.osgi.framework;resolution:=optional"),
                "artifacts");
        bundle.start();

        assertThatThrownBy(() -> bundle.loadClass("org.osgi.framework.BundleContext"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    public void dynamicImportOfEverythingGetsNothingButTheContract() throws Exception {
        AdapterJar jar = AdapterJar.storage("dynamic", "1.0.0").header("DynamicImport-Package", "*");
        Bundle bundle = install(jar, "artifacts");
        bundle.start();
        Bundle elsewhere = context.installBundle(
                "dynamic-elsewhere", Files.newInputStream(file(jar.header("Bundle-SymbolicName", "elsewhere"))));

        for (String forbidden : List.of(
                "io.maestro.store.Database",
                "io.maestro.api.adapters.Instances",
                "org.osgi.framework.BundleContext",
                "com.fasterxml.jackson.databind.ObjectMapper",
                "sun.misc.Unsafe",
                "javax.management.MBeanServer")) {
            assertThatThrownBy(() -> bundle.loadClass(forbidden))
                    .as(forbidden)
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(elsewhere.loadClass(forbidden))
                    .as("%s elsewhere", forbidden)
                    .isNotNull();
        }
        elsewhere.uninstall();
        assertThat(bundle.loadClass(AdapterFactory.class.getName())).isSameAs(AdapterFactory.class);
        assertThat(bundle.loadClass("javax.net.ssl.SSLContext")).isNotNull();
    }

    @Test
    public void noBundleIsRequiredAndNoFragmentAttached() throws Exception {
        assertThat(refusal(AdapterJar.storage("requiring", "1.0.0").header("Require-Bundle", "io.maestro.store")))
                .contains("io.maestro.store");
        assertThat(refusal(AdapterJar.storage("requiring-all", "1.0.0").header("Require-Bundle", "system.bundle")))
                .contains("system.bundle");

        Bundle fragment = install(
                AdapterJar.storage("fragment", "1.0.0")
                        .withoutHeader("Service-Component")
                        .header("Fragment-Host", "io.maestro.store"),
                "artifacts");
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        assertThat(wiring.resolveBundles(List.of(fragment))).isFalse();
        assertThat(fragment.getState()).isEqualTo(Bundle.INSTALLED);
        fragment.uninstall();
    }

    @Test
    public void nobodyIsWiredToWhatAnAdapterExports() throws Exception {
        Bundle exporter = install(
                AdapterJar.storage("exporter", "1.0.0").header("Export-Package", "io.maestro.testing.artifacts.demo"),
                "artifacts");
        exporter.start();
        AdapterJar importer = AdapterJar.storage("importer", "1.0.0")
                .header("Import-Package", "io.maestro.testing.artifacts.demo;maestro.none=x");

        Bundle elsewhere = install(importer, "elsewhere");
        assertThatThrownBy(elsewhere::start).isInstanceOf(BundleException.class);
        elsewhere.uninstall();
        installed = exporter;
    }

    /** What the framework says when the bundle, installed past admission, is started. */
    private String refusal(AdapterJar jar) throws IOException, BundleException {
        Bundle bundle = install(jar, "artifacts");
        BundleException refusal = catchThrowableOfType(BundleException.class, bundle::start);
        int state = bundle.getState();
        bundle.uninstall();
        assertThat(refusal).as("it started").isNotNull();
        assertThat(refusal.getType()).isEqualTo(BundleException.RESOLVE_ERROR);
        assertThat(state).isEqualTo(Bundle.INSTALLED);
        return String.valueOf(refusal.getMessage());
    }

    private Bundle install(AdapterJar jar, String folder) throws IOException, BundleException {
        Path where = Files.createDirectories(node.data.resolve(folder)).resolve(UUID.randomUUID() + ".jar");
        Files.write(where, jar.unsigned());
        return context.installBundle("reference:" + where.toUri());
    }

    private Path file(AdapterJar jar) throws IOException {
        return Files.write(
                Files.createDirectories(node.data.resolve("elsewhere")).resolve(UUID.randomUUID() + ".jar"),
                jar.unsigned());
    }
}
