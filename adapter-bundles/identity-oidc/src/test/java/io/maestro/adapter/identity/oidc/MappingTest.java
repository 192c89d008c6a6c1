package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.VerifiedIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MappingTest extends ProviderFixture {
    @Test
    void valuesGrantRolesByTheTableAndOnlyByIt() {
        Map<String, Object> mapping = Map.of(
                "roles",
                List.of(
                        Map.of(
                                "claim",
                                "/realm_access/roles",
                                "values",
                                Map.of(
                                        "admins",
                                        List.of("tenant_admin", "auditor"),
                                        "devs",
                                        List.of("tenant_developer"))),
                        Map.of("claim", "is_auditor", "values", Map.of("true", List.of("auditor")))));

        assertThat(mapped(mapping, Map.of("realm_access", Map.of("roles", List.of("admins", "platform-admin"))))
                        .roles())
                .containsExactly("tenant_admin", "auditor");
        assertThat(mapped(mapping, Map.of("realm_access", Map.of("roles", "devs"), "is_auditor", true))
                        .roles())
                .containsExactlyInAnyOrder("tenant_developer", "auditor");
        assertThat(mapped(mapping, Map.of("realm_access", List.of(), "roles", List.of("admins")))
                        .roles())
                .isEmpty();
        assertThat(mapped(mapping, Map.of()).roles()).isEmpty();
    }

    @Test
    void attributesHaveTheValuesOfTheirClaims() {
        Map<String, Object> mapping = Map.of(
                "attributes",
                Map.of(
                        "department", "department",
                        "level", "/org/levels/0",
                        "slashed", "/a~1b/c~0d",
                        "address", "https://example.org/claims/site",
                        "missing", "missing",
                        "nothing", "nothing",
                        "object", "org"));
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("department", List.of("finance", "sales", Map.of("x", 1)));
        claims.put("org", Map.of("levels", List.of(7, 8.5)));
        claims.put("a/b", Map.of("c~d", true));
        claims.put("https://example.org/claims/site", "Bonn");
        claims.put("nothing", null);

        assertThat(mapped(mapping, claims).attributes())
                .isEqualTo(Map.of(
                        "department", List.of("finance", "sales"),
                        "level", List.of("7"),
                        "slashed", List.of("true"),
                        "address", List.of("Bonn")));
    }

    @Test
    void nameAndEmailAreWhereTheMappingSays() {
        VerifiedIdentity identity = mapped(
                Map.of("name", "preferred_username", "email", "/contact/mail"),
                Map.of("preferred_username", "al", "contact", Map.of("mail", "al@example.org"), "name", "Other"));
        assertThat(identity.displayName()).isEqualTo("al");
        assertThat(identity.email()).isEqualTo("al@example.org");
    }

    @Test
    void withoutNameTheSubjectIsShownAndAnUnverifiedAddressIsNot() {
        VerifiedIdentity identity =
                mapped(Map.of(), Map.of("email", "somebody-else@example.org", "email_verified", false));
        assertThat(identity.displayName()).isEqualTo("alice");
        assertThat(identity.email()).isNull();
    }

    private VerifiedIdentity mapped(Map<String, Object> mapping, Map<String, Object> more) {
        Map<String, Object> claims = claims();
        claims.putAll(more);
        return validate(open(Map.of("mapping", mapping)), key.sign(claims));
    }
}
