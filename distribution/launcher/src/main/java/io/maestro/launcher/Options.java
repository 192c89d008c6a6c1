package io.maestro.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param data the folder that holds all files of the node
 * @param database where the data is; null for the embedded database
 * @param profile one of {@link #PROFILES}
 * @param demo whether a new data folder trusts the publisher of the shipped adapters and is given one of them
 */
record Options(String host, int port, Path data, @Nullable ExternalDatabase database, String profile, boolean demo) {
    static final List<String> PROFILES = List.of("internal-edition", "white-label-edition", "hosted-saas");

    /**
     * A PostgreSQL that somebody else runs.
     *
     * @param url without credentials
     * @param user who owns the schemas
     * @param passwordFile holds the password; null when the environment has it
     */
    record ExternalDatabase(URI url, String user, @Nullable Path passwordFile) {}
}
