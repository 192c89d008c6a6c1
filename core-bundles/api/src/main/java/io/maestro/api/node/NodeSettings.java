package io.maestro.api.node;

import java.net.URI;
import java.nio.file.Path;

/**
 * How this node was started. The launcher registers it as a service once the database answers, and so sets the whole
 * server going; it never changes while the node runs.
 *
 * @param node names this node among those on the same database
 * @param data the folder that holds all files of this node
 * @param profile {@code internal-edition}, {@code white-label-edition} or {@code hosted-saas}
 * @param http where to listen
 * @param database where the data is
 */
public record NodeSettings(String node, Path data, String profile, Http http, Database database) {
    /**
     * Where to listen.
     *
     * @param host the address; loopback unless told otherwise
     * @param port the port; 0 for any free one
     */
    public record Http(String host, int port) {}

    /**
     * Where the data is.
     *
     * @param url a {@code jdbc:postgresql:} address without credentials
     * @param user the role that owns the schemas and may become the application's role
     * @param password its password, empty when none is needed; not printed
     */
    public record Database(URI url, String user, String password) {
        @Override
        public String toString() {
            return "Database[" + url + ", user=" + user + "]";
        }
    }

    /** Where signed bundles can be dropped in. */
    public Path deploy() {
        return data.resolve("deploy");
    }
}
