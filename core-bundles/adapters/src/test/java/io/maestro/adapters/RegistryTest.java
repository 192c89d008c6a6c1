package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.ConfigurationSecrets.Kept;
import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry.DefinitionQuery;
import io.maestro.api.adapters.Registry.DefinitionSort;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Registry.InstanceSort;
import io.maestro.api.adapters.Sort;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.tenancy.KnownTenants;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry's queries on a real database. */
final class RegistryTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ACTOR = Actor.system("test");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final PageRequest ALL = new PageRequest(500, null);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private Instant now = Instant.parse("2026-05-05T05:05:05.123456Z");
    private int digests;
    private final JooqDefinitions definitions = new JooqDefinitions(database);
    private final JooqInstances instances =
            new JooqInstances(database, new MemorySecrets(), new KnownTenants(), List.of(), this::tick);
    private final JooqRegistry registry = new JooqRegistry(database, "node-1");

    @BeforeAll
    static void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(JooqDefinitions.MIGRATIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("truncate adapters.adapter_definition, adapters.adapter_name, adapters.adapter_instance,"
                    + " adapters.instance_observation cascade");
        }
        definitions.types(AdapterType.all());
    }

    @Test
    void findsTheNewestVersionOfEachNameByPrecedence() {
        define(
                "echo@1.9.0",
                "echo@1.10.0",
                "echo@2.0.0-rc.1",
                "alpha@0.9.0",
                "beta@1.0.0-beta.2",
                "beta@1.0.0-beta.11");

        assertThat(newest(false)).containsExactly("alpha@0.9.0", "echo@1.10.0");
        assertThat(newest(true)).containsExactly("alpha@0.9.0", "beta@1.0.0-beta.11", "echo@2.0.0-rc.1");
    }

    @Test
    void findsDefinitionsThatHaveANewerVersion() {
        define("echo@1.9.0", "echo@1.10.0", "echo@2.0.0-rc.1", "alpha@0.9.0");

        assertThat(registry.outdated(false, ALL).items())
                .extracting(one -> one.definition() + " " + one.newest())
                .containsExactly("echo@1.9.0 1.10.0");
        assertThat(registry.outdated(true, ALL).items())
                .extracting(one -> one.definition() + " " + one.newest())
                .containsExactly("echo@1.9.0 2.0.0-rc.1", "echo@1.10.0 2.0.0-rc.1");
    }

    @Test
    void filtersDefinitionsByEveryColumn() {
        publish("alpha@1.0.0", "storage team", "low", "maestro");
        publish("beta@1.0.0", "Storage People", "high", "maestro");
        publish("gamma@1.0.0", "payments", "low", "partner");

        assertThat(ids(query(null, null, null, "low", null))).containsExactly("alpha@1.0.0", "gamma@1.0.0");
        assertThat(ids(query(null, null, new PublisherName("maestro"), null, null)))
                .containsExactly("alpha@1.0.0", "beta@1.0.0");
        assertThat(ids(query(null, null, null, null, "STORAGE"))).containsExactly("alpha@1.0.0", "beta@1.0.0");
        assertThat(ids(query(null, new AdapterName("gamma"), null, null, null))).containsExactly("gamma@1.0.0");
        assertThat(ids(query(new TypeName("storage"), null, null, "low", "pay")))
                .containsExactly("gamma@1.0.0");
        assertThat(ids(query(new TypeName("payments"), null, null, null, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "_", "\\", "' or '1'='1", "!", "storage%", "\u0130"})
    void takesAHostileOwnerAsText(String owner) {
        publish("alpha@1.0.0", "storage team", "low", "maestro");

        assertThat(ids(query(null, null, null, null, owner))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(DefinitionSort.class)
    void pagesDefinitionsInEveryOrderWithoutGapOrRepeat(DefinitionSort by) {
        define("c@1.0.0", "a@2.0.0", "b@1.0.0", "a@10.0.0", "a@1.0.0");
        List<String> expected = by == DefinitionSort.NAME
                ? List.of("a@1.0.0", "a@2.0.0", "a@10.0.0", "b@1.0.0", "c@1.0.0")
                : List.of("c@1.0.0", "a@2.0.0", "b@1.0.0", "a@10.0.0", "a@1.0.0");

        for (boolean descending : new boolean[] {false, true}) {
            DefinitionQuery query =
                    new DefinitionQuery(null, null, null, null, null, false, false, new Sort<>(by, descending));
            assertThat(walk(page -> registry.definitions(query, page)))
                    .extracting(one -> one.id().toString())
                    .containsExactlyElementsOf(descending ? expected.reversed() : expected);
        }
    }

    @ParameterizedTest
    @EnumSource(InstanceSort.class)
    void pagesInstancesInEveryOrderWithoutGapOrRepeat(InstanceSort by) {
        define("echo@1.0.0", "alpha@1.0.0");
        create("acme/prod", "b", "echo@1.0.0");
        create("acme/dev", "b", "alpha@1.0.0");
        create("acme/prod", "a", "echo@1.0.0");
        create("acme/dev", "c", "alpha@1.0.0");
        create("globex/prod", "a", "echo@1.0.0");
        List<String> expected = switch (by) {
            case NAME -> List.of("acme/prod/a", "acme/dev/b", "acme/prod/b", "acme/dev/c");
            case UPDATED_AT -> List.of("acme/prod/b", "acme/dev/b", "acme/prod/a", "acme/dev/c");
            case ADAPTER -> List.of("acme/dev/b", "acme/dev/c", "acme/prod/a", "acme/prod/b");
        };

        for (boolean descending : new boolean[] {false, true}) {
            InstanceQuery query = new InstanceQuery(null, null, null, null, null, null, new Sort<>(by, descending));
            assertThat(walk(page -> registry.instances(ACME, query, page)))
                    .extracting(row -> row.key().toString())
                    .containsExactlyElementsOf(descending ? expected.reversed() : expected);
        }
    }

    @Test
    void continuesWhereItWasWhenRowsComeAndGo() {
        define("echo@1.0.0");
        List.of("a", "c", "e").forEach(name -> create("acme/prod", name, "echo@1.0.0"));
        Page<InstanceRow> first = registry.instances(ACME, InstanceQuery.all(), new PageRequest(2, null));
        create("acme/prod", "b", "echo@1.0.0");
        create("acme/prod", "d", "echo@1.0.0");
        instances.delete(instances.require(key("acme/prod", "c")), ACTOR);

        assertThat(registry.instances(ACME, InstanceQuery.all(), new PageRequest(9, first.next()))
                        .items())
                .extracting(row -> row.key().instance().value())
                .containsExactly("d", "e");
    }

    @Test
    void refusesACursorOfAnotherFilterOrderTenantOrList() {
        define("echo@1.0.0", "echo@2.0.0");
        for (String scope : List.of("acme/prod", "globex/prod")) {
            List.of("a", "b").forEach(name -> create(scope, name, "echo@1.0.0"));
        }
        String cursor = registry.instances(ACME, InstanceQuery.all(), new PageRequest(1, null))
                .next();
        PageRequest next = new PageRequest(1, cursor);
        assertThat(registry.instances(ACME, InstanceQuery.all(), next).items()).hasSize(1);

        InstanceQuery filtered = InstanceQuery.in(new Environment("prod"));
        InstanceQuery turned =
                new InstanceQuery(null, null, null, null, null, null, new Sort<>(InstanceSort.NAME, true));
        refuses(() -> registry.instances(ACME, filtered, next));
        refuses(() -> registry.instances(ACME, turned, next));
        refuses(() -> registry.instances(GLOBEX, InstanceQuery.all(), next));
        refuses(() -> registry.definitions(DefinitionQuery.all(), next));
        refuses(() -> registry.upgradable(ACME, null, false, next));
        refuses(() -> registry.instances(ACME, InstanceQuery.all(), new PageRequest(1, cursor + "x")));
        refuses(() -> registry.instances(ACME, InstanceQuery.all(), new PageRequest(1, "")));
        refuses(() -> registry.instances(ACME, InstanceQuery.all(), new PageRequest(1, "x".repeat(5000))));
    }

    @Test
    void filtersInstancesByEveryColumn() {
        define("echo@1.0.0", "echo@2.0.0", "alpha@1.0.0");
        create("acme/prod", "one", "echo@1.0.0");
        create("acme/prod", "two", "echo@2.0.0");
        create("acme/dev", "three", "alpha@1.0.0");
        instances.want(instances.require(key("acme/prod", "two")), Wanted.STOPPED, ACTOR);
        new JooqObservations(database, database, "node-1", this::tick)
                .write(Map.of(key("acme/prod", "one"), new Observation(1, 1, Observed.RUNNING, null)));
        new JooqObservations(database, database, "node-2", this::tick)
                .write(Map.of(key("acme/prod", "two"), new Observation(2, 2, Observed.FAILED, null)));

        assertThat(names(new Environment("prod"), null, null, null)).containsExactly("one", "two");
        assertThat(names(null, new AdapterName("echo"), null, null)).containsExactly("one", "two");
        assertThat(names(null, null, Wanted.STOPPED, null)).containsExactly("two");
        assertThat(names(null, null, null, Observed.RUNNING)).containsExactly("one");
        assertThat(names(null, null, null, Observed.FAILED))
                .as("another node's observation is not this node's")
                .isEmpty();
        assertThat(names(null, null, null, Observed.PENDING)).containsExactly("three", "two");
    }

    @Test
    void listsInstancesOfADefinitionOfAllTenantsOrOne() {
        define("echo@1.0.0", "echo@2.0.0");
        create("acme/prod", "one", "echo@1.0.0");
        create("acme/dev", "one", "echo@1.0.0");
        create("globex/prod", "one", "echo@1.0.0");
        create("globex/prod", "two", "echo@2.0.0");
        DefinitionId echo = DefinitionId.parse("echo@1.0.0");

        assertThat(walk(page -> registry.instancesOf(echo, null, null, page)))
                .extracting(row -> row.key().toString())
                .containsExactly("acme/dev/one", "acme/prod/one", "globex/prod/one");
        assertThat(registry.instancesOf(echo, GLOBEX, null, ALL).items())
                .extracting(row -> row.key().toString())
                .containsExactly("globex/prod/one");
        assertThat(registry.instancesOf(echo, ACME, new Environment("dev"), ALL).items())
                .extracting(row -> row.key().toString())
                .containsExactly("acme/dev/one");
    }

    @Test
    void countsWhatATenantUses() {
        define("echo@1.0.0", "echo@2.0.0", "alpha@1.0.0", "alpha@2.0.0-beta.1");
        create("acme/prod", "one", "echo@1.0.0");
        create("acme/prod", "two", "echo@1.0.0");
        create("acme/prod", "three", "echo@2.0.0");
        create("acme/dev", "one", "alpha@1.0.0");
        create("globex/prod", "one", "echo@1.0.0");

        assertThat(walk(page -> registry.installed(ACME, null, null, page)))
                .extracting(
                        one -> one.environment() + " " + one.definition() + " " + one.instances() + " " + one.newest())
                .containsExactly("dev alpha@1.0.0 1 null", "prod echo@1.0.0 2 2.0.0", "prod echo@2.0.0 1 null");
        assertThat(registry.installed(ACME, new Environment("dev"), new TypeName("storage"), ALL)
                        .items())
                .hasSize(1);
        assertThat(registry.installed(ACME, null, new TypeName("payments"), ALL).items())
                .isEmpty();
    }

    @Test
    void findsInstancesWithNewerVersions() {
        define("echo@1.0.0", "echo@2.0.0", "alpha@1.0.0", "alpha@2.0.0-beta.1");
        create("acme/prod", "one", "echo@1.0.0");
        create("acme/prod", "two", "echo@2.0.0");
        create("acme/dev", "one", "alpha@1.0.0");

        assertThat(registry.upgradable(ACME, null, false, ALL).items())
                .extracting(one -> one.scope() + "/" + one.instance() + " " + one.newest())
                .containsExactly("acme/prod/one 2.0.0");
        assertThat(walk(page -> registry.upgradable(ACME, null, true, page)))
                .extracting(one -> one.scope() + "/" + one.instance() + " " + one.newest())
                .containsExactly("acme/dev/one 2.0.0-beta.1", "acme/prod/one 2.0.0");
        assertThat(registry.upgradable(ACME, new Environment("dev"), false, ALL).items())
                .isEmpty();
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable look) {
        assertThatThrownBy(look)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("invalid-cursor"));
    }

    private static <T> List<T> walk(Function<PageRequest, Page<T>> list) {
        List<T> all = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<T> page = list.apply(new PageRequest(2, cursor));
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private List<String> newest(boolean preReleases) {
        return ids(new DefinitionQuery(
                null, null, null, null, null, true, preReleases, Sort.ascending(DefinitionSort.NAME)));
    }

    private static DefinitionQuery query(
            @Nullable TypeName type,
            @Nullable AdapterName name,
            @Nullable PublisherName publisher,
            @Nullable String risk,
            @Nullable String owner) {
        return new DefinitionQuery(
                type, name, publisher, risk, owner, false, false, Sort.ascending(DefinitionSort.NAME));
    }

    private List<String> ids(DefinitionQuery query) {
        return registry.definitions(query, ALL).items().stream()
                .map(one -> one.id().toString())
                .toList();
    }

    private List<String> names(
            @Nullable Environment environment,
            @Nullable AdapterName adapter,
            @Nullable Wanted wanted,
            @Nullable Observed observed) {
        InstanceQuery query = new InstanceQuery(
                environment, null, adapter, null, wanted, observed, Sort.ascending(InstanceSort.NAME));
        return registry.instances(ACME, query, ALL).items().stream()
                .map(row -> row.key().instance().value())
                .toList();
    }

    private void define(String... ids) {
        for (String id : ids) {
            publish(id, "tests", "low", "tests");
        }
    }

    private void publish(String id, String owner, String risk, String publisher) {
        AdapterManifest manifest = new AdapterManifest(
                DefinitionId.parse(id),
                new TypeName("storage"),
                "1.0",
                "For tests.",
                owner,
                "Apache-2.0",
                new AdapterManifest.Risk(risk, "internal", false),
                new Json(TestHost.SCHEMA),
                new AdapterManifest.Permissions(List.of(), false, List.of()),
                Json.EMPTY_OBJECT);
        Digest digest = new Digest("%064x".formatted(++digests));
        definitions.insert(
                new Definition(manifest, digest, 1, new PublisherName(publisher), digest, tick(), "test", List.of()),
                sql -> {},
                ACTOR);
    }

    private void create(String scope, String name, String definition) {
        instances.insert(
                key(scope, name),
                DefinitionId.parse(definition),
                new Kept(JsonNodeFactory.instance.objectNode(), Map.of(), Set.of()),
                ACTOR);
    }

    private static InstanceKey key(String scope, String name) {
        String[] parts = scope.split("/", -1);
        return new InstanceKey(Scope.of(parts[0], parts[1]), new InstanceId(name));
    }

    private Instant tick() {
        now = now.plus(Duration.ofSeconds(1));
        return now;
    }
}
