package io.maestro.residency;

import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Region;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.Locale;
import java.util.UUID;

/**
 * An object that has, or is to have, the bytes of an item.
 *
 * @param id of this one write
 * @param name the item's
 * @param region where the item must stay
 */
record Placement(Scope scope, UUID id, ItemName name, Region region, InstanceId instance, String contentType) {
    /** The key of the object: no other write has it. */
    String objectKey() {
        return name.kind() + "/" + id;
    }

    /** How far a placement is; as in the database. */
    enum State {
        INTENDED,
        SETTLED,
        LEAVING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was written.
     *
     * @param size in bytes
     */
    record Written(long size, Digest digest) {}
}
