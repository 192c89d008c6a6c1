package io.maestro.api.node;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** One condition of {@code /api/health/ready}. Bundles register one for each thing the node cannot work without. */
@ConsumerType
public interface ReadinessCheck {
    /** A word for the thing, for example {@code database}. */
    String name();

    /** Why the node is not ready, in one sentence; empty when it is. May block for a second at most; any thread. */
    Optional<String> unready();
}
