package io.maestro.testing.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Many tenants with many instances, put into a server's database while the server is down: the rows that acts would write,
 * without the hours that so many acts take.
 *
 * @param adapters how many definitions there are, {@code many-0} and so on, each at version 1.0.0 and each admitted already
 * @param tenants how many tenants to make, each with three environments
 * @param instances how many instances to make in all, spread evenly
 */
public record Population(int adapters, int tenants, int instances) {
    /** The name of an adapter. */
    public static String adapter(int number) {
        return "many-" + number;
    }

    /** Where an instance is, and how it is called. */
    public String path(int instance) {
        String environment = new String[] {"dev", "staging", "prod"}[instance / tenants % 3];
        return "/api/tenants/crowd-" + instance % tenants + "/environments/" + environment + "/instances/bound-"
                + instance;
    }

    /** Writes the rows as the database's owner, who is held by row-level security as everybody is. */
    public void write(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select set_config('maestro.platform', 'on', true)");
        }
        update(
                connection,
                "insert into tenancy.tenant (tenant_id, display_name, created_at)"
                        + " select 'crowd-' || t, 'Crowd ' || t, now() from generate_series(0, ? - 1) t",
                tenants);
        update(
                connection,
                "insert into tenancy.environment (tenant_id, name, created_at) select 'crowd-' || t, e, now()"
                        + " from generate_series(0, ? - 1) t, unnest(array['dev', 'staging', 'prod']) e",
                tenants);
        update(
                connection,
                "insert into adapters.adapter_instance (tenant_id, environment, instance, adapter, version,"
                        + " configuration, configured, wanted, revision, created_at, created_by, updated_at, updated_by)"
                        + " select 'crowd-' || i % ?, (array['dev', 'staging', 'prod'])[1 + i / ? % 3], 'bound-' || i,"
                        + " 'many-' || i % ?, '1.0.0', '{\"greeting\": \"hello\"}', 1, 'running', 1,"
                        + " now(), 'user:crowd', now(), 'user:crowd' from generate_series(0, ? - 1) i",
                tenants,
                tenants,
                adapters,
                instances);
        update(
                connection,
                "insert into adapters.instance_version (tenant_id, environment, instance, number, adapter, version,"
                        + " configuration, since, actor, why) select tenant_id, environment, instance, 1, adapter, version,"
                        + " configuration, created_at, created_by, 'create' from adapters.adapter_instance"
                        + " where created_by = ?",
                "user:crowd");
        connection.commit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze");
        }
    }

    private static void update(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }
}
