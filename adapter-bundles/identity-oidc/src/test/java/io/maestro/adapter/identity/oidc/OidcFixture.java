package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.identity.IdentityFixture;
import io.maestro.conformance.identity.Registration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** This adapter over the kit's own provider. */
final class OidcFixture implements IdentityFixture {
    @Override
    public AdapterFactory factory() {
        return new IdentityOidcComponent();
    }

    @Override
    public Map<String, ?> configuration(Registration registration) {
        return Map.of(
                "issuer",
                registration.issuer(),
                "clientId",
                registration.clientId(),
                "clientSecret",
                registration.clientSecret(),
                "audiences",
                List.of(registration.audience()),
                "clockSkewSeconds",
                60,
                "mapping",
                Map.of(
                        "roles",
                        List.of(Map.of(
                                "claim",
                                "groups",
                                "values",
                                Map.of(
                                        "admins",
                                        List.of("tenant_admin"),
                                        "owners",
                                        List.of("tenant_admin", "tenant_developer")))),
                        "attributes",
                        Map.of("department", "department")));
    }

    @Override
    public Map<String, ?> forPrograms(Registration registration) {
        Map<String, Object> configuration = new HashMap<>(configuration(registration));
        configuration.put("login", false);
        return configuration;
    }

    @Override
    public Set<Offer> offers() {
        return EnumSet.allOf(Offer.class);
    }
}
