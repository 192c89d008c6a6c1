package io.maestro.rest;

import io.maestro.api.policy.PolicySettings.Kept;
import io.maestro.model.Json;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Settings or modes as they cross the wire. */
record PolicyDocument(
        Json document,
        long revision,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy) {
    static Response answer(Kept kept) {
        return Response.ok(new PolicyDocument(kept.document(), kept.revision(), kept.updatedAt(), kept.updatedBy()))
                .header("ETag", Tags.quoted(Long.toString(kept.revision())))
                .build();
    }

    /** The document as it was sent; whoever keeps it says what is wrong with it. */
    static Json read(InputStream body) throws IOException {
        return new Json(new String(Wire.bounded(body), StandardCharsets.UTF_8));
    }

    static @Nullable Long expected(ContainerRequestContext request) {
        return SecretBody.expected(request);
    }
}
