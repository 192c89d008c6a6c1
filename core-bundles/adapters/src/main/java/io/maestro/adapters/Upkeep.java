package io.maestro.adapters;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.DefinitionId;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes out the bundles that nobody uses, and what is left of definitions that were uninstalled; and once brings into the
 * database what an earlier release kept in the node's folder only. Begins after each look at the rows; one virtual thread of its own, so that the reconciler waits for nothing.
 */
final class Upkeep {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

    private final Factories factories;
    private final Admissions definitions;
    private final Artifacts artifacts;
    private final LoaderWatch loaders;
    private final Metrics metrics;
    private final LinkedBlockingQueue<Set<DefinitionId>> looks = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofVirtual().name("adapter-upkeep").unstarted(this::run);
    private Metrics.@Nullable Gauge gauge;
    private volatile boolean stopped;

    /** Of the upkeep's thread. */
    private boolean broughtUp;

    Upkeep(Factories factories, Admissions definitions, Artifacts artifacts, LoaderWatch loaders, Metrics metrics) {
        this.factories = factories;
        this.definitions = definitions;
        this.artifacts = artifacts;
        this.loaders = loaders;
        this.metrics = metrics;
    }

    void start() {
        gauge = metrics.gauge(
                "mc_adapter_loaders_held",
                "Class loaders of adapters that were taken out and whose classes stay in memory.",
                loaders::held);
        thread.start();
    }

    void stop() {
        stopped = true;
        thread.interrupt();
        loaders.close();
        Metrics.Gauge shown = gauge;
        if (shown != null) {
            shown.close();
        }
    }

    /** All rows were looked at; instances of these definitions are wanted running. Returns at once. */
    void looked(Set<DefinitionId> wanted) {
        looks.add(wanted);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Set<DefinitionId> wanted = looks.take();
                // of several looks the last one counts
                for (Set<DefinitionId> newer = looks.poll(); newer != null; newer = looks.poll()) {
                    wanted = newer;
                }
                keepUp(wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepUp(Set<DefinitionId> wanted) {
        try {
            factories.retireAllBut(wanted);
            definitions.sweep();
            if (!broughtUp) {
                artifacts.bringUp();
                broughtUp = true;
            }
        } catch (RuntimeException e) {
            if (!stopped) {
                LOG.log(Level.WARNING, "what is no longer used is taken out later", e);
            }
        }
    }
}
