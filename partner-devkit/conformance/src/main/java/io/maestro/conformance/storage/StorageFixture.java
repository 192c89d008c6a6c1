package io.maestro.conformance.storage;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.AdapterManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kit needs to know of an adapter and of the outside system that it is tried against. Implemented by the adapter's
 * author. What is optional is declared here, and what is declared absent has to be refused properly.
 */
public interface StorageFixture {
    /** What not every storage has. */
    enum Offer {
        /** Signed URLs. Without it the adapter answers {@code storage-unsupported}. */
        SIGNED_URLS,
        /**
         * Conditions are checked and the object stored in one step, so that exactly one of several puts at the same time wins.
         * Every storage has to; leave it out only for a test server that is known not to, and say so.
         */
        ATOMIC_CONDITIONS,
        /**
         * Keys with a backslash. Leave it out only for a system that takes a backslash for a slash; then the adapter refuses such
         * keys with {@code object-key-invalid}, so that no object takes the place of another.
         */
        BACKSLASHES
    }

    /** The adapter. Called for each test; the kit asks for no more than one factory to be in use at a time. */
    AdapterFactory factory();

    /**
     * The configuration of an instance over a place without objects, another one at each call. Secrets are given as plain
     * texts of at least eight characters, so that the kit can look for them where they must not be.
     */
    Map<String, ?> emptyPlace() throws Exception;

    /** What the storage has of what is optional. */
    Set<Offer> offers();

    /**
     * The same configuration, but the outside system at another address, of scheme {@code http} without a path, where
     * nobody answers. Null only when the manifest asks for no network.
     */
    default @Nullable Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
        return null;
    }

    /**
     * Where the outside system of this place listens, with host and port; it speaks without TLS there. Null when there is no such
     * address: then nothing is said about faults on the way.
     */
    default @Nullable URI system(Map<String, ?> place) {
        return null;
    }

    /** The same configuration, but {@link #system} reached by another address, which leads to it. */
    default @Nullable Map<String, ?> by(Map<String, ?> place, URI way) {
        return elsewhere(place, way);
    }

    /** The same configuration with credentials that are refused. Null only when the manifest has no secret. */
    default @Nullable Map<String, ?> wrongCredentials(Map<String, ?> place) {
        return null;
    }

    /** The same configuration with a bucket or container that is not there. Null only when the manifest asks for no network. */
    default @Nullable Map<String, ?> containerMissing(Map<String, ?> place) {
        return null;
    }

    /**
     * Makes an object another than the one that was stored, past the adapter: changes one of its bytes and leaves all that the
     * system keeps beside them, or the SHA-256 that is kept and leaves the bytes. False when the fixture cannot; then the kit
     * does not try what becomes of such an object, and its report says so.
     *
     * @param place the configuration of the instance
     * @param folder the folder of the instance
     */
    default boolean spoil(Map<String, ?> place, Path folder, String key) throws Exception {
        return false;
    }

    /** Headers that a PUT with a signed URL has to have here. */
    default Map<String, String> headersOfSignedWrite() {
        return Map.of();
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
