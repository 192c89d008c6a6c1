package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.model.DefinitionId;
import io.maestro.model.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.FrameworkWiring;

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
        framework.isolated();
        Bundles bundles = framework.bundles(Duration.ofSeconds(30), loaders);
        List<Path> artifacts = new ArrayList<>();
        for (int i = 0; i < ADAPTERS; i++) {
            // some are the same adapter in several versions, some fail at start
            String name = "adapter-" + i / 2;
            SampleBundle bundle = i % 7 == 6
                    ? new SampleBundle(name, "1." + i + ".0").factory(ThrowingFactory.class)
                    : echo(name, "1." + i + ".0");
            artifacts.add(write("adapter-" + i, bundle));
        }
        List<String> touched = new CopyOnWriteArrayList<>();
        List<Bundle> others = Arrays.stream(framework.host.getBundles()).toList();
        framework.host.addBundleListener((SynchronousBundleListener) event -> touched.add(place(event.getBundle())));
        Map<Integer, Bundle> running = new HashMap<>();
        Random random = new Random(20261127);
        for (int act = 0; act < ACTS; act++) {
            int which = random.nextInt(ADAPTERS);
            Path artifact = artifacts.get(which);
            touched.clear();
            Bundle present = running.remove(which);
            if (present != null) {
                bundles.retire(DefinitionId.parse("adapter-" + which + "@1.0.0"), present);
            } else {
                try {
                    running.put(which, bundles.start(artifact).bundle());
                } catch (ProblemException e) {
                    assertThat(e.problem().code()).isEqualTo("bundle-start-failed");
                }
            }
            assertThat(touched)
                    .as("act " + act + " on adapter " + which)
                    .isNotEmpty()
                    .containsOnly(framework.adapters.location(artifact));
        }
        assertThat(others).allSatisfy(bundle -> assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE));
        FrameworkWiring wiring = framework.felix.adapt(FrameworkWiring.class);
        assertThat(wiring.getRemovalPendingBundles()).isEmpty();
        for (Bundle bundle : running.values()) {
            assertThat(wiring.getDependencyClosure(List.of(bundle))).containsExactly(bundle);
        }
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

    private static String place(Bundle bundle) {
        return bundle.getLocation();
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
