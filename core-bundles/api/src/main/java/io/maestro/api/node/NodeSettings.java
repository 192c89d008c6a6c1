package io.maestro.api.node;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How this node was started. The launcher registers it as a service once the database answers, and so sets the whole
 * server going; it never changes while the node runs.
 *
 * @param node names this node among those on the same database
 * @param data the folder that holds all files of this node
 * @param profile {@code internal-edition}, {@code white-label-edition} or {@code hosted-saas}
 * @param http where to listen
 * @param database where the data is
 * @param masterKeys where the key is without which the database's secrets are noise
 * @param signer who signs receipts apart from the server; null when the node does
 * @param opa the OPA server that decides, by https or on this machine; null when our own engine does
 */
public record NodeSettings(
        String node,
        Path data,
        String profile,
        Http http,
        Database database,
        MasterKeys masterKeys,
        @Nullable Signer signer,
        @Nullable URI opa) {
    /** A node whose own engine decides. */
    public NodeSettings(
            String node,
            Path data,
            String profile,
            Http http,
            Database database,
            MasterKeys masterKeys,
            @Nullable Signer signer) {
        this(node, data, profile, http, database, masterKeys, signer, null);
    }

    /** A node whose master key is the usual file, and that signs receipts itself. */
    public NodeSettings(String node, Path data, String profile, Http http, Database database) {
        this(node, data, profile, http, database, MasterKeys.usual(data), null);
    }

    /**
     * Where to listen.
     *
     * @param host the address; loopback unless told otherwise
     * @param port the port; 0 for any free one
     * @param publicUrl our address as browsers know it, without a path; null when it is the one listened on
     */
    public record Http(String host, int port, @Nullable URI publicUrl) {
        /** Known by the address that it listens on. */
        public Http(String host, int port) {
            this(host, port, null);
        }
    }

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

    /**
     * A signer of receipts, which is another process.
     *
     * @param host an address of this machine alone
     * @param port where it listens
     * @param tokenFile holds what it wants to be told by every caller
     */
    public record Signer(String host, int port, Path tokenFile) {}

    /** Where signed bundles can be dropped in. */
    public Path deploy() {
        return data.resolve("deploy");
    }
}
