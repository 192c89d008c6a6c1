package io.maestro.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.NodeSettings;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the rows of earlier releases. */
final class UpgradeTest {
    private final TestDatabase upgraded = TestPostgres.fresh();

    @AfterEach
    void drop() {
        TestPostgres.drop(upgraded);
    }

    @Test
    void leavesAnEnvironmentClosedThatIsBeingDeletedMeanwhileAndTheOthersOpen() throws SQLException {
        upgrade(2, """
                insert into tenancy.tenant (tenant_id, display_name, created_at) values ('acme', 'Acme', now());
                insert into tenancy.environment (tenant_id, name, created_at, closing)
                    values ('acme', 'dev', now(), true), ('acme', 'prod', now(), false);
                """);

        assertThat(names("select name from tenancy.environment where closed_by is not null"))
                .containsExactly("dev");
    }

    @Test
    void remembersTheEnginesOfAnInstallationThatNeverOffboardedAnybody() throws SQLException {
        upgrade(3, "create schema adapters; create schema secrets; create schema trust;");

        assertThat(names("select name from tenancy.engine"))
                .as("those that keep something of tenants and have ever run")
                .containsExactlyInAnyOrder("adapters", "secrets");
    }

    @Test
    void remembersTheEnginesThatTookPartInAnOffboarding() throws SQLException {
        upgrade(3, """
                create schema adapters;
                insert into tenancy.tenant (tenant_id, display_name, created_at) values ('acme', 'Acme', now());
                insert into tenancy.offboarding (tenant_id, requested_at, requested_by, correlation_id)
                    values ('acme', now(), 'token:admin', 'request-1');
                insert into tenancy.offboarding_part (tenant_id, part)
                    values ('acme', 'adapters'), ('acme', 'other'), ('acme', 'tenancy');
                """);

        assertThat(names("select name from tenancy.engine")).containsExactlyInAnyOrder("adapters", "other");
    }

    /** Upgrades from the release with so many scripts in which this had happened. */
    private void upgrade(int scripts, String before) throws SQLException {
        try (PostgresDatabase database = PostgresDatabase.open(
                        new NodeSettings.Database(URI.create(upgraded.url()), upgraded.user(), upgraded.password()));
                Connection owner = upgraded.connect();
                Statement statement = owner.createStatement()) {
            database.migrate(
                    new Migrations("tenancy", JooqTenants.MIGRATIONS.scripts().subList(0, scripts)));
            statement.execute(before);
            database.migrate(JooqTenants.MIGRATIONS);
        }
    }

    private List<String> names(String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection owner = upgraded.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return names;
    }
}
