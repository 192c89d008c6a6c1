package io.maestro.api.adapters;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.store.Transaction;
import java.util.Collection;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Has instances stay while somebody writes what refers to them. The other direction of {@link Dependents}, which a deletion asks:
 * whoever refuses deletions there asks here before it writes.
 */
@ProviderType
public interface Presence {
    /**
     * Returns when these are still the instances that were looked at, and has them stay until the transaction ends: a deletion waits
     * for that, and then asks {@link Dependents#requireDeletable}. Called before anything is locked that {@code requireDeletable}
     * locks, since a deletion has the row of its instance first, and after the tenant is held. Blocks on the connection of that
     * transaction, and on no other; any thread.
     *
     * @param act that writes; it need not be one of this engine
     * @param seen at most a few, all of the tenant of that transaction
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#INSTANCE_UNKNOWN} when one was deleted; {@code revision-changed}
     *     when there is another one of its name
     */
    void require(Transaction act, Collection<Instance> seen);
}
