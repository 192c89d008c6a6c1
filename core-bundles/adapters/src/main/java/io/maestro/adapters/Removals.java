package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Removes the folders of deleted instances. The row of a removal outlives a crash, so that no folder is forgotten. */
final class Removals {
    private static final System.Logger LOG = System.getLogger(Removals.class.getName());

    private final JooqInstances instances;
    private final InstanceFolders folders;
    private final Executor workers;
    private final Set<Removal> running = ConcurrentHashMap.newKeySet();

    Removals(JooqInstances instances, InstanceFolders folders, Executor workers) {
        this.instances = instances;
        this.folders = folders;
        this.workers = workers;
    }

    /** Begins every removal that waits, but for those whose instance is still {@code inUse}. */
    void begin(Predicate<Removal> inUse) {
        for (Removal removal : instances.removals()) {
            if (!inUse.test(removal) && running.add(removal)) {
                workers.execute(() -> remove(removal));
            }
        }
    }

    private void remove(Removal removal) {
        try {
            folders.remove(removal);
            instances.removed(removal);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the folder of " + removal.key() + " cannot be removed yet", e);
        } finally {
            running.remove(removal);
        }
    }
}
