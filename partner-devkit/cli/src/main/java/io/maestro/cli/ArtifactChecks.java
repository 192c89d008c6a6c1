package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.Digest;
import io.maestro.model.PublisherName;
import io.maestro.trust.ArtifactInspector;
import io.maestro.trust.Certificates;
import io.maestro.trust.InspectionLimits;
import io.maestro.trust.KeyLookup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Inspects artifacts on this machine as the server does. */
final class ArtifactChecks {
    private static final Pattern COMMON_NAME =
            Pattern.compile("(?:^|,)CN=([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:,|$)");

    private ArtifactChecks() {}

    /** Inspects; a refusal is a {@link Failure} with exit code 5. */
    static Inspection.Passed check(Path jar, KeyLookup keys) throws IOException {
        Path folder = Files.createTempDirectory("maestro");
        try (InputStream in = Files.newInputStream(jar)) {
            Inspection inspection =
                    new ArtifactInspector(InspectionLimits.USUAL, keys, folder, InstantSource.system()).inspect(in);
            return switch (inspection) {
                case Inspection.Refused refused -> throw Failure.of(Exit.ARTIFACT, refused.problem());
                case Inspection.Passed passed -> {
                    Files.delete(passed.copy());
                    yield passed;
                }
            };
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    /** Trusts the keys of these certificates. */
    static KeyLookup trusting(List<Path> certificates) throws IOException {
        Map<Digest, PublisherKey> keys = new HashMap<>();
        for (Path file : certificates) {
            X509Certificate certificate = Certificates.parse(Files.readString(file, UTF_8), Instant.now());
            PublisherKey key = key(certificate);
            keys.put(key.fingerprint(), key);
        }
        return keys::get;
    }

    /** Trusts the key of this certificate. */
    static KeyLookup trusting(X509Certificate certificate) {
        PublisherKey key = key(certificate);
        return fingerprint -> fingerprint.equals(key.fingerprint()) ? key : null;
    }

    /** Trusts whom the server trusts, and knows what it has revoked. */
    static KeyLookup trusting(Server server) {
        Map<Digest, PublisherKey> keys = new HashMap<>();
        for (JsonNode publisher : server.list("/publishers", Integer.MAX_VALUE).path("items")) {
            for (JsonNode key : publisher.path("keys")) {
                PublisherKey known = new PublisherKey(
                        new PublisherName(key.path("publisher").asText()),
                        Digest.parse(key.path("fingerprint").asText()),
                        key.path("subject").asText(),
                        Instant.parse(key.path("notAfter").asText()),
                        Instant.parse(key.path("trustedAt").asText()),
                        key.path("revokedAt").isTextual()
                                ? Instant.parse(key.path("revokedAt").asText())
                                : null,
                        text(key.path("revokedReason")));
                keys.put(known.fingerprint(), known);
            }
        }
        return keys::get;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.asText() : null;
    }

    private static PublisherKey key(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        Matcher name = COMMON_NAME.matcher(subject);
        return new PublisherKey(
                new PublisherName(name.find() ? name.group(1) : "unnamed"),
                Certificates.fingerprint(certificate),
                subject,
                certificate.getNotAfter().toInstant(),
                Instant.EPOCH,
                null,
                null);
    }
}
