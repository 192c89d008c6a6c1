package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An identity says what the provider says and the mapping grants, whole or not at all. */
abstract class MappingContract extends IdentityContract {
    MappingContract(IdentityKit kit) {
        super(kit);
    }

    private VerifiedIdentity identity(Map<String, Object> claims) {
        return validate(issuer().token(claims));
    }

    @Test
    void identityHasWhatTheTokenSays() {
        Instant issued = Instant.ofEpochSecond(now().getEpochSecond() - 10);
        Map<String, Object> claims = issuer().claims("iat", issued.getEpochSecond());
        claims.put("exp", issued.getEpochSecond() + 200);
        assertThat(identity(claims))
                .isEqualTo(new VerifiedIdentity(
                        registration().issuer(),
                        "alice-of-tests",
                        "Alice Example",
                        "alice@example.org",
                        List.of("tenant_admin"),
                        Map.of("department", List.of("engineering")),
                        issued,
                        issued.plusSeconds(200),
                        String.valueOf(claims.get("jti"))));
    }

    @Test
    void whatTheTokenDoesNotSayIsAbsent() {
        Map<String, Object> claims = issuer().claims();
        claims.keySet().removeAll(List.of("name", "email", "email_verified", "groups", "department", "jti"));
        VerifiedIdentity identity = identity(claims);
        assertThat(identity.displayName()).isEqualTo(identity.subject());
        assertThat(identity.email()).isNull();
        assertThat(identity.tokenId()).isNull();
        assertThat(identity.roles()).isEmpty();
        assertThat(identity.attributes()).isEmpty();
    }

    @Test
    void addressThatIsNotVerifiedIsLeftOut() {
        assertThat(identity(issuer().claims("email_verified", false)).email()).isNull();
    }

    @Test
    void onlyTheMappingGrantsRoles() {
        for (Object groups :
                List.of(List.of("tenant_admin", "people", "Admins", "admin"), "tenant_admin", 1, Map.of("admins", 1))) {
            Map<String, Object> claims = issuer().claims("groups", groups);
            claims.put("roles", List.of("tenant_admin", "installation_admin"));
            claims.put("role", "tenant_admin");
            assertThat(identity(claims).roles()).as("roles by %s", groups).isEmpty();
        }
    }

    @Test
    void rolesAreGrantedOnce() {
        assertThat(identity(issuer().claims("groups", List.of("owners", "admins", "owners")))
                        .roles())
                .containsExactlyInAnyOrder("tenant_admin", "tenant_developer");
    }

    @Test
    void attributeMayHaveSeveralValues() {
        assertThat(identity(issuer().claims("department", List.of("one", "two")))
                        .attributes())
                .isEqualTo(Map.of("department", List.of("one", "two")));
        assertThat(identity(issuer().claims("department", List.of())).attributes())
                .isEmpty();
    }

    @Test
    void identityAtTheBoundsIsWhole() {
        Map<String, Object> claims = issuer().claims("sub", "s".repeat(256));
        claims.put("name", "n".repeat(256));
        List<String> values = Collections.nCopies(7, "v".repeat(256));
        claims.put("department", values);
        VerifiedIdentity identity = identity(claims);
        assertThat(identity.subject()).hasSize(256);
        assertThat(identity.displayName()).hasSize(256);
        assertThat(identity.attributes()).isEqualTo(Map.of("department", values));
    }

    @Test
    void identityBeyondTheBoundsIsRefusedAndNotShortened() {
        List<Map<String, Object>> tooLarge = new ArrayList<>();
        for (String claim : List.of("sub", "name", "email", "jti", "department")) {
            tooLarge.add(issuer().claims(claim, "x".repeat(257)));
        }
        tooLarge.add(issuer().claims("department", Collections.nCopies(257, "v")));
        tooLarge.add(issuer().claims("department", Collections.nCopies(9, "v".repeat(250))));
        for (Map<String, Object> claims : tooLarge) {
            refusedToken(IdentityProblem.TOKEN_CLAIMS_TOO_LARGE, issuer().token(claims));
        }
    }
}
