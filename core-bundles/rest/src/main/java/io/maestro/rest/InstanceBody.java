package io.maestro.rest;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.IOException;
import java.time.Instant;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** An instance as it crosses the wire. */
record InstanceBody(
        String tenant,
        String environment,
        String id,
        String adapter,
        String type,
        Json configuration,
        Wanted wanted,
        Observed observed,
        @Nullable ProblemBody problem,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    static InstanceBody of(Instance instance) {
        return new InstanceBody(
                instance.scope().tenant().value(),
                instance.scope().environment().value(),
                instance.id().value(),
                instance.definition().toString(),
                instance.type().value(),
                instance.configuration(),
                instance.wanted(),
                instance.observed(),
                ProblemBody.within(instance.problem()),
                instance.revision(),
                instance.createdAt(),
                instance.updatedAt());
    }

    /**
     * The entity tag: the revision, and a checksum of the whole, because what is observed changes without the revision and a
     * caller that polls must not be told that nothing changed.
     */
    String tag(Wire wire) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(wire.bytes(this));
        return revision + "-" + Long.toHexString(checksum.getValue());
    }

    /** The revision that {@code If-Match} names; null when any will do. */
    static @Nullable Long expected(ContainerRequestContext request) {
        String tag = Tags.unquoted(request.getHeaderString("If-Match"));
        if (tag == null || tag.equals("*")) {
            return null;
        }
        int end = tag.indexOf('-');
        try {
            return Long.parseLong(end < 0 ? tag : tag.substring(0, end));
        } catch (NumberFormatException e) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the header If-Match names no revision of an instance",
                            "Send the ETag of the instance as you last saw it.")
                    .asException(e);
        }
    }
}
