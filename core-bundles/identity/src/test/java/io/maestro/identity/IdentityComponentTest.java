package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.api.identity.Tokens.NewToken;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.tenancy.KnownTenants;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class IdentityComponentTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @Test
    void worksFromAnEmptyDatabaseToALastWriteAtTheEnd(@TempDir Path data) throws IOException {
        NodeSettings.Database where =
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password());
        NodeSettings settings =
                new NodeSettings("node", data, "internal-edition", new NodeSettings.Http("127.0.0.1", 0), where);
        try (PostgresDatabase database = PostgresDatabase.open(where)) {
            IdentityComponent identity = new IdentityComponent(
                    settings, database, new KnownTenants(), new NoMembers(), new FakeSeal("one"), Metrics.NONE);
            Principal admin = identity.authenticate(
                    Credentials.ofBearer(
                            Files.readString(data.resolve("bootstrap-token")).strip()),
                    Node.ORIGIN);
            identity.authorize(admin, Action.PLATFORM_WRITE, null, null, Node.ORIGIN);
            NewToken made = identity.create(
                    "ci", Set.of(Role.TENANT_ADMIN), new TenantId("acme"), null, Duration.ofDays(1), admin, Node.ACTOR);
            identity.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
            assertThat(identity.events(Filter.ALL, PageRequest.first()).items()).isEmpty();
            identity.close();
            assertThat(identity.tokens(null, PageRequest.first()).items())
                    .allSatisfy(token -> assertThat(token.lastUsedAt()).isNotNull());
            assertThat(identity.tokens(new TenantId("acme"), PageRequest.first())
                            .items())
                    .allSatisfy(token -> assertThat(token.lastUsedAt()).isNotNull());
            identity.revoke(new TenantId("acme"), made.token().id(), null, Node.ROOT, Node.ACTOR);
        }
    }
}
