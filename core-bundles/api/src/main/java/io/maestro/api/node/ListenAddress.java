package io.maestro.api.node;

import java.net.URI;
import org.osgi.annotation.versioning.ProviderType;

/** Where this node really listens; registered by the HTTP server once it does. */
@ProviderType
public interface ListenAddress {
    /** The base address, for example {@code http://127.0.0.1:8080}. */
    URI base();
}
