package io.maestro.architecture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of a migrated database as PostgreSQL itself describes them. */
final class Tables {
    /** Values for columns that do not take just anything. */
    private static final Map<String, String> SAMPLES = Map.of(
            "adapters.adapter_instance.wanted", "'running'",
            "adapters.rollout_member.state", "'waiting'",
            "residency.placement.state", "'intended'",
            "residency.transfer.state", "'running'",
            "tenancy.tenant.state", "'active'");

    private static final String ALL = """
            select n.nspname || '.' || c.relname,
                   c.relrowsecurity,
                   c.relforcerowsecurity,
                   exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
                           and p.polqual is not null and p.polwithcheck is not null),
                   exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
                           and not a.attisdropped),
                   coalesce((select string_agg(a.attname, ',' order by k.place)
                             from pg_index i
                             cross join lateral unnest(i.indkey) with ordinality as k(attnum, place)
                             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                             where i.indrelid = c.oid and i.indisprimary), '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
            order by 1""";

    private static final String COLUMNS = """
            select column_name, data_type, coalesce(character_maximum_length, 20)
            from information_schema.columns
            where table_schema || '.' || table_name = ? and is_nullable = 'NO' and column_name <> 'tenant_id'
              and is_identity = 'NO' and is_generated = 'NEVER' and column_default is null
            order by ordinal_position""";

    private Tables() {}

    /**
     * A table.
     *
     * @param fenced whether its rows are behind a policy
     * @param bindsOwner whether that binds its owner too
     * @param policy whether one policy says for every command which rows are seen and which may be written
     * @param ofTenants whether it has a column {@code tenant_id}
     * @param key the columns of its primary key, in order
     */
    record Table(
            String name, boolean fenced, boolean bindsOwner, boolean policy, boolean ofTenants, List<String> key) {}

    static List<Table> all(Connection owner) throws SQLException {
        List<Table> all = new ArrayList<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                all.add(new Table(
                        rows.getString(1),
                        rows.getBoolean(2),
                        rows.getBoolean(3),
                        rows.getBoolean(4),
                        rows.getBoolean(5),
                        List.of(rows.getString(6).split(",", -1))));
            }
        }
        return all;
    }

    /** A statement that inserts some row of this tenant; foreign keys are not looked after. */
    static String insert(Connection owner, Table table, String tenant) throws SQLException {
        Map<String, String> values = new TreeMap<>();
        values.put("tenant_id", "'" + tenant + "'");
        try (PreparedStatement columns = owner.prepareStatement(COLUMNS)) {
            columns.setString(1, table.name());
            try (ResultSet rows = columns.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    String usual = usual(table.name() + "." + column, rows.getString(2), rows.getInt(3));
                    values.put(column, SAMPLES.getOrDefault(table.name() + "." + column, usual));
                }
            }
        }
        return "insert into " + table.name() + " (" + String.join(", ", values.keySet()) + ") values ("
                + String.join(", ", values.values()) + ")";
    }

    private static String usual(String column, String type, int length) {
        return switch (type) {
            case "character varying", "text", "character" -> "left(md5(random()::text), " + length + ")";
            case "bigint", "integer", "smallint", "numeric" -> "1";
            case "boolean" -> "false";
            case "uuid" -> "gen_random_uuid()";
            case "bytea" -> "'\\x00'";
            case "json", "jsonb", "ARRAY" -> "'{}'";
            case "timestamp with time zone" -> "now()";
            default -> throw new IllegalStateException("no value for " + column + " of type " + type);
        };
    }
}
