package io.maestro.launcher;

import io.maestro.api.node.NodeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param publicUrl our address as browsers know it, without a path; null when it is the one listened on
 * @param data the folder that holds all files of the node
 * @param database where the data is; null for the embedded database
 * @param profile one of {@link #PROFILES}
 * @param demo whether a new data folder trusts the publisher of the shipped adapters and is given one of them
 * @param masterKey what holds the master key; null for the usual file in the data folder
 * @param formerMasterKey what holds the one before, while it is being changed; else null
 * @param signer who signs receipts; null for the node itself
 * @param opa the OPA server that decides; null for our own engine
 */
record Options(
        String host,
        int port,
        @Nullable URI publicUrl,
        Path data,
        @Nullable ExternalDatabase database,
        String profile,
        boolean demo,
        @Nullable MasterKey masterKey,
        @Nullable MasterKey formerMasterKey,
        NodeSettings.@Nullable Signer signer,
        @Nullable URI opa) {
    static final List<String> PROFILES = List.of("internal-edition", "white-label-edition", "hosted-saas");

    /**
     * A PostgreSQL that somebody else runs.
     *
     * @param url without credentials
     * @param user who owns the schemas
     * @param passwordFile holds the password; null when the environment has it
     */
    record ExternalDatabase(URI url, String user, @Nullable Path passwordFile) {}

    /** What can hold a master key. */
    enum Holder {
        FILE,
        PKCS12,
        PKCS11
    }

    /**
     * Where a master key is.
     *
     * @param holder of which kind its holder is
     * @param path of the key file, the key store, or the description of the token
     * @param alias names the key in its holder; empty for a file, which holds one
     * @param passwordFile holds the password or PIN; null when the environment has it
     */
    record MasterKey(
            Holder holder,
            Path path,
            String alias,
            @Nullable Path passwordFile) {}
}
