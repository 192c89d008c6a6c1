package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.NodeSettings;
import io.maestro.architecture.Tables.Table;
import io.maestro.store.Migrations;
import io.maestro.store.Migrations.Script;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tenant and environment stand in the key of every row, and the database itself keeps tenants apart. */
class DataBoundaryTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** Tables of no tenant, and why that is right. */
    private static final Map<String, String> OF_NO_TENANT = Map.ofEntries(
            Map.entry("provenance.signing_key", "keys that sign receipts are the installation's"),
            Map.entry("provenance.chain_end", "a note of the installation on all chains, seen by it only"),
            Map.entry("store.event_floor", "one note on all events, seen by the installation only"),
            Map.entry("store.migration", "which scripts ran is the installation's"),
            Map.entry(
                    "store.idempotent_request",
                    "belongs to a principal, and only the installation's transactions see it"),
            Map.entry("adapters.adapter_type", "what the release knows is the installation's"),
            Map.entry("adapters.adapter_definition", "definitions are installed for all tenants"),
            Map.entry("adapters.adapter_name", "whose a name is, is the installation's"),
            Map.entry("adapters.adapter_tombstone", "what a version was is the installation's"),
            Map.entry("adapters.artifact_part", "artifacts are installed for all tenants, and read by nodes only"),
            Map.entry("adapters.node", "nodes serve all tenants"),
            Map.entry("adapters.quarantined_artifact", "refused artifacts are the installation's"),
            Map.entry("adapters.rollout", "goes through tenants; whose instances are in it stands in rollout_member"),
            Map.entry("tenancy.engine", "which engines there are is the installation's"),
            Map.entry("trust.publisher", "publishers are the installation's"),
            Map.entry("trust.signing_key", "keys of publishers are the installation's"),
            Map.entry("identity.login_key", "seals what a browser keeps during a login, before anybody is known"),
            Map.entry("policy.change", "one counter of all changes"),
            Map.entry("policy.platform_document", "settings and modes of the installation"),
            Map.entry("policy.binding_key", "one key for the approvals of all tenants"),
            Map.entry("secrets.master_key", "master keys are the installation's; they wrap the data keys of all"));

    /** Tables of tenants whose key does not begin with the tenant, and why that is right. */
    private static final Map<String, String> TENANT_NOT_FIRST = Map.ofEntries(
            Map.entry("provenance.receipt", "begins with the chain, which is the tenant's or the installation's"),
            Map.entry(
                    "store.fact",
                    "one queue of all chains in the order of commits; the installation's facts have no tenant"),
            Map.entry("store.event", "in the order of transactions; the installation's have no tenant"),
            Map.entry("policy.pack", "the installation's have no tenant"),
            Map.entry("policy.pack_revision", "the installation's have no tenant"),
            Map.entry("policy.pack_key", "the installation's have no tenant"),
            Map.entry("policy.decision", "in the order of time; the installation's have no tenant"),
            Map.entry("policy.approval", "in the order of time; the installation's have no tenant"),
            Map.entry(
                    "identity.token",
                    "found by its id before anybody knows whose it is; the installation's have no tenant"),
            Map.entry(
                    "identity.security_event",
                    "told by strangers, in the order of time; seen by the installation only"),
            Map.entry(
                    "identity.provider", "found by its id when a login comes back; the installation's have no tenant"),
            Map.entry(
                    "identity.session",
                    "found by its id before anybody knows whose it is; the installation's have no tenant"));

    /** Tables of tenants whose key names no environment, and why that is right. */
    private static final Map<String, String> NO_ENVIRONMENT = Map.ofEntries(
            Map.entry("provenance.receipt", "one chain of a tenant; the environment stands in the row"),
            Map.entry("policy.tenant_document", "settings and modes are the tenant's"),
            Map.entry("policy.pack", "a pack holds in all of the tenant"),
            Map.entry("policy.pack_revision", "a pack holds in all of the tenant"),
            Map.entry("policy.pack_key", "a pack holds in all of the tenant"),
            Map.entry("policy.decision", "the environment stands in the row; a decision on the whole tenant has none"),
            Map.entry("policy.approval", "the environment stands in the row; an act on the whole tenant has none"),
            Map.entry("store.event", "the environment stands in the row; what happens in the whole tenant has none"),
            Map.entry("store.fact", "the environment stands in the row; an act on the whole tenant has none"),
            Map.entry("identity.token", "the environment stands in the row; a token of the whole tenant has none"),
            Map.entry("identity.security_event", "the environment stands in the row, as far as the stranger named one"),
            Map.entry(
                    "adapters.instance_removal",
                    "incarnations differ in all environments; the environment stands in the row"),
            Map.entry("tenancy.tenant", "is the tenant"),
            Map.entry("tenancy.environment", "is the environment: its key is the tenant and its name"),
            Map.entry(
                    "tenancy.member",
                    "a member belongs to the tenant; the one environment that it may have stands in the row"),
            Map.entry("tenancy.offboarding", "a tenant leaves whole"),
            Map.entry("tenancy.offboarding_part", "a tenant leaves whole"),
            Map.entry(
                    "identity.provider",
                    "lets people into the tenant; the environment of its instance stands in the row"),
            Map.entry("identity.session", "the environment stands in the row; a session in the whole tenant has none"),
            Map.entry(
                    "secrets.secret_access",
                    "one record of a tenant in the order of time; the environment stands in the row"));

    @BeforeAll
    static void migrate() throws IOException {
        Reactor reactor = Reactor.here();
        try (PostgresDatabase database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()))) {
            for (String module : reactor.productModules()) {
                Path scripts = reactor.file(module + "/src/main/resources/db");
                // the store's own ran when it was opened
                if (Files.isDirectory(scripts) && !module.endsWith("/store")) {
                    database.migrate(new Migrations(module.substring(module.lastIndexOf('/') + 1), scripts(scripts)));
                }
            }
        }
    }

    @AfterAll
    static void leaveNothing() throws SQLException {
        asOwner("drop schema if exists leaky cascade");
    }

    @Test
    void everyTableHasTenantAndEnvironmentInItsKeyOrAReason() throws SQLException {
        List<String> tenantless = new ArrayList<>();
        List<String> tenantNotFirst = new ArrayList<>();
        List<String> noEnvironment = new ArrayList<>();
        for (Table table : tables()) {
            if (!table.ofTenants()) {
                tenantless.add(table.name());
                continue;
            }
            if (!table.key().getFirst().equals("tenant_id")) {
                tenantNotFirst.add(table.name());
            }
            if (!table.key().contains("environment")) {
                noEnvironment.add(table.name());
            }
        }
        assertThat(tenantless)
                .as("tables without tenant_id")
                .containsExactlyInAnyOrderElementsOf(OF_NO_TENANT.keySet());
        assertThat(tenantNotFirst)
                .as("tables whose primary key does not begin with tenant_id")
                .containsExactlyInAnyOrderElementsOf(TENANT_NOT_FIRST.keySet());
        assertThat(noEnvironment)
                .as("tables of tenants without environment in the primary key")
                .containsExactlyInAnyOrderElementsOf(NO_ENVIRONMENT.keySet());
    }

    @Test
    void everyTableOfTenantsStandsBehindAFenceThatBindsItsOwner() throws SQLException {
        assertThat(ofTenants()).hasSizeGreaterThan(8).allSatisfy(table -> {
            assertThat(table.fenced())
                    .as("row-level security of " + table.name())
                    .isTrue();
            assertThat(table.bindsOwner())
                    .as("force row-level security of " + table.name())
                    .isTrue();
            assertThat(table.policy()).as("a policy for all of " + table.name()).isTrue();
        });
    }

    @Test
    void noScopeSeesNothingAndOneTenantNothingOfAnother() throws SQLException {
        for (Table table : ofTenants()) {
            String insert = insertAsOwner(table, "globex");
            assertThat(seen(table, null)).as(table.name() + " without a scope").isZero();
            assertThat(seen(table, "acme"))
                    .as(table.name() + " in the scope of acme")
                    .isZero();
            assertThat(refuses("acme", insert))
                    .as("a row of globex in " + table.name() + " written in the scope of acme")
                    .isTrue();
            assertThat(refuses(null, insert))
                    .as("a row of globex in " + table.name() + " written without a scope")
                    .isTrue();
        }
    }

    @Test
    void findsATableWithoutAPolicy() throws SQLException {
        asOwner(
                "create schema leaky; create table leaky.note (tenant_id varchar(63) not null, text varchar(20) not null,"
                        + " primary key (tenant_id)); grant usage on schema leaky to maestro_app;"
                        + " grant select, insert on leaky.note to maestro_app");
        Table leaky = tables().stream()
                .filter(table -> table.name().equals("leaky.note"))
                .findFirst()
                .orElseThrow();
        String insert = insertAsOwner(leaky, "globex");

        assertThat(leaky.fenced() || leaky.bindsOwner() || leaky.policy()).isFalse();
        assertThat(seen(leaky, null)).isEqualTo(1);
        assertThat(refuses("acme", insert.replace("'globex'", "'initech'"))).isFalse();
        asOwner("drop schema leaky cascade");
    }

    private static List<Script> scripts(Path folder) throws IOException {
        List<Script> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                scripts.add(new Script(file.getFileName().toString(), Files.readString(file)));
            }
        }
        return scripts;
    }

    private static List<Table> tables() throws SQLException {
        try (Connection owner = POSTGRES.connect()) {
            return Tables.all(owner);
        }
    }

    private static List<Table> ofTenants() throws SQLException {
        return tables().stream().filter(Table::ofTenants).toList();
    }

    private static String insertAsOwner(Table table, String tenant) throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            String insert = Tables.insert(owner, table, tenant);
            // a row that stands alone: what it refers to is not needed
            statement.execute("set session_replication_role = replica");
            statement.execute(insert);
            return insert;
        }
    }

    private static void asOwner(String sql) throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows the application's role sees; none when it may not even ask. */
    private static long seen(Table table, @Nullable String tenant) throws SQLException {
        try (Connection application = application(tenant);
                Statement statement = application.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table.name())) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501");
            return 0;
        }
    }

    private static boolean refuses(@Nullable String tenant, String insert) throws SQLException {
        try (Connection application = application(tenant);
                Statement statement = application.createStatement()) {
            statement.execute(insert);
            application.rollback();
            return false;
        } catch (SQLException e) {
            // row-level security or a missing right; anything else would prove nothing
            return e.getSQLState().equals("42501");
        }
    }

    private static Connection application(@Nullable String tenant) throws SQLException {
        Connection connection = POSTGRES.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local session_replication_role = replica; set local role maestro_app");
            if (tenant != null) {
                statement.execute("set local maestro.tenant = '" + tenant + "'");
            }
        }
        return connection;
    }
}
