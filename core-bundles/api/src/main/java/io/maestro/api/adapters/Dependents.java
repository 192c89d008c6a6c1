package io.maestro.api.adapters;

import io.maestro.api.adapters.Registry.Dependent;
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
}
