package io.maestro.rest;

import io.maestro.api.secrets.Secrets.KeptSecret;
import io.maestro.api.secrets.Secrets.Version;
import io.maestro.model.CallerProblem;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A secret as it crosses the wire: without its value. */
record SecretBody(
        String tenant,
        String environment,
        String name,
        long version,
        Instant createdAt,
        Instant updatedAt,
        List<VersionBody> versions,
        List<String> usedBy) {

    static SecretBody of(KeptSecret secret) {
        return new SecretBody(
                secret.scope().tenant().value(),
                secret.scope().environment().value(),
                secret.name().value(),
                secret.version(),
                secret.createdAt(),
                secret.updatedAt(),
                secret.versions().stream().map(VersionBody::of).toList(),
                secret.usedBy().stream().map(InstanceId::value).toList());
    }

    /** The version that {@code If-Match} names; null when any will do. */
    static @Nullable Long expected(ContainerRequestContext request) {
        String tag = Tags.unquoted(request.getHeaderString("If-Match"));
        if (tag == null || tag.equals("*")) {
            return null;
        }
        try {
            return Long.parseLong(tag);
        } catch (NumberFormatException e) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the header If-Match names no version of a secret",
                            "Send the ETag of the secret as you last saw it.")
                    .asException(e);
        }
    }

    record VersionBody(long version, Instant createdAt, String createdBy) {
        static VersionBody of(Version version) {
            return new VersionBody(version.number(), version.createdAt(), version.createdBy());
        }
    }
}
