package io.maestro.residency;

import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be kept somewhere.
 *
 * @param action as in receipts, for example {@code data.put}
 * @param kind null for all kinds
 * @param key null when it is not about one item
 * @param region where it must stay
 * @param from where it stays now, when it is moved and anything is there; null otherwise
 * @param digest of the bytes; null when it is not known or there are none
 */
record Asked(
        Scope scope,
        String action,
        @Nullable Kind kind,
        @Nullable String key,
        Region region,
        @Nullable Region from,
        @Nullable Digest digest,
        Actor actor) {
    /** An item. */
    static Asked item(Scope scope, String action, ItemName name, Region region, @Nullable Digest digest, Actor actor) {
        return new Asked(scope, action, name.kind(), name.key(), region, null, digest, actor);
    }

    /** A way for items. */
    static Asked way(Scope scope, String action, @Nullable Kind kind, Region region, Actor actor) {
        return new Asked(scope, action, kind, null, region, null, null, actor);
    }

    /** The same, moved from there. */
    Asked from(@Nullable Region there) {
        return new Asked(scope, action, kind, key, region, there, digest, actor);
    }

    /** As people write it. */
    String what() {
        return (kind == null ? "data" : kind.value()) + (key == null ? "" : "/" + key);
    }
}
