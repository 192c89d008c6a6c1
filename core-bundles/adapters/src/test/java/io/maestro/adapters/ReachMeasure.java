package io.maestro.adapters;

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
import org.osgi.framework.Bundle;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.FrameworkWiring;

/** How far acts on one of many adapters reach: in a framework with the fences, and in one as it comes. */
public final class ReachMeasure {
    private ReachMeasure() {}

    /**
     * What was seen.
     *
     * @param strays bundle events of others than the adapter of the act, in all acts
     * @param refreshed other bundles in the refresh closure of an act's bundle, in all acts
     * @param disturbed other bundles that were no longer what they were at the end
     * @param naiveActs updates with a refresh in a framework as it comes, where adapters share a library
     * @param naiveRefreshed other bundles that these refreshed
     */
    public record Seen(int acts, long strays, long refreshed, long disturbed, int naiveActs, long naiveRefreshed) {}

    /**
     * Starts and takes out adapters at random; some are several versions of one, some fail at start.
     *
     * @param adapters how many there are
     */
    public static Seen measure(Path folder, int adapters, int acts) throws Exception {
        Fenced fenced = fenced(folder.resolve("fenced"), adapters, acts);
        int naiveActs = Math.min(acts, 200);
        return new Seen(
                acts,
                fenced.strays,
                fenced.refreshed,
                fenced.disturbed,
                naiveActs,
                naive(folder.resolve("naive"), adapters, naiveActs));
    }

    private record Fenced(long strays, long refreshed, long disturbed) {}

    private static Fenced fenced(Path folder, int adapters, int acts) throws Exception {
        TestFramework framework = new TestFramework(folder);
        try (LoaderWatch loaders = new LoaderWatch(framework.felix, LoaderWatch.Pace.USUAL, InstantSource.system())) {
            framework.isolated();
            Bundles bundles = framework.bundles(Duration.ofSeconds(30), loaders);
            List<Path> artifacts = new ArrayList<>();
            for (int i = 0; i < adapters; i++) {
                String name = "adapter-" + i / 2;
                SampleBundle bundle = i % 7 == 6
                        ? new SampleBundle(name, "1." + i + ".0").factory(ThrowingFactory.class)
                        : echo(name, "1." + i + ".0");
                artifacts.add(bundle.write(folder.resolve("artifacts").resolve("adapter-" + i + ".jar")));
            }
            List<String> touched = new CopyOnWriteArrayList<>();
            List<Bundle> others = Arrays.stream(framework.host.getBundles()).toList();
            framework.host.addBundleListener((SynchronousBundleListener)
                    event -> touched.add(event.getBundle().getLocation()));
            FrameworkWiring wiring = framework.felix.adapt(FrameworkWiring.class);
            Map<Integer, Bundle> running = new HashMap<>();
            Random random = new Random(20261127);
            long strays = 0;
            long refreshed = 0;
            for (int act = 0; act < acts; act++) {
                int which = random.nextInt(adapters);
                String own = framework.adapters.location(artifacts.get(which));
                touched.clear();
                Bundle present = running.remove(which);
                if (present != null) {
                    refreshed += reached(wiring, present);
                    bundles.retire(DefinitionId.parse("adapter-" + which + "@1.0.0"), present);
                } else {
                    try {
                        Bundle started = bundles.start(artifacts.get(which)).bundle();
                        running.put(which, started);
                        refreshed += reached(wiring, started);
                    } catch (ProblemException e) {
                        if (!e.problem().code().equals("bundle-start-failed")) {
                            throw e;
                        }
                    }
                }
                if (touched.isEmpty()) {
                    throw new IllegalStateException("act " + act + " did nothing");
                }
                strays += touched.stream().filter(place -> !place.equals(own)).count();
            }
            long disturbed = others.stream()
                            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                            .count()
                    + wiring.getRemovalPendingBundles().size();
            return new Fenced(strays, refreshed, disturbed);
        } finally {
            framework.close();
        }
    }

    /** The others that would have to be refreshed along with it. */
    private static long reached(FrameworkWiring wiring, Bundle bundle) {
        return wiring.getDependencyClosure(List.of(bundle)).size() - 1L;
    }

    /** Every tenth adapter brings a library that the nine behind it use as well, as adapters of one house do. */
    private static long naive(Path folder, int adapters, int acts) throws Exception {
        TestFramework framework = new TestFramework(folder);
        try {
            // the radius is looked at only once all run: with the check that the host makes, none of these would start
            List<Bundle> running = new ArrayList<>();
            String imports = "io.maestro.adapter.spi,io.maestro.adapter.spi.storage,io.maestro.model";
            for (int i = 0; i < adapters; i++) {
                String shared = "io.maestro.adapters.samples.shared" + i / 10;
                SampleBundle bundle = i % 10 == 0
                        ? echo("naive-" + i, "1.0.0").header("Export-Package", shared)
                        : echo("naive-" + i, "1.0.0").header("Import-Package", imports + "," + shared);
                Path jar = bundle.write(folder.resolve("artifacts").resolve("naive-" + i + ".jar"));
                Bundle installed = framework.host.installBundle(framework.adapters.location(jar));
                installed.start();
                running.add(installed);
            }
            FrameworkWiring wiring = framework.felix.adapt(FrameworkWiring.class);
            Random random = new Random(20261127);
            long refreshed = 0;
            for (int act = 0; act < acts; act++) {
                refreshed += reached(wiring, running.get(random.nextInt(adapters)));
            }
            return refreshed;
        } finally {
            framework.close();
        }
    }

    private static SampleBundle echo(String name, String version) {
        return new SampleBundle(name, version)
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
    }
}
