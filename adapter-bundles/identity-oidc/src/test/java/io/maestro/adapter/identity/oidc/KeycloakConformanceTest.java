package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.identity.IdentityFixture;
import io.maestro.conformance.identity.IdentityKit;
import io.maestro.conformance.identity.Registration;
import io.maestro.conformance.identity.TriedProvider;
import io.maestro.testing.peers.Keycloak;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What of the kit can be tried against a provider that signs only what is so: a real Keycloak. */
@EnabledIfSystemProperty(named = "maestro.full", matches = "true")
final class KeycloakConformanceTest extends IdentityKit {
    private static Keycloak server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = Keycloak.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected IdentityFixture fixture() {
        return new OverKeycloak(new OidcFixture());
    }

    private record OverKeycloak(OidcFixture own) implements IdentityFixture {
        @Override
        public AdapterFactory factory() {
            return own.factory();
        }

        @Override
        public Map<String, ?> configuration(Registration registration) {
            return own.configuration(registration);
        }

        @Override
        public Map<String, ?> forPrograms(Registration registration) {
            return own.forPrograms(registration);
        }

        @Override
        public Set<Offer> offers() {
            return own.offers();
        }

        @Override
        public TriedProvider provider() {
            return new OfTheRealm();
        }
    }

    /** Goes on after the test, as Keycloak does. */
    private static final class OfTheRealm implements TriedProvider {
        @Override
        public Registration registration() {
            return new Registration(server.issuer(), Keycloak.CLIENT_ID, Keycloak.CLIENT_SECRET, Keycloak.AUDIENCE);
        }

        @Override
        public String token() throws IOException, InterruptedException {
            return server.token();
        }

        @Override
        public URI redirectUri() {
            return URI.create("http://127.0.0.1:39999/callback");
        }

        @Override
        public URI logIn(URI begin) throws IOException, InterruptedException {
            return server.logIn(begin, "alice");
        }

        @Override
        public void close() {
            // the next test uses it too
        }
    }
}
