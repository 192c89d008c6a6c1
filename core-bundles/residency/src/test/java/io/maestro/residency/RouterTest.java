package io.maestro.residency;

import static io.maestro.residency.Installation.ADA;
import static io.maestro.residency.Installation.DEV;
import static io.maestro.residency.Installation.EU;
import static io.maestro.residency.Installation.EVIDENCE;
import static io.maestro.residency.Installation.US;
import static io.maestro.residency.Installation.content;
import static io.maestro.residency.Installation.name;
import static io.maestro.residency.Installation.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.identity.Rule;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items.Content;
import io.maestro.api.residency.Items.Item;
import io.maestro.api.residency.Items.OpenItem;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations.Denials;
import io.maestro.api.residency.StorageLocations.DeniedWrite;
import io.maestro.api.residency.StorageLocations.Location;
import io.maestro.api.residency.StorageRoutes.Route;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.JooqTransaction;
import io.maestro.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Scope GLOBEX = Scope.of("globex", "dev");
    private static final TenantId ACME = new TenantId("acme");

    private final Installation here = new Installation(POSTGRES);
    private final Router router = here.residency.router();

    @BeforeEach
    void twoRegions() throws SQLException {
        empty(POSTGRES);
        here.storages.instance(DEV, "frankfurt", "eu-central-1");
        here.storages.instance(DEV, "virginia", null);
        here.route(DEV, EU, "frankfurt");
        here.route(DEV, US, "virginia");
    }

    static void empty(TestPostgres postgres) throws SQLException {
        try (Connection owner = postgres.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("truncate residency.route, residency.item, residency.placement, residency.denial,"
                    + " residency.transfer, residency.transfer_failure, store.fact");
        }
    }

    @AfterEach
    void close() {
        here.close();
    }

    @Test
    void storesWhereTheRouteOfTheRegionLeadsAndTagsTheObject() {
        Item item = here.put(DEV, "audit/1.json", EU, "one");
        here.put(DEV, "audit/2.json", US, "two");

        assertThat(item.instance()).isEqualTo(new InstanceId("frankfurt"));
        assertThat(item.digest()).isEqualTo(Digest.sha256("one"));
        assertThat(item.size()).isEqualTo(3);
        assertThat(here.read(DEV, "audit/1.json")).isEqualTo("one");
        assertThat(here.read(DEV, "audit/2.json")).isEqualTo("two");
        assertThat(here.storages.held(DEV, "frankfurt").values())
                .singleElement()
                .satisfies(stored -> {
                    assertThat(new String(stored.bytes(), UTF_8)).isEqualTo("one");
                    assertThat(stored.metadata()).containsEntry("maestro-region", "eu-central-1");
                });
        assertThat(here.storages.held(DEV, "virginia")).hasSize(1);
        assertThat(router.items(DEV, null, PageRequest.first()).items())
                .extracting(one -> one.name().key())
                .containsExactly("audit/1.json", "audit/2.json");
    }

    @Test
    void refusesWhatNoRouteLeadsAnywhereAndWhoIsNotThere() {
        assertThat(problem(() -> here.put(DEV, "a", new Region("ap-south-1"), "x"))
                        .code())
                .isEqualTo("storage-route-unknown");
        assertThat(problem(() -> router.put(DEV, new ItemName(new Kind("artifact"), "a"), EU, content("x"), ADA))
                        .code())
                .isEqualTo("storage-route-unknown");
        assertThat(problem(() -> here.put(Scope.of("nobody", "dev"), "a", EU, "x"))
                        .code())
                .isEqualTo("tenant-unknown");
        assertThat(problem(() -> router.item(DEV, name("a"))).code()).isEqualTo("data-unknown");
        assertThat(problem(() -> router.put(DEV, EU, EVIDENCE, new InstanceId("nowhere"), ADA))
                        .code())
                .isEqualTo("instance-unknown");
        here.storages.instance(DEV, "people", null);
        assertThat(problem(() -> router.put(DEV, EU, EVIDENCE, new InstanceId("people"), ADA))
                        .code())
                .isEqualTo("instance-stores-nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b", "line\nbreak", "\ud800half"})
    void refusesKeysThatAreNone(String key) {
        assertThat(problem(() -> name(key)).code()).isEqualTo("data-key-invalid");
        assertThat(problem(() -> name("x".repeat(ItemName.LONGEST_KEY + 1))).code())
                .isEqualTo("data-key-invalid");
        assertThat(problem(() -> new Region("EU central")).code()).isEqualTo("invalid-name");
    }

    @Test
    void aDenialByThePolicyLeavesADecisionARowAndAnEventAndNoBytes() {
        here.governors.regions.put(ACME, Set.of("us-east-1"));

        Problem denied = problem(() -> here.put(DEV, "a", EU, "secret"));

        assertThat(denied.code()).isEqualTo("policy-denied");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        DeniedWrite row = onlyDenial();
        assertThat(row.action()).isEqualTo("data.put");
        assertThat(row.code()).isEqualTo("policy-denied");
        assertThat(row.key()).isEqualTo("a");
        assertThat(row.keptIn()).isEqualTo("eu-central-1");
        assertThat(here.governors.decisions).containsEntry(row.decision(), false);
        assertThat(here.governors.events).singleElement().satisfies(event -> {
            assertThat(event.rule()).isEqualTo(Rule.RESIDENCY);
            assertThat(event.correlationId()).isEqualTo(row.correlationId());
            assertThat(event.resource()).contains("evidence/a", "eu-central-1", "frankfurt");
        });
    }

    @Test
    void theBackendsOwnWordCountsEvenWhenThePolicyLooksTheOtherWay() {
        here.governors.blind = true;
        here.storages.instance(DEV, "frankfurt", "us-east-1");

        Problem denied = problem(() -> here.put(DEV, "a", EU, "x"));

        assertThat(denied.code()).isEqualTo("data-region-mismatch");
        assertThat(denied.members()).containsKeys("decisionId", "facts");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(here.governors.decisions).containsKey(onlyDenial().decision());
        assertThat(here.governors.events).hasSize(1);
    }

    @Test
    void theDefaultOfTheAdapterCountsWhereNoRegionIsConfigured() {
        here.storages.schema = new Json("{\"properties\":{\"region\":{\"default\":\"US-East-1\"}}}");
        here.storages.instance(DEV, "frankfurt", null);

        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("policy-denied");
        assertThat(here.governors.asked.getLast().more().get("configuration"))
                .isEqualTo(new Json("{\"bucket\":\"frankfurt\",\"region\":\"us-east-1\"}"));
        here.governors.blind = true;
        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("data-region-mismatch");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(here.put(DEV, "a", US, "x").region()).isEqualTo(US);
    }

    @Test
    void nothingIsKeptWhereTheAdapterChoosesARegionThatItDoesNotTell() {
        here.storages.schema = new Json("{\"properties\":{\"region\":{\"type\":\"string\"}}}");

        assertThat(problem(() -> here.put(DEV, "a", US, "x")).code()).isEqualTo("policy-denied");
        assertThat(here.governors.asked.getLast().more().get("data"))
                .isEqualTo(new Json("{\"region\":\"us-east-1\",\"kind\":\"evidence\"}"));
        here.governors.blind = true;
        Problem denied = problem(() -> here.put(DEV, "a", US, "x"));
        assertThat(denied.code()).isEqualTo("data-region-mismatch");
        assertThat(denied.fix()).contains("configuration");
        assertThat(here.storages.held(DEV, "virginia")).isEmpty();

        here.storages.instance(DEV, "virginia", "us-east-1");
        assertThat(here.put(DEV, "a", US, "x").region()).isEqualTo(US);
    }

    @Test
    void anInstanceThatIsChangedBetweenTheQuestionAndTheWriteIsNotWrittenTo() {
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                here.storages.instance(DEV, "frankfurt", "us-east-1");
            }
        };

        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("instance-changed");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
    }

    @Test
    void theRegionOfTheInstallationCountsForAdaptersThatKeepFiles() {
        here.settings = new Json("{\"region\":\"us-east-1\"}");

        // these speak to hosts, so where the nodes stand does not matter
        assertThat(here.put(DEV, "a", EU, "x").region()).isEqualTo(EU);
    }

    @Test
    void anInstanceKeepsDataOfOneRegion() {
        assertThat(problem(() -> here.route(DEV, EU, "virginia")).code()).isEqualTo("instance-in-other-region");
        assertThat(problem(() -> here.route(DEV, US, "frankfurt")).code()).isEqualTo("policy-denied");

        here.put(DEV, "a", US, "x");
        router.remove(DEV, US, EVIDENCE, ADA);
        assertThat(problem(() -> here.route(DEV, EU, "virginia")).code()).isEqualTo("instance-in-other-region");
    }

    @Test
    void noRouteLeadsToAnInstanceThatIsDeletedWhileThePolicyIsAskedAboutIt() {
        here.storages.instance(DEV, "spare", "eu-west-1");
        here.governors.before = () -> here.storages.remove(DEV, "spare");
        Region west = new Region("eu-west-1");

        assertThat(problem(() -> here.route(DEV, west, "spare")).code()).isEqualTo("instance-unknown");
        assertThat(problem(() -> router.route(DEV, west, EVIDENCE)).code()).isEqualTo("storage-route-unknown");
    }

    @Test
    void aWriteThatFoundARouteOfBeforeIsNotBegunWhenTheInstanceIsOfAnotherRegionByNow() {
        JooqLedger ledger = new JooqLedger(here.database, here.tenants, here.now::get);

        assertThat(ledger.intend(DEV, name("a"), EU, new InstanceId("virginia"), "text/plain"))
                .isEmpty();
        assertThat(here.residency.locations(ACME)).isEmpty();
    }

    @Test
    void anInstanceWithARouteOrAnythingItKeepsIsNotDeletedAndTheRefusalCountsWhatItIs() {
        here.put(DEV, "a", EU, "one");
        here.put(DEV, "b", EU, "two");
        router.delete(DEV, name("b"), ADA);

        Problem refused = problem(() -> here.requireDeletable(DEV, "frankfurt"));
        assertThat(refused.code()).isEqualTo("instance-keeps-data");
        assertThat(refused.fix()).contains("transfers");
        assertThat(refused.members().get("facts"))
                .isEqualTo(new Json("{\"items\":1,\"unsettled\":1,\"routes\":1,\"transfers\":0}"));
        // who only plans the deletion asks within a look
        assertThat(problem(() -> here.database.inTenant(ACME, sql -> {
                            here.residency
                                    .dependents()
                                    .requireDeletable(new JooqTransaction(sql), DEV, new InstanceId("frankfurt"));
                            return true;
                        }))
                        .members())
                .isEqualTo(refused.members());
        assertThat(here.residency.dependents().of(DEV, new InstanceId("frankfurt"), 10))
                .containsExactly(
                        new Dependent("storage-route", "eu-central-1/evidence", "evidence of eu-central-1"),
                        new Dependent("stored-data", "eu-central-1/evidence", "2 objects of evidence of eu-central-1"));
        assertThat(here.residency.dependents().of(DEV, new InstanceId("frankfurt"), 1))
                .hasSize(1);

        router.remove(DEV, EU, EVIDENCE, ADA);
        assertThat(problem(() -> here.requireDeletable(DEV, "frankfurt")).code())
                .isEqualTo("instance-keeps-data");
        router.delete(DEV, name("a"), ADA);
        assertThat(problem(() -> here.requireDeletable(DEV, "frankfurt")).code())
                .isEqualTo("instance-keeps-data");
        here.residency.sweeper().sweep();
        here.requireDeletable(DEV, "frankfurt");
        here.requireDeletable(Scope.of("globex", "dev"), "virginia");
    }

    @Test
    void aWriteThatFoundItsRouteWaitsForTheDeletionOfTheInstanceAndIsThenNotBegun() throws Exception {
        JooqLedger ledger = new JooqLedger(here.database, here.tenants, here.now::get);
        Route route = router.route(DEV, EU, EVIDENCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Placement>> write = here.database.note(ACME, sql -> {
                JooqRoutes.removeWithin(sql, route);
                here.residency.dependents().requireDeletable(new JooqTransaction(sql), DEV, route.instance());
                Future<Optional<Placement>> begun =
                        threads.submit(() -> ledger.intend(DEV, name("a"), EU, route.instance(), "text/plain"));
                await().until(() -> begun.isDone() || waiting(POSTGRES) == 1);
                return begun;
            });
            assertThat(write.get()).isEmpty();
        }
        assertThat(here.residency.locations(ACME)).isEmpty();
    }

    @Test
    void aWriteDoesNotWaitForWhoOnlyPlansTheDeletionOfAnInstance() throws Exception {
        JooqLedger ledger = new JooqLedger(here.database, here.tenants, here.now::get);
        Route route = router.route(DEV, EU, EVIDENCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Placement>> write = here.database.inTenant(ACME, sql -> {
                here.residency
                        .dependents()
                        .requireDeletable(new JooqTransaction(sql), DEV, new InstanceId("nobody-relies-on-it"));
                Future<Optional<Placement>> begun =
                        threads.submit(() -> ledger.intend(DEV, name("a"), EU, route.instance(), "text/plain"));
                await().until(() -> begun.isDone() || waiting(POSTGRES) == 1);
                assertThat(begun).isDone();
                return begun;
            });
            assertThat(write.get()).isPresent();
        }
    }

    /** How many transactions wait for the lock of a scope. */
    static int waiting(TestPostgres postgres) throws SQLException {
        try (Connection owner = postgres.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery(
                        "select count(*) from pg_locks where locktype = 'advisory' and not granted")) {
            assertThat(found.next()).isTrue();
            return found.getInt(1);
        }
    }

    @Test
    void aWriteThatHasBegunStandsAgainstTheDeletionOfItsInstance() {
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                router.remove(DEV, EU, EVIDENCE, ADA);
                assertThat(problem(() -> here.requireDeletable(DEV, "frankfurt"))
                                .detail())
                        .contains("about to be deleted 1");
            }
        };

        assertThat(here.put(DEV, "a", EU, "one").instance()).isEqualTo(new InstanceId("frankfurt"));
    }

    @Test
    void aWriteWhoseRouteChangesWhileItIsAskedAboutGoesTheNewWay() {
        here.storages.instance(DEV, "dublin", "eu-central-1");
        here.governors.before = () -> {
            here.governors.before = () -> {};
            here.route(DEV, EU, "dublin");
        };

        assertThat(here.put(DEV, "a", EU, "one").instance()).isEqualTo(new InstanceId("dublin"));
        assertThat(here.read(DEV, "a")).isEqualTo("one");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(here.governors.asked.getLast().subject()).contains("dublin");
    }

    @Test
    void aWriteDoesNotFollowARouteForEver() {
        here.storages.instance(DEV, "dublin", "eu-central-1");
        AtomicInteger questions = new AtomicInteger();
        here.governors.before = () -> {
            Runnable again = here.governors.before;
            here.governors.before = () -> {};
            here.route(DEV, EU, questions.incrementAndGet() % 2 == 1 ? "dublin" : "frankfurt");
            here.governors.before = again;
        };

        assertThat(problem(() -> here.put(DEV, "a", EU, "one")).code()).isEqualTo("data-write-given-up");
        assertThat(questions).hasValue(5);
        assertThat(here.residency.locations(ACME)).isEmpty();
    }

    @Test
    void anItemStaysInItsRegion() {
        here.put(DEV, "a", EU, "one");

        assertThat(problem(() -> here.put(DEV, "a", US, "two")).code()).isEqualTo("data-in-other-region");
        assertThat(here.read(DEV, "a")).isEqualTo("one");
        assertThat(here.storages.held(DEV, "virginia")).isEmpty();
    }

    @Test
    void whatWasThereStaysUntilTheNextIsWhole() {
        here.put(DEV, "a", EU, "one");
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                throw Storages.problem("storage-unreachable", 502);
            }
        };
        assertThat(problem(() -> here.put(DEV, "a", EU, "two")).code()).isEqualTo("storage-unreachable");
        here.storages.before = (operation, where, key) -> {};

        assertThat(here.read(DEV, "a")).isEqualTo("one");
        here.put(DEV, "a", EU, "three");
        assertThat(here.read(DEV, "a")).isEqualTo("three");
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "frankfurt")).hasSize(1);
        assertThat(here.read(DEV, "a")).isEqualTo("three");
    }

    @Test
    void aWriteThatIsKilledAtAnyStepWasEitherDoneOrNeverThere() {
        here.put(DEV, "a", EU, "before");
        boolean survived = false;
        for (int steps = 0; !survived; steps++) {
            MortalDatabase database = new MortalDatabase(here.database, steps);
            here.storages.before = (operation, where, key) -> database.step();
            Residency node = here.node(database);
            String text = "after " + steps;
            try {
                node.router().put(DEV, name("a"), EU, content(text), ADA);
            } catch (MortalDatabase.Killed e) {
                // looked at below
            }
            survived = !database.dead();
            node.close();
            here.storages.before = (operation, where, key) -> {};

            assertThat(here.read(DEV, "a")).isIn("before", text);
            here.pass(Sweeper.LOST.plusSeconds(1));
            here.residency.sweeper().sweep();
            assertThat(here.storages.held(DEV, "frankfurt"))
                    .as("after " + steps + " steps")
                    .hasSize(1);
            here.put(DEV, "a", EU, "before");
            here.residency.sweeper().sweep();
            assertThat(steps).isLessThan(100);
        }
    }

    @Test
    void aWriteThatTakesTooLongIsGivenUpForGood() {
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                here.pass(Sweeper.LOST.plusSeconds(1));
                here.storages.before = (any, other, same) -> {};
                here.residency.sweeper().sweep();
            }
        };

        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("data-write-given-up");
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(problem(() -> router.item(DEV, name("a"))).code()).isEqualTo("data-unknown");
    }

    @Test
    void anObjectThatComesAfterItsWriteWasGivenUpIsDeletedAsWell() {
        AtomicReference<String> late = new AtomicReference<>("");
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                late.set(key);
                throw Storages.problem("call-deadline-exceeded", 504);
            }
        };
        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("call-deadline-exceeded");
        here.residency.sweeper().sweep();

        // the adapter goes on, and ends when nobody waits for it any more
        here.storages.held(DEV, "frankfurt").put(late.get(), new Storages.Stored("x".getBytes(UTF_8), Map.of()));
        here.pass(Sweeper.LOST.plusSeconds(1));
        here.residency.sweeper().sweep();

        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(here.residency.locations(ACME)).isEmpty();
    }

    @Test
    void anObjectThatComesTooLateAndCannotBeDeletedAtOnceIsSweptAway() {
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                here.pass(Sweeper.LOST.multipliedBy(2));
                here.storages.before = (any, other, same) -> {};
                here.residency.sweeper().sweep();
                here.pass(Sweeper.LOST.multipliedBy(2));
                here.residency.sweeper().sweep();
                here.storages.before = (any, other, same) -> {
                    throw Storages.problem("storage-unreachable", 502);
                };
            }
        };
        assertThat(problem(() -> here.put(DEV, "a", EU, "x")).code()).isEqualTo("data-write-given-up");
        assertThat(here.storages.held(DEV, "frankfurt")).hasSize(1);

        here.storages.before = (any, other, same) -> {};
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
    }

    @Test
    void aStorageThatHangsHoldsUpTheSweepOfNoOther() {
        here.put(DEV, "a", EU, "one");
        router.delete(DEV, name("a"), ADA);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        here.storages.before = (operation, where, key) -> {
            if (where.instance().value().equals("frankfurt")) {
                entered.countDown();
                Storages.hangUntil(hanging);
            }
        };
        try (Residency node = here.node(here.database, Duration.ofMillis(100))) {
            node.sweeper().sweep();
            await().until(() -> entered.getCount() == 0);
            assertThat(here.storages.held(DEV, "frankfurt")).hasSize(1);
            here.storages.before = (operation, where, key) -> {
                throw new AssertionError("one that hangs is asked once at a time");
            };
            node.sweeper().sweep();
            here.storages.before = (operation, where, key) -> {};

            here.put(DEV, "b", US, "two");
            router.delete(DEV, name("b"), ADA);
            await().untilAsserted(() -> {
                node.sweeper().sweep();
                assertThat(here.storages.held(DEV, "virginia")).isEmpty();
            });
            assertThat(here.storages.held(DEV, "frankfurt")).hasSize(1);

            hanging.countDown();
            await().untilAsserted(() ->
                    assertThat(here.storages.held(DEV, "frankfurt")).isEmpty());
        }
    }

    @Test
    void manyWritersOfOneKeyLeaveOneObject() throws Exception {
        List<Future<Item>> writes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String text = "by " + i;
                writes.add(threads.submit(() -> here.put(DEV, "a", EU, text)));
            }
        }
        for (Future<Item> write : writes) {
            assertThat(write.get().name()).isEqualTo(name("a"));
        }
        here.residency.sweeper().sweep();

        assertThat(here.storages.held(DEV, "frankfurt").values())
                .singleElement()
                .satisfies(
                        stored -> assertThat(new String(stored.bytes(), UTF_8)).isEqualTo(here.read(DEV, "a")));
        assertThat(here.residency.locations(ACME)).containsExactly(location(EU, "frankfurt", 1, 4L + digits("a")));
    }

    private int digits(String key) {
        return here.read(DEV, key).length() - 4;
    }

    @Test
    void bytesThatSomebodyHasChangedAreNotHandedOutAsWhole() throws IOException {
        here.put(DEV, "a", EU, "one");
        Map<String, Storages.Stored> held = here.storages.held(DEV, "frankfurt");
        held.replaceAll((key, stored) -> new Storages.Stored("two".getBytes(UTF_8), Map.of()));

        try (OpenItem open = router.open(DEV, name("a"), ADA)) {
            assertThatThrownBy(() -> open.content().readAllBytes()).isInstanceOf(IOException.class);
        }
        held.clear();
        assertThat(problem(() -> router.open(DEV, name("a"), ADA)).code()).isEqualTo("data-damaged");
    }

    @Test
    void bytesOtherThanAnnouncedAreNotKept() {
        Content other = new Content(
                "text/plain",
                new ByteArrayInputStream("one".getBytes(UTF_8)),
                OptionalLong.empty(),
                Digest.sha256("two"));

        assertThat(problem(() -> router.put(DEV, name("a"), EU, other, ADA)).code())
                .isEqualTo("content-digest-mismatch");
        assertThat(problem(() -> router.item(DEV, name("a"))).code()).isEqualTo("data-unknown");
    }

    @Test
    void removesAnItemAndThenItsBytesHoweverOftenTheStorageFails() {
        here.put(DEV, "a", EU, "one");
        here.storages.before = (operation, where, key) -> {
            throw Storages.problem("storage-unreachable", 502);
        };
        router.delete(DEV, name("a"), ADA);
        here.residency.sweeper().sweep();

        assertThat(problem(() -> router.item(DEV, name("a"))).code()).isEqualTo("data-unknown");
        assertThat(here.residency.locations(ACME)).singleElement().satisfies(left -> {
            assertThat(left.items()).isZero();
            assertThat(left.unsettled()).isEqualTo(1);
        });
        here.storages.before = (operation, where, key) -> {};
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "frankfurt")).hasSize(1);
        here.pass(Duration.ofMinutes(2));
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "frankfurt")).isEmpty();
        assertThat(here.residency.locations(ACME)).isEmpty();
        assertThat(problem(() -> router.delete(DEV, name("a"), ADA)).code()).isEqualTo("data-unknown");
    }

    @Test
    void forgetsTheObjectsOfAnInstanceThatIsGone() {
        here.put(DEV, "a", EU, "one");
        router.delete(DEV, name("a"), ADA);
        here.storages.remove(DEV, "frankfurt");

        here.residency.sweeper().sweep();

        assertThat(here.residency.locations(ACME)).isEmpty();
    }

    @Test
    void tellsWhereATenantsDataLiesAndNothingOfOthers() {
        here.storages.instance(GLOBEX, "frankfurt", "eu-central-1");
        here.route(GLOBEX, EU, "frankfurt");
        here.put(DEV, "a", EU, "12345");
        here.put(DEV, "b", EU, "123");
        here.put(DEV, "c", US, "1");
        here.put(GLOBEX, "a", EU, "theirs");

        assertThat(here.residency.locations(ACME))
                .containsExactly(location(EU, "frankfurt", 2, 8), location(US, "virginia", 1, 1));
        assertThat(here.residency.locations(new TenantId("globex"))).containsExactly(location(EU, "frankfurt", 1, 6));
        assertThat(here.read(GLOBEX, "a")).isEqualTo("theirs");
        assertThat(here.read(DEV, "a")).isEqualTo("12345");
    }

    private static Location location(Region region, String instance, long items, long bytes) {
        return new Location(new Environment("dev"), region, new InstanceId(instance), EVIDENCE, items, bytes, 0);
    }

    @Test
    void pagesThroughItemsRoutesAndDenials() {
        for (int i = 0; i < 5; i++) {
            here.put(DEV, "k" + i, EU, "x");
        }
        here.governors.regions.put(ACME, Set.of());
        for (int i = 0; i < 3; i++) {
            String key = "d" + i;
            assertThat(problem(() -> here.put(DEV, key, EU, "x")).code()).isEqualTo("policy-denied");
        }

        Page<Item> first = router.items(DEV, EVIDENCE, new PageRequest(3, null));
        Page<Item> second = router.items(DEV, EVIDENCE, new PageRequest(3, first.next()));
        assertThat(first.items()).hasSize(3);
        assertThat(second.items()).extracting(item -> item.name().key()).containsExactly("k3", "k4");
        assertThat(second.next()).isNull();
        assertThat(router.routes(DEV, new PageRequest(1, null)).items())
                .extracting(route -> route.region())
                .containsExactly(EU);
        Page<DeniedWrite> newest = here.residency.deniedWrites(ACME, Denials.ALL, new PageRequest(2, null));
        assertThat(newest.items()).extracting(DeniedWrite::key).containsExactly("d2", "d1");
        assertThat(here.residency
                        .deniedWrites(ACME, Denials.ALL, new PageRequest(2, newest.next()))
                        .items())
                .extracting(DeniedWrite::key)
                .containsExactly("d0");
        assertThat(here.residency
                        .deniedWrites(ACME, new Denials(null, US, null, null), PageRequest.first())
                        .items())
                .isEmpty();
        assertThat(here.residency
                        .deniedWrites(new TenantId("globex"), Denials.ALL, PageRequest.first())
                        .items())
                .isEmpty();
    }

    @Test
    void keepsTheNewestDenialsOfATenantAndNoneThatAreOld() {
        JooqDenials few = new JooqDenials(here.database, here.now::get, 3, 2);
        Backend backend = new Backend(
                here.storages.look(DEV, new InstanceId("frankfurt")),
                here.storages.definition(DefinitionId.parse("storage-memory@1.0.0")),
                null,
                new Reported.Nothing());
        Problem problem = Problem.of(PolicyProblem.POLICY_DENIED, "no", null);
        for (int i = 0; i < 10; i++) {
            few.add(Asked.item(DEV, "data.put", name("k" + i), EU, null, ADA), backend, null, problem);
        }

        assertThat(few.list(ACME, Denials.ALL, PageRequest.first()).items())
                .extracting(DeniedWrite::key)
                .containsExactly("k9", "k8", "k7");
        here.pass(Duration.ofDays(401));
        here.residency.sweeper().sweep();
        assertThat(few.list(ACME, Denials.ALL, PageRequest.first()).items()).isEmpty();
    }

    @Test
    void standsAgainstDeletingTheEnvironmentAndForgetsATenantThatLeaves() {
        here.put(DEV, "a", EU, "x");
        JooqHoldings holdings = new JooqHoldings(here.database);

        assertThat(holdings.count(ACME, new Environment("dev")))
                .containsEntry("items", 1L)
                .containsEntry("storage-routes", 2L);
        assertThat(holdings.count(ACME, new Environment("prod")).values()).allMatch(count -> count == 0);
        assertThat(holdings.erase(ACME, ADA)).isTrue();
        assertThat(holdings.erase(ACME, ADA)).isTrue();
        assertThat(holdings.count(ACME, null).values()).allMatch(count -> count == 0);
        assertThat(problem(() -> router.item(DEV, name("a"))).code()).isEqualTo("data-unknown");
    }

    @Test
    void theQuestionShowsNoReferenceToASecret() {
        here.put(DEV, "a", US, "x");

        assertThat(here.governors.asked.getLast().more().get("configuration"))
                .isEqualTo(new Json("{\"bucket\":\"virginia\"}"));
        assertThat(here.governors.asked.getLast().more().get("data"))
                .isEqualTo(
                        new Json("{\"region\":\"us-east-1\",\"kind\":\"evidence\",\"declaredRegion\":\"us-east-1\"}"));
    }

    @Test
    void whatIsToBeApprovedIsTheseBytes() {
        here.put(DEV, "a", US, "x");

        var content = here.governors.asked.getLast().content();
        assertThat(content).isNotNull();
        assertThatThrownBy(content::get)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("content-digest-required"));
    }

    private DeniedWrite onlyDenial() {
        List<DeniedWrite> rows = here.residency
                .deniedWrites(ACME, Denials.ALL, PageRequest.first())
                .items();
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }
}
