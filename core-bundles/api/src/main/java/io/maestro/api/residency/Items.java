package io.maestro.api.residency;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Evidence, artifacts and whatever else is kept for a tenant where it must stay. A write is seen whole or not at all, also when
 * the node goes in the middle of it: what was there before stays until then. Blocks on the database and the storage; best
 * called from a virtual thread.
 */
@ProviderType
public interface Items {
    /**
     * Stores an item where the route of its region and kind leads, in place of what is there.
     *
     * @param region where it must stay; that of an item that is there already, unless a transfer to that region is running
     * @param content read to its end on the adapter's thread; not closed
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#STORAGE_ROUTE_UNKNOWN}, {@link
     *     ResidencyProblem#DATA_IN_OTHER_REGION}; what the policy says, and {@link ResidencyProblem#DATA_REGION_MISMATCH},
     *     which leave a denied write; what the host or the adapter says
     */
    Item put(Scope scope, ItemName name, Region region, Content content, Actor actor);

    /**
     * Opens an item for reading, wherever it lies; the caller reads and closes it. Bytes that are not those that were stored
     * end in an {@link IOException}, never in a silent end.
     *
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#DATA_UNKNOWN}, {@link ResidencyProblem#DATA_DAMAGED}
     */
    OpenItem open(Scope scope, ItemName name, Actor actor);

    /** The item without its bytes, or {@link ResidencyProblem#DATA_UNKNOWN}. */
    Item item(Scope scope, ItemName name);

    /**
     * The items of a scope, by kind and key.
     *
     * @param kind null for all
     */
    Page<Item> items(Scope scope, @Nullable Kind kind, PageRequest page);

    /** Removes an item; its bytes go right afterwards. {@link ResidencyProblem#DATA_UNKNOWN}. */
    void delete(Scope scope, ItemName name, Actor actor);

    /**
     * Bytes on their way in.
     *
     * @param type media type
     * @param length how many there are, when the sender said so
     * @param digest what they must be; null for anything
     */
    record Content(
            String type,
            InputStream bytes,
            OptionalLong length,
            @Nullable Digest digest) {}

    /**
     * What is stored.
     *
     * @param region where it must stay, and is
     * @param instance which keeps it
     * @param size in bytes
     * @param digest of the bytes
     */
    record Item(
            Scope scope,
            ItemName name,
            Region region,
            InstanceId instance,
            long size,
            Digest digest,
            String contentType,
            Instant storedAt,
            String storedBy) {}

    /** An item with its bytes. */
    record OpenItem(Item item, InputStream content) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}
