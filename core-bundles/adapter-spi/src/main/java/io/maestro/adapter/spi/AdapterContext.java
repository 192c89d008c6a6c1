package io.maestro.adapter.spi;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import org.osgi.annotation.versioning.ProviderType;

/** What an instance is given when it opens: everything it needs, and nothing of another tenant. */
@ProviderType
public interface AdapterContext {
    /** The tenant and environment that the instance serves. */
    Scope scope();

    /** The instance's own name. */
    InstanceId instance();

    /**
     * The configuration as a record of the adapter's own. Components are matched by name; absent optional values are
     * null. Properties that the schema marks {@code writeOnly} are given as {@link Secret}.
     *
     * <p>The configuration has been checked against the adapter's JSON Schema before.
     *
     * @throws io.maestro.model.ProblemException when the record and the schema do not fit; a fault of the adapter
     */
    <R extends Record> R configuration(Class<R> type);

    /** The time. */
    InstantSource clock();

    /** Writes to the server's log with scope and instance; values of secrets are masked. */
    System.Logger logger();

    /**
     * A client for the network hosts that the manifest asks for; any other host is refused. Shared with the host:
     * closing it is not the instance's matter. Redirects are not followed.
     */
    HttpClient http();

    /** A folder of the instance's own, empty at first and kept until the instance is deleted. Nothing else is there. */
    Path folder();
}
