package io.maestro.tenancy;

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
final class UpgradeTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @Test
    void leavesAnEnvironmentClosedThatIsBeingDeletedMeanwhileAndTheOthersOpen() throws Exception {
        try (PostgresDatabase database = PostgresDatabase.open(
                        new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
                Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            database.migrate(
                    new Migrations("tenancy", JooqTenants.MIGRATIONS.scripts().subList(0, 2)));
            statement.execute("""
                    insert into tenancy.tenant (tenant_id, display_name, created_at) values ('acme', 'Acme', now());
                    insert into tenancy.environment (tenant_id, name, created_at, closing)
                        values ('acme', 'dev', now(), true), ('acme', 'prod', now(), false);
                    """);

            database.migrate(JooqTenants.MIGRATIONS);

            try (ResultSet found =
                    statement.executeQuery("select name from tenancy.environment where closed_by is not null")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getString(1)).isEqualTo("dev");
                assertThat(found.next()).isFalse();
            }
        }
    }
}
