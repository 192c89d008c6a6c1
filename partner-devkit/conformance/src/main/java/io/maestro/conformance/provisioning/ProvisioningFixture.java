package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.AdapterManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kit needs to know of an adapter and of the directory that it is tried against. Implemented by the adapter's
 * author. What is optional is declared here, and what is declared absent has to be refused properly.
 */
public interface ProvisioningFixture {
    /** What not every directory has. */
    enum Offer {
        /** ETags and conditions. Without it users have none, and a condition is {@code provisioning-unsupported}. */
        ETAGS,
        /** Roles. Without it the operations of roles answer {@code provisioning-unsupported}. */
        ROLES,
        /** The groups of a user come with the user. Without it they are null. */
        GROUPS_OF_USER,
        /** The roles of a user come with the user. Without it they are null. */
        ROLES_OF_USER
    }

    /** The adapter. Called for each test; the kit asks for no more than one factory to be in use at a time. */
    AdapterFactory factory();

    /**
     * The configuration of an instance over a directory without users, another one at each call. Secrets are given as plain
     * texts of at least eight characters, so that the kit can look for them where they must not be.
     */
    Map<String, ?> emptyDirectory() throws Exception;

    /** What the directory has of what is optional. */
    Set<Offer> offers();

    /** Makes a group without members in this directory and gives what the directory calls it. */
    String newGroup(Map<String, ?> directory) throws Exception;

    /** Makes a role that nobody has in this directory and gives its value. Asked only if there are roles. */
    default String newRole(Map<String, ?> directory) throws Exception {
        throw new UnsupportedOperationException("say what a role is there, or do not offer ROLES");
    }

    /** An address that this directory takes for none, so that it refuses the user who has it; null if it takes all. */
    default @Nullable String refusedEmail() {
        return null;
    }

    /**
     * The same configuration, but the outside system at another address, of scheme {@code http} without a path, where
     * nobody answers or another does, or which leads to the same system. Null only when the manifest asks for no network.
     */
    default @Nullable Map<String, ?> elsewhere(Map<String, ?> directory, URI address) {
        return null;
    }

    /**
     * Where the outside system of this directory listens, with host and port; it speaks without TLS there. Null when there is no such
     * address: then nothing is said about faults on the way.
     */
    default @Nullable URI system(Map<String, ?> directory) {
        return null;
    }

    /** The same configuration with credentials that are refused. Null only when the manifest has no secret. */
    default @Nullable Map<String, ?> wrongCredentials(Map<String, ?> directory) {
        return null;
    }

    /** The same configuration for a directory that is not there. Null only when the manifest asks for no network. */
    default @Nullable Map<String, ?> directoryMissing(Map<String, ?> directory) {
        return null;
    }

    /** Where the adapter's manifest is. */
    default URL manifest() throws IOException {
        URL address = factory().getClass().getClassLoader().getResource(AdapterManifest.ENTRY);
        if (address == null) {
            throw new FileNotFoundException(
                    "there is no " + AdapterManifest.ENTRY + " where the class of the factory comes from");
        }
        return address;
    }
}
