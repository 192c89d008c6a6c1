package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.HangingFactory;
import io.maestro.adapters.samples.SpyFactory;
import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Bundles that come up and bundles that do not, in a real framework with the real fences. */
class BundlesTest {
    @TempDir
    Path folder;

    private Path data;
    private TestFramework framework;

    @BeforeEach
    void start() throws Exception {
        data = folder.resolve("a folder + more");
        framework = new TestFramework(data).isolated();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void startsABundleAndMakesItsFactory() throws Exception {
        Bundles.Started started = bundles().start(echo("echo", "1.0.0"));
        assertThat(started.factory().getClass().getName()).isEqualTo(EchoFactory.class.getName());
        assertThat(started.bundle().getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void startsTwoBundlesOfTheSameNameAndVersion() throws Exception {
        bundles()
                .start(write(
                        "a",
                        sample("same", "1.0.0")
                                .factory(EchoFactory.class)
                                .with(EchoStorage.class, EchoStorage.Settings.class)));
        bundles()
                .start(write(
                        "b",
                        sample("same", "1.0.0")
                                .factory(EchoFactory.class)
                                .with(EchoStorage.class, EchoStorage.Settings.class)));
    }

    @Test
    void saysWhatAFactoryThrew() throws Exception {
        Path jar = write("x", sample("x", "1.0.0").factory(ThrowingFactory.class));
        Problem problem = refused(jar);
        assertThat(problem.code()).isEqualTo("bundle-start-failed");
        assertThat(problem.detail()).contains("java.lang.IllegalStateException: the licence is missing");
        assertThat(bundles().installed(jar)).isNull();
    }

    @Test
    void saysWhatAnImmediateFactoryThrew() throws Exception {
        Problem problem =
                refused(write("x", sample("x", "1.0.0").factory(ThrowingFactory.class, "immediate=\"true\"", "")));
        assertThat(problem.code()).isEqualTo("bundle-start-failed");
        assertThat(problem.detail()).contains("the licence is missing");
    }

    @Test
    void namesTheClassThatAFactoryMisses() throws Exception {
        Problem problem = refused(write("x", sample("x", "1.0.0").factory(EchoFactory.class)));
        assertThat(problem.code()).isEqualTo("bundle-start-failed");
        assertThat(problem.detail()).contains("EchoStorage");
    }

    @Test
    void namesTheMissingPackageWithoutAFilter() throws Exception {
        Problem problem = refused(write(
                "x",
                sample("x", "1.0.0")
                        .factory(EchoFactory.class)
                        .header("Import-Package", "io.maestro.adapter.spi,com.example.tools;version=\"[2.1,3)\"")));
        assertThat(problem.code()).isEqualTo("bundle-unresolved");
        assertThat(problem.detail()).contains("com.example.tools", "2.1").doesNotContain("(&", "osgi.wiring");
    }

    @Test
    void refusesAPackageOutsideTheAllowlistThatTheServerHas() throws Exception {
        Problem problem = refused(write(
                "x",
                sample("x", "1.0.0")
                        .factory(EchoFactory.class)
                        .header("Import-Package", "io.maestro.adapter.spi,io.maestro.api.adapters")));
        assertThat(problem.code()).isEqualTo("bundle-unresolved");
        assertThat(problem.detail()).contains("io.maestro.api.adapters");
    }

    @Test
    void doesNotLetOneAdapterWireToAnother() throws Exception {
        bundles()
                .start(write(
                        "a",
                        sample("a", "1.0.0")
                                .factory(EchoFactory.class)
                                .with(EchoStorage.class, EchoStorage.Settings.class)
                                .header("Export-Package", "io.maestro.adapter.spi.extra")));
        Problem problem = refused(write(
                "b",
                sample("b", "1.0.0")
                        .factory(EchoFactory.class)
                        .header("Import-Package", "io.maestro.adapter.spi,io.maestro.adapter.spi.extra")));
        assertThat(problem.code()).isEqualTo("bundle-unresolved");
        assertThat(problem.detail()).contains("io.maestro.adapter.spi.extra");
    }

    @Test
    void refusesARequiredBundle() throws Exception {
        Problem problem = refused(write(
                "x", sample("x", "1.0.0").factory(EchoFactory.class).header("Require-Bundle", "org.apache.felix.scr")));
        assertThat(problem.code()).isEqualTo("bundle-unresolved");
        assertThat(problem.detail()).contains("osgi.wiring.bundle");
    }

    @Test
    void refusesABundleWithoutFactory() throws Exception {
        assertThat(refused(write("x", sample("x", "1.0.0"))).code()).isEqualTo("bundle-without-factory");
    }

    @Test
    void refusesABundleWithTwoFactories() throws Exception {
        Problem problem = refused(
                write("x", sample("x", "1.0.0").factory(EchoFactory.class).factory(SpyFactory.class)));
        assertThat(problem.code()).isEqualTo("bundle-without-factory");
        assertThat(problem.detail()).contains("2 factories");
    }

    @Test
    void namesTheReferenceThatAFactoryWaitsFor() throws Exception {
        Problem problem = refused(write(
                "x",
                sample("x", "1.0.0")
                        .factory(
                                EchoFactory.class,
                                "",
                                "<reference name=\"runtime\" interface=\"org.osgi.service.component.runtime"
                                        + ".ServiceComponentRuntime\"/>")));
        assertThat(problem.code()).isEqualTo("bundle-without-factory");
        assertThat(problem.detail()).contains("runtime");
    }

    @Test
    void aHangingConstructorHoldsUpNobodyElse() throws Exception {
        assertHangIsAlone("");
    }

    @Test
    void aHangingImmediateComponentHoldsUpNobodyElse() throws Exception {
        assertHangIsAlone("immediate=\"true\"");
    }

    private void assertHangIsAlone(String attributes) throws Exception {
        Path jar = write("hang", sample("hang", "1.0.0").factory(HangingFactory.class, attributes, ""));
        ProblemException hang = catchThrowableOfType(
                ProblemException.class,
                () -> framework.bundles(Duration.ofMillis(500)).start(jar));
        assertThat(hang.problem().code()).isEqualTo("bundle-start-timeout");

        // the hanging one still hangs: install, resolve, start, use and take out others
        Bundles.Started other = bundles().start(echo("other", "1.0.0"));
        assertThat(other.bundle().getState()).isEqualTo(Bundle.ACTIVE);
        bundles().uninstall(other.bundle());
        assertThat(other.bundle().getState()).isEqualTo(Bundle.UNINSTALLED);
        assertThat(refused(write("x", sample("x", "1.0.0").factory(ThrowingFactory.class)))
                        .code())
                .isEqualTo("bundle-start-failed");
    }

    @Test
    void anAdapterSeesOnlyItself() throws Exception {
        bundles().start(echo("echo", "1.0.0"));
        Bundles.Started spy = bundles()
                .start(write(
                        "spy",
                        sample("spy", "1.0.0")
                                .factory(SpyFactory.class, "activate=\"activate\"", "")
                                .header(
                                        "Import-Package",
                                        "io.maestro.adapter.spi,io.maestro.adapter.spi.storage,io.maestro.model,"
                                                + "org.osgi.framework;resolution:=optional")));
        assertThat(spy.factory().toString()).isEqualTo("bundles=1 system=false services=1");
    }

    @Test
    void sweepsWhatAnEarlierLifeLeft() throws Exception {
        Path jar = echo("echo", "1.0.0");
        bundles().start(jar);
        framework.close();
        framework = new TestFramework(data);
        assertThat(bundles().installed(jar)).isNotNull();
        bundles().sweep();
        assertThat(bundles().installed(jar)).isNull();
    }

    private Problem refused(Path jar) {
        return catchThrowableOfType(ProblemException.class, () -> bundles().start(jar))
                .problem();
    }

    private Bundles bundles() {
        return framework.bundles(Duration.ofSeconds(30));
    }

    private Path echo(String name, String version) throws Exception {
        return write(
                name,
                sample(name, version).factory(EchoFactory.class).with(EchoStorage.class, EchoStorage.Settings.class));
    }

    private static SampleBundle sample(String name, String version) {
        return new SampleBundle(name, version);
    }

    private Path write(String file, SampleBundle bundle) throws Exception {
        return bundle.write(data.resolve("artifacts").resolve(file + ".jar"));
    }
}
