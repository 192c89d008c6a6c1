package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.identity.IdentityRules;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an identity of the claims of a verified token.
 *
 * @param name claim of the name for people
 * @param email claim of the email address
 * @param roles claims whose values grant roles
 * @param attributes for each attribute, the claim whose values it has
 */
record ClaimMapping(
        String name, String email, List<OidcConfiguration.RoleTable> roles, Map<String, String> attributes) {
    static ClaimMapping of(OidcConfiguration.@Nullable Mapping mapping) {
        if (mapping == null) {
            return new ClaimMapping("name", "email", List.of(), Map.of());
        }
        String name = mapping.name();
        String email = mapping.email();
        List<OidcConfiguration.RoleTable> roles = mapping.roles();
        Map<String, String> attributes = mapping.attributes();
        return new ClaimMapping(
                name == null ? "name" : name,
                email == null ? "email" : email,
                roles == null ? List.of() : List.copyOf(roles),
                attributes == null ? Map.of() : Map.copyOf(attributes));
    }

    VerifiedIdentity identity(Claims claims) {
        String subject = claims.text("sub");
        String known = first(claims, name);
        VerifiedIdentity identity = new VerifiedIdentity(
                claims.text("iss"),
                subject,
                known == null ? subject : known,
                // an address that the provider has not verified is a claim of the person, not of the provider
                claims.isFalse("email_verified") ? null : first(claims, email),
                List.copyOf(granted(claims)),
                attributes(claims),
                claims.time("iat"),
                claims.time("exp"),
                claims.optionalText("jti").orElse(null));
        IdentityRules.check(identity);
        return identity;
    }

    private static @Nullable String first(Claims claims, String claim) {
        List<String> values = claims.values(claim);
        return values.isEmpty() ? null : values.getFirst();
    }

    private Set<String> granted(Claims claims) {
        Set<String> granted = new LinkedHashSet<>();
        for (OidcConfiguration.RoleTable table : roles) {
            for (String value : claims.values(table.claim())) {
                granted.addAll(table.values().getOrDefault(value, List.of()));
            }
        }
        return granted;
    }

    private Map<String, List<String>> attributes(Claims claims) {
        Map<String, List<String>> found = new HashMap<>();
        attributes.forEach((attribute, claim) -> {
            List<String> values = claims.values(claim);
            if (!values.isEmpty()) {
                found.put(attribute, values);
            }
        });
        return found;
    }
}
