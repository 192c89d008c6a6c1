package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Removes the folders of deleted instances. The row of a removal outlives a crash, so that no folder is forgotten; and it
 * outlives the removal, so that a node that was not up finds out later. Only a row makes a folder go: what this database
 * knows nothing of is left alone.
 */
final class Removals {
    private static final System.Logger LOG = System.getLogger(Removals.class.getName());

    private static final int LOOKED_AT = 100_000;
    private static final int AT_A_TIME = 1000;

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

    /** Begins the removal of what is still here although another node has done its part. */
    void sweep(Predicate<Removal> inUse) {
        try {
            List<Removal> here = folders.present(LOOKED_AT);
            for (List<Removal> some : parts(here)) {
                for (Removal removal : instances.deleted(some)) {
                    if (!inUse.test(removal) && running.add(removal)) {
                        workers.execute(() -> remove(removal));
                    }
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the folders of instances cannot be looked through", e);
        }
    }

    private static List<List<Removal>> parts(List<Removal> all) {
        List<List<Removal>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += AT_A_TIME) {
            parts.add(all.subList(from, Math.min(all.size(), from + AT_A_TIME)));
        }
        return parts;
    }

    private void remove(Removal removal) {
        try {
            folders.remove(removal);
            instances.removed(removal);
        } catch (IOException | RuntimeException e) {
            removal.key().log(LOG).log(Level.WARNING, "the folder of " + removal.key() + " cannot be removed yet", e);
        } finally {
            running.remove(removal);
        }
    }
}
