package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.model.DefinitionId;
import io.maestro.model.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** What is done to one adapter's bundle reaches no other. */
class BlastRadiusTest {
    private static final int ADAPTERS = 20;
    private static final int ACTS = Boolean.getBoolean("maestro.full") ? 10_000 : 100;

    @TempDir
    Path folder;

    private TestFramework framework;
    private LoaderWatch loaders;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(folder);
        loaders = new LoaderWatch(framework.felix, LoaderWatch.Pace.USUAL, InstantSource.system());
    }

    @AfterEach
    void stop() throws Exception {
        loaders.close();
        framework.close();
    }

    @Test
    void actsOnOneOfManyAdaptersTouchNoOther() throws Exception {
        ReachMeasure.Seen seen = ReachMeasure.measure(folder.resolve("many"), ADAPTERS, ACTS);

        assertThat(seen.strays()).as("events of others").isZero();
        assertThat(seen.refreshed()).as("others that would be refreshed").isZero();
        assertThat(seen.disturbed()).as("others that are not what they were").isZero();
        assertThat(seen.naiveRefreshed())
                .as("others that the same would refresh where adapters share packages")
                .isPositive();
    }

    /** Without the fences, one adapter's packages can be had by another: then the act is not done. */
    @Test
    void doesNotTakeOutABundleOnWhichAnotherDepends() throws Exception {
        Bundles bundles = framework.bundles(Duration.ofSeconds(30), loaders);
        Bundle exporting = bundles.start(
                        write("a", echo("a", "1.0.0").header("Export-Package", "io.maestro.adapters.samples.shared")))
                .bundle();
        Bundle importing = bundles.start(write(
                        "b",
                        echo("b", "1.0.0")
                                .header(
                                        "Import-Package",
                                        "io.maestro.adapter.spi,io.maestro.adapter.spi.storage,io.maestro.model,"
                                                + "io.maestro.adapters.samples.shared")))
                .bundle();
        List<BundleEvent> events = new CopyOnWriteArrayList<>();
        framework.host.addBundleListener((SynchronousBundleListener) events::add);

        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> bundles.retire(DefinitionId.parse("a@1.0.0"), exporting));

        assertThat(refused.problem().code()).isEqualTo("blast-radius-exceeded");
        assertThat(refused.problem().detail()).contains("uninstall", "b 1.0.0");
        assertThat(refused.problem().fix()).isNotBlank();
        assertThat(events).isEmpty();
        assertThat(importing.getState()).isEqualTo(Bundle.ACTIVE);
        bundles.retire(DefinitionId.parse("b@1.0.0"), importing);
        bundles.retire(DefinitionId.parse("a@1.0.0"), exporting);
        assertThat(exporting.getState()).isEqualTo(Bundle.UNINSTALLED);
    }

    @Test
    void doesNotStartABundleThatAttachesItselfToAnother() throws Exception {
        Bundle host = framework
                .bundles(Duration.ofSeconds(30), loaders)
                .start(write("a", echo("a", "1.0.0")))
                .bundle();

        assertThatThrownBy(() -> framework
                        .bundles(Duration.ofSeconds(30), loaders)
                        .start(write("fragment", new SampleBundle("fragment", "1.0.0").header("Fragment-Host", "a"))))
                .isInstanceOf(ProblemException.class);

        assertThat(host.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(framework
                        .bundles(Duration.ofSeconds(30), loaders)
                        .installed(folder.resolve("artifacts/fragment.jar")))
                .isNull();
    }

    private static SampleBundle echo(String name, String version) {
        return new SampleBundle(name, version)
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
    }

    private Path write(String file, SampleBundle bundle) throws Exception {
        return bundle.write(folder.resolve("artifacts").resolve(file + ".jar"));
    }
}
