package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.testing.bundle.AdapterBundleContract;
import io.maestro.testing.bundle.OnlyTheBundle;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityOidcBundleTest extends AdapterBundleContract {
    @Test
    void worksWithNothingButWhatTheBundleCarries(@TempDir Path folder) throws Exception {
        Jwts rsa = Jwts.rsa();
        Jwts pss = Jwts.rsa(2048, "PS256");
        Jwts curve = Jwts.ec();
        try (LocalIssuer issuer = LocalIssuer.start(rsa, pss, curve);
                OnlyTheBundle bundle = new OnlyTheBundle(CONTENT);
                TestAdapterContext context =
                        new TestAdapterContext(folder, Map.of("issuer", issuer.issuer(), "clientId", "maestro"))) {
            Class<?> component = bundle.loadClass(IdentityOidcComponent.class.getName());
            assertThat(component).isNotSameAs(IdentityOidcComponent.class);
            AdapterFactory factory = (AdapterFactory) component.getConstructor().newInstance();
            CallContext call = new CallContext("test", Instant.now().plusSeconds(60), null);
            try (IdentityProvider provider = (IdentityProvider) factory.open(context)) {
                assertThat(provider.health()).isEqualTo(new Health.Up());
                for (Jwts key : List.of(rsa, pss, curve)) {
                    String token = key.sign(issuer.claims("maestro"));
                    assertThat(provider.validateToken(call, new ValidateToken(token))
                                    .subject())
                            .isEqualTo("alice");
                }
            }
        }
    }
}
