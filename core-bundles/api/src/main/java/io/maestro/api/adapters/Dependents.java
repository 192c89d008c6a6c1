package io.maestro.api.adapters;

import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.store.Transaction;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Tells what depends on an instance. Whoever has such things registers this as a service; the registry asks them all. */
@ConsumerType
public interface Dependents {
    /**
     * What depends on the instance. Called on the thread of a request; may block on the database.
     *
     * @param limit how many are wanted at most
     */
    List<Dependent> of(Scope scope, InstanceId instance, int limit);

    /**
     * Refuses the deletion of an instance with which something would be lost. Called within the act that deletes it, once its
     * row is locked, and within a look when the deletion is only planned, which may write nothing; nothing is refused unless
     * this is implemented. Blocks on the connection of that transaction, and on no other.
     *
     * @param act that deletes the instance, or looks whether that could be; what is locked in it stays so until the instance is gone
     * @throws io.maestro.model.ProblemException what stands against it, and what to do first
     */
    default void requireDeletable(Transaction act, Scope scope, InstanceId instance) {}
}
