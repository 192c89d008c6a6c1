package io.maestro.adapter.provisioning.scim;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the directory says that it can (RFC 7643, 5).
 *
 * @param patch whether it changes single attributes
 * @param etag whether it keeps states of users apart, and changes only the expected one
 */
record Capabilities(boolean patch, boolean etag) {
    /** Of a directory that does not say: nearly all have PATCH, and few have ETags. */
    static final Capabilities UNTOLD = new Capabilities(true, false);

    static Capabilities of(Map<String, @Nullable Object> document) {
        return new Capabilities(supported(document, "patch", UNTOLD.patch), supported(document, "etag", UNTOLD.etag));
    }

    private static boolean supported(Map<String, @Nullable Object> document, String feature, boolean untold) {
        if (document.get(feature) instanceof Map<?, ?> told && told.get("supported") instanceof Boolean supported) {
            return supported;
        }
        return untold;
    }
}
