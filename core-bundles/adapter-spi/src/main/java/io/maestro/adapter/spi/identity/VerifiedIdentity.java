package io.maestro.adapter.spi.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is: output of {@code validate_token} and {@code complete_login}. What stands here was signed by the
 * provider and checked; roles and attributes are what the instance's mapping makes of it.
 *
 * @param issuer names the provider
 * @param subject names the person or program; unique and lasting within the issuer, and not meant for reading
 * @param displayName for people to read; the subject when the provider tells no name
 * @param email null when the provider tells none, or says that it is not verified
 * @param roles what the mapping grants, without doubles; empty when it grants nothing
 * @param attributes for decisions by attributes; a name without values is absent
 * @param issuedAt when the provider said so
 * @param expiresAt until when it holds
 * @param tokenId names the token within the issuer; null when the provider gives it no name
 */
public record VerifiedIdentity(
        String issuer,
        String subject,
        String displayName,
        @Nullable String email,
        List<String> roles,
        Map<String, List<String>> attributes,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable String tokenId) {
    /** Copies the lists and the map. */
    public VerifiedIdentity {
        roles = List.copyOf(roles);
        attributes = attributes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }
}
