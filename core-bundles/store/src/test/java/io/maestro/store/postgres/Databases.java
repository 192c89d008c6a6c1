package io.maestro.store.postgres;

import io.maestro.api.node.NodeSettings;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.net.URI;
import java.time.Duration;

/** Opens databases for tests. */
final class Databases {
    private Databases() {}

    static NodeSettings.Database settings(TestDatabase database) {
        return new NodeSettings.Database(URI.create(database.url()), database.user(), database.password());
    }

    static PostgresDatabase open(TestPostgres postgres) {
        return PostgresDatabase.open(settings(postgres.database()), Duration.ofSeconds(5));
    }
}
