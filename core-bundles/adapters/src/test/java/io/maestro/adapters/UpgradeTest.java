package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.NodeSettings;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the rows of earlier releases. */
class UpgradeTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @Test
    void takesAnInstanceFromBeforeConfigurationsChangedAsConfiguredInItsPresentRevision() throws Exception {
        try (PostgresDatabase database = PostgresDatabase.open(
                        new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
                Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            database.migrate(new Migrations(
                    "adapters", JooqDefinitions.MIGRATIONS.scripts().subList(0, 3)));
            statement.execute("""
                    insert into adapters.adapter_type values ('storage', '1.0');
                    insert into adapters.adapter_definition (name, version, version_order, digest, size, type,
                        contract_version, publisher, key, manifest, created_at, created_by, risk, owner_folded, pre_release)
                        values ('echo', '1.0.0', '1', 'd', 1, 'storage', '1.0', 'tests', 'k', '{}', now(), 'x', 'low',
                            'tests', false);
                    insert into adapters.adapter_instance (tenant_id, environment, instance, adapter, version,
                        configuration, wanted, revision, created_at, created_by, updated_at, updated_by)
                        values ('acme', 'prod', 'main', 'echo', '1.0.0', '{}', 'running', 7, now(), 'x', now(), 'x');
                    """);

            database.migrate(JooqDefinitions.MIGRATIONS);

            try (ResultSet found = statement.executeQuery("select configured from adapters.adapter_instance")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getLong(1)).isEqualTo(7);
            }
            try (ResultSet found =
                    statement.executeQuery("select number, version, why from adapters.instance_version")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getLong(1)).isEqualTo(1);
                assertThat(found.getString(2)).isEqualTo("1.0.0");
                assertThat(found.getString(3)).isEqualTo("earlier");
            }
        }
    }
}
