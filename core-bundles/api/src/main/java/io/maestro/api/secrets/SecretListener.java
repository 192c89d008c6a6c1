package io.maestro.api.secrets;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears of new versions of secrets. */
@ConsumerType
public interface SecretListener {
    /**
     * A secret that these instances use has a new version. Called after the commit, on the thread of the request; must not
     * block. A hint only: changes by other nodes are not heard of.
     */
    void changed(Scope scope, Set<InstanceId> instances);
}
