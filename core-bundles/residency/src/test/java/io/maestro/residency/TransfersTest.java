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
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations.Denials;
import io.maestro.api.residency.StorageRoutes.Route;
import io.maestro.api.residency.Transfers.Course;
import io.maestro.api.residency.Transfers.State;
import io.maestro.api.residency.Transfers.Transfer;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.residency.JooqTransfers.Taken;
import io.maestro.residency.Storages.Stored;
import io.maestro.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TransfersTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final InstanceId OLD = new InstanceId("old");
    private static final InstanceId NEW = new InstanceId("new");

    private final Installation here = new Installation(POSTGRES);
    private final TransferDesk transfers = here.residency.transfers();

    @BeforeEach
    void twoBackends() throws SQLException {
        RouterTest.empty(POSTGRES);
        here.storages.instance(DEV, "old", "eu-central-1");
        here.storages.instance(DEV, "new", "eu-central-1");
        here.storages.instance(DEV, "overseas", "us-east-1");
        here.route(DEV, EU, "old");
    }

    @AfterEach
    void close() {
        here.close();
    }

    private Transfer start(InstanceId target, Region region) {
        return transfers.start(DEV, new Course(OLD, target, region, null), ADA);
    }

    /** Has the engine go on until the transfer ends. */
    private Transfer ended(UUID id) {
        for (int i = 0; i < 200; i++) {
            Transfer now = transfers.transfer(DEV, id);
            if (now.state() != State.RUNNING) {
                return now;
            }
            turn();
        }
        throw new AssertionError("does not end: " + transfers.transfer(DEV, id));
    }

    private void turn() {
        here.residency.runner().turn();
        here.residency.sweeper().sweep();
        here.pass(Duration.ofSeconds(61));
    }

    private void items(int count) {
        for (int i = 0; i < count; i++) {
            here.put(DEV, "k" + i, EU, "text " + i);
        }
    }

    @Test
    void movesAllToAnotherBackendAndNothingStaysBehind() {
        items(60);
        Transfer begun = start(NEW, EU);

        assertThat(begun.leftItems()).isEqualTo(60);
        assertThat(begun.leftBytes()).isEqualTo(10 * 6 + 50 * 7);
        here.residency.runner().turn();
        Transfer half = transfers.transfer(DEV, begun.id());
        assertThat(half.movedItems()).isEqualTo(50);
        assertThat(half.leftItems()).isEqualTo(10);
        assertThat(half.unsettled()).isEqualTo(50);

        Transfer done = ended(begun.id());
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.movedItems()).isEqualTo(60);
        assertThat(done.movedBytes()).isEqualTo(begun.leftBytes());
        assertThat(done.leftItems() + done.leftBytes() + done.unsettled()).isZero();
        assertThat(done.endedAt()).isNotNull();
        assertThat(here.storages.held(DEV, "old")).isEmpty();
        assertThat(here.storages.held(DEV, "new")).hasSize(60);
        assertThat(here.read(DEV, "k7")).isEqualTo("text 7");
        assertThat(here.residency.locations(ACME)).singleElement().satisfies(location -> {
            assertThat(location.instance()).isEqualTo(NEW);
            assertThat(location.items()).isEqualTo(60);
        });
        assertThat(here.residency.router().route(DEV, EU, EVIDENCE).instance()).isEqualTo(NEW);
    }

    @Test
    void movesToAnotherRegionWithTheRoutes() {
        items(2);
        Transfer begun = start(new InstanceId("overseas"), US);

        // a write of the new region need not wait until its item has moved; the old region has no route any more
        here.put(DEV, "k1", US, "newer");
        assertThat(problem(() -> here.put(DEV, "k0", EU, "x")).code()).isEqualTo("storage-route-unknown");
        assertThat(ended(begun.id()).state()).isEqualTo(State.DONE);

        assertThat(here.residency.router().item(DEV, name("k0")).region()).isEqualTo(US);
        assertThat(here.read(DEV, "k0")).isEqualTo("text 0");
        assertThat(here.read(DEV, "k1")).isEqualTo("newer");
        assertThat(here.storages.held(DEV, "overseas").values())
                .allSatisfy(stored -> assertThat(stored.metadata()).containsEntry("maestro-region", "us-east-1"));
        assertThat(here.residency.router().routes(DEV, PageRequest.first()).items())
                .extracting(Route::region)
                .containsExactly(US);
    }

    @Test
    void thePolicyIsToldBothRegionsBeforeTheStartAndBeforeEachCopy() {
        items(1);
        UUID id = start(new InstanceId("overseas"), US).id();
        assertThat(here.governors.asked.getLast().more().get("data"))
                .isEqualTo(new Json("{\"region\":\"us-east-1\",\"sourceRegion\":\"eu-central-1\"}"));

        ended(id);

        assertThat(here.governors.asked.getLast().action()).isEqualTo("transfer.copy");
        assertThat(here.governors.asked.getLast().more().get("data"))
                .isEqualTo(
                        new Json("{\"region\":\"us-east-1\",\"kind\":\"evidence\",\"sourceRegion\":\"eu-central-1\"}"));
    }

    @Test
    void theReceiptsOfAStartAndOfAResumeNameEachRouteThatChangedAndWhatItWasBefore() throws SQLException {
        here.storages.instance(DEV, "virginia", "us-east-1");
        here.route(DEV, US, "virginia");

        UUID id = start(new InstanceId("overseas"), US).id();
        assertThat(receipts())
                .endsWith(
                        "transfer.start " + id,
                        "storage-route.delete eu-central-1/evidence old -> ",
                        "storage-route.put us-east-1/evidence virginia -> overseas");

        transfers.cancel(DEV, id, ADA);
        here.route(DEV, EU, "old");
        transfers.resume(DEV, id, ADA);
        assertThat(receipts()).endsWith("transfer.resume " + id, "storage-route.delete eu-central-1/evidence old -> ");
    }

    /** What was done, in order, and of routes the instances before and after. */
    private static List<String> receipts() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery("select action || ' ' || subject || case when subject_type ="
                        + " 'storage-route' then ' ' || coalesce(state_before::json ->> 'instance', '') || ' -> '"
                        + " || coalesce(state_after::json ->> 'instance', '') else '' end"
                        + " from store.fact order by position")) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    @Test
    void aWriteThatLookedItsRouteUpBeforeTheStartDoesNotComeToTheSourceAfterIt() {
        here.governors.before = () -> {
            here.governors.before = () -> {};
            start(NEW, EU);
        };

        assertThat(here.put(DEV, "k0", EU, "text 0").instance()).isEqualTo(NEW);
        assertThat(here.storages.held(DEV, "old")).isEmpty();
    }

    @Test
    void movesItemsOfOneKindOnly() {
        Kind artifact = new Kind("artifact");
        here.residency.router().put(DEV, EU, artifact, OLD, ADA);
        here.residency
                .router()
                .put(DEV, new io.maestro.api.residency.ItemName(artifact, "a"), EU, content("artifact"), ADA);
        items(1);
        Transfer begun = transfers.start(DEV, new Course(OLD, NEW, EU, artifact), ADA);

        assertThat(ended(begun.id()).movedItems()).isEqualTo(1);
        assertThat(here.storages.held(DEV, "old")).hasSize(1);
        assertThat(here.residency.router().item(DEV, name("k0")).instance()).isEqualTo(OLD);
        assertThat(here.residency.router().route(DEV, EU, EVIDENCE).instance()).isEqualTo(OLD);
    }

    @Test
    void aTransferOfOneKindLetsItemsOfOthersLeaveTheirRegionAsLittleAsBefore() {
        items(1);
        here.route(DEV, US, "overseas");
        transfers.start(DEV, new Course(OLD, new InstanceId("overseas"), US, new Kind("artifact")), ADA);

        assertThat(problem(() -> here.put(DEV, "k0", US, "x")).code()).isEqualTo("data-in-other-region");
        assertThat(here.read(DEV, "k0")).isEqualTo("text 0");
    }

    @Test
    void goesOnAfterAKillAtAnyStep() {
        boolean survived = false;
        for (int steps = 1; !survived; steps++) {
            here.storages.held(DEV, "old").clear();
            here.storages.held(DEV, "new").clear();
            emptied();
            here.route(DEV, EU, "old");
            items(2);
            UUID id = start(NEW, EU).id();

            MortalDatabase database = new MortalDatabase(here.database, steps);
            here.storages.before = (operation, where, key) -> database.step();
            try (Residency node = here.node(database)) {
                for (int i = 0; i < 20 && transfers.transfer(DEV, id).state() == State.RUNNING; i++) {
                    node.runner().turn();
                    node.sweeper().sweep();
                    here.pass(Duration.ofSeconds(61));
                }
            } catch (MortalDatabase.Killed e) {
                // another node goes on below
            }
            survived = !database.dead();
            here.storages.before = (operation, where, key) -> {};
            here.pass(Sweeper.LOST.plusSeconds(1));

            Transfer done = ended(id);
            here.residency.sweeper().sweep();
            assertThat(done.state()).as("killed after " + steps + " steps").isEqualTo(State.DONE);
            assertThat(done.movedItems()).isEqualTo(2);
            assertThat(here.storages.held(DEV, "old")).isEmpty();
            assertThat(here.storages.held(DEV, "new"))
                    .as("killed after " + steps + " steps")
                    .hasSize(2);
            assertThat(here.read(DEV, "k0") + here.read(DEV, "k1")).isEqualTo("text 0text 1");
            assertThat(steps).isLessThan(300);
        }
    }

    private void emptied() {
        try {
            RouterTest.empty(POSTGRES);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWriteWhileItsItemIsBeingMovedIsNotLost() {
        items(3);
        UUID id = start(NEW, EU).id();
        AtomicInteger writes = new AtomicInteger();
        here.storages.before = (operation, where, key) -> {
            // the copy of k1 is under way when somebody writes it
            boolean copying = operation.equals("get_object") && where.instance().equals(OLD);
            if (copying && writes.get() < 2) {
                here.put(DEV, "k" + writes.getAndIncrement(), EU, "newer");
            }
        };

        assertThat(ended(id).state()).isEqualTo(State.DONE);
        here.storages.before = (operation, where, key) -> {};
        here.residency.sweeper().sweep();

        assertThat(writes.get()).isEqualTo(2);
        assertThat(here.read(DEV, "k0")).isEqualTo("newer");
        assertThat(here.read(DEV, "k1")).isEqualTo("newer");
        assertThat(here.read(DEV, "k2")).isEqualTo("text 2");
        assertThat(here.storages.held(DEV, "old")).isEmpty();
        assertThat(here.storages.held(DEV, "new")).hasSize(3);
    }

    @Test
    void isGivenUpWhenTheSourceIsDamagedAndGoesOnOnceItIsMended() {
        items(3);
        Map<String, Stored> held = here.storages.held(DEV, "old");
        Map<String, Stored> whole = new HashMap<>(held);
        held.replaceAll((key, stored) -> new Stored("other".getBytes(UTF_8), stored.metadata()));
        UUID id = start(NEW, EU).id();

        Transfer failed = ended(id);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.problem()).isNotNull();
        assertThat(failed.leftItems()).isEqualTo(3);
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "new")).isEmpty();

        held.putAll(whole);
        assertThat(transfers.resume(DEV, id, ADA).state()).isEqualTo(State.RUNNING);
        assertThat(ended(id).state()).isEqualTo(State.DONE);
        assertThat(here.read(DEV, "k2")).isEqualTo("text 2");
        assertThat(problem(() -> transfers.resume(DEV, id, ADA)).code()).isEqualTo("transfer-ended");
    }

    @Test
    void oneItemThatCannotBeMovedKeepsNoneOfTheOthersAndIsNamedUntilItCan() {
        items(60);
        Map<String, Stored> held = here.storages.held(DEV, "old");
        Map<String, Stored> whole = new HashMap<>(held);
        held.replaceAll((key, stored) -> new String(stored.bytes(), UTF_8).equals("text 1")
                ? new Stored("other".getBytes(UTF_8), stored.metadata())
                : stored);
        UUID id = start(NEW, EU).id();
        turn();
        turn();

        Transfer running = transfers.transfer(DEV, id);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(running.movedItems()).isEqualTo(59);
        assertThat(running.problem()).startsWith("data-damaged").endsWith("(1 could not be moved yet: evidence/k1)");
        Transfer failed = ended(id);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.leftItems()).isEqualTo(1);
        assertThat(failed.problem()).contains("evidence/k1");

        held.putAll(whole);
        transfers.resume(DEV, id, ADA);
        Transfer done = ended(id);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.movedItems()).isEqualTo(60);
        assertThat(done.problem()).isNull();
        assertThat(here.read(DEV, "k1")).isEqualTo("text 1");
    }

    @Test
    void waitsOutAStorageThatFailsForAWhile() {
        items(1);
        AtomicInteger failures = new AtomicInteger(TransferRunner.MOST_ATTEMPTS - 1);
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object") && failures.getAndDecrement() > 0) {
                throw Storages.problem("storage-unreachable", 502);
            }
        };
        UUID id = start(NEW, EU).id();
        turn();
        assertThat(transfers.transfer(DEV, id).problem()).startsWith("storage-unreachable");

        assertThat(ended(id).state()).isEqualTo(State.DONE);
        assertThat(transfers.transfer(DEV, id).problem()).isNull();
    }

    @Test
    void oneWhoseStorageHangsHoldsUpNoOtherAndIsTakenUpByNobodyElseMeanwhile() {
        Scope globex = Scope.of("globex", "dev");
        here.storages.instance(globex, "old", "eu-central-1");
        here.storages.instance(globex, "new", "eu-central-1");
        here.route(globex, EU, "old");
        here.put(globex, "theirs", EU, "text");
        items(1);
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger copies = new AtomicInteger();
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object") && where.scope().equals(DEV)) {
                copies.incrementAndGet();
                Storages.hangUntil(hanging);
            }
        };
        UUID id = start(NEW, EU).id();
        UUID theirs =
                transfers.start(globex, new Course(OLD, NEW, EU, null), ADA).id();
        try (Residency node = here.node(here.database, Duration.ofMillis(100))) {
            await().untilAsserted(() -> {
                node.runner().turn();
                assertThat(copies).hasValue(1);
                here.pass(Duration.ofSeconds(1));
                node.sweeper().sweep();
                assertThat(transfers.transfer(globex, theirs).state()).isEqualTo(State.DONE);
            });
            for (int i = 0; i < 3; i++) {
                here.pass(TransferRunner.LEASE.dividedBy(2).plusSeconds(1));
                node.runner().turn();
                here.residency.runner().turn();
            }
            assertThat(copies).hasValue(1);
            assertThat(transfers.transfer(DEV, id).state()).isEqualTo(State.RUNNING);

            hanging.countDown();
            await().untilAsserted(() -> {
                node.runner().turn();
                node.sweeper().sweep();
                here.pass(Duration.ofSeconds(1));
                assertThat(transfers.transfer(DEV, id).state()).isEqualTo(State.DONE);
            });
        }
        assertThat(here.read(DEV, "k0")).isEqualTo("text 0");
    }

    @Test
    void oneThatWasGivenBackIsNotPutOffByATurnThatBelievedItUnderWay() {
        items(1);
        UUID id = start(NEW, EU).id();
        JooqTransfers rows = rows();
        Taken taken = take(rows).getFirst();
        rows.failed(taken, "storage-unreachable", 2, now().plus(TransferRunner.PAUSE), ADA);
        assertThat(transfers.transfer(DEV, id).problem()).contains("storage-unreachable");

        // as a turn does that saw its lane taken a moment before the attempt failed
        rows.renew(Set.of(taken.lease()), TransferRunner.LEASE);
        here.pass(TransferRunner.PAUSE);
        here.residency.runner().turn();

        assertThat(transfers.transfer(DEV, id).movedItems()).isEqualTo(1);
    }

    @Test
    void whoStillWorksOnOneThatWasCancelledAndResumedNeitherGivesItBackNorKeepsItForWhoHasTakenItUpSince() {
        items(1);
        UUID id = start(NEW, EU).id();
        JooqTransfers rows = rows();
        Taken before = take(rows).getFirst();
        transfers.cancel(DEV, id, ADA);
        transfers.resume(DEV, id, ADA);
        Taken since = take(rows).getFirst();

        rows.failed(before, "storage-unreachable", 1, now(), ADA);
        assertThat(transfers.transfer(DEV, id).problem()).isNull();
        assertThat(transfers.transfer(DEV, id).state()).isEqualTo(State.RUNNING);
        rows.goOn(before, now());
        assertThat(take(rows)).isEmpty();

        here.pass(TransferRunner.LEASE.dividedBy(2));
        rows.renew(Set.of(since.lease()), TransferRunner.LEASE);
        here.pass(TransferRunner.LEASE.dividedBy(2));
        assertThat(take(rows)).as("who has it renews its lease").isEmpty();
        rows.renew(Set.of(before.lease()), TransferRunner.LEASE);
        here.pass(TransferRunner.LEASE.dividedBy(2));
        assertThat(take(rows)).hasSize(1);
    }

    private JooqTransfers rows() {
        return new JooqTransfers(here.database, here.tenants, here.storages, here.now::get);
    }

    private Instant now() {
        return Objects.requireNonNull(here.now.get());
    }

    private static List<Taken> take(JooqTransfers rows) {
        return rows.take(Set.of(), Set.of(), 10, TransferRunner.LEASE);
    }

    @Test
    void whatIsCancelledStaysWhereItIs() {
        items(60);
        UUID id = start(NEW, EU).id();
        here.residency.runner().turn();

        assertThat(transfers.cancel(DEV, id, ADA).state()).isEqualTo(State.CANCELLED);
        turn();
        Transfer cancelled = transfers.transfer(DEV, id);
        assertThat(cancelled.movedItems()).isEqualTo(50);
        assertThat(cancelled.leftItems()).isEqualTo(10);
        assertThat(problem(() -> transfers.cancel(DEV, id, ADA)).code()).isEqualTo("transfer-ended");
        assertThat(here.read(DEV, "k0")).isEqualTo("text 0");
        assertThat(here.read(DEV, "k59")).isEqualTo("text 59");
    }

    @Test
    void aCancellationInTheMiddleOfACopyStopsIt() {
        items(1);
        UUID id = start(NEW, EU).id();
        here.storages.before = (operation, where, key) -> {
            if (operation.equals("put_object")) {
                here.storages.before = (any, other, same) -> {};
                transfers.cancel(DEV, id, ADA);
            }
        };
        turn();

        assertThat(here.residency.router().item(DEV, name("k0")).instance()).isEqualTo(OLD);
        here.residency.sweeper().sweep();
        assertThat(here.storages.held(DEV, "new")).isEmpty();
        assertThat(here.read(DEV, "k0")).isEqualTo("text 0");
    }

    @Test
    void twoDoNotRunFromOrToTheSamePlace() {
        start(NEW, EU);

        assertThat(problem(() -> start(NEW, EU)).code()).isEqualTo("transfer-running");
        assertThat(problem(() -> transfers.start(DEV, new Course(NEW, OLD, EU, null), ADA))
                        .code())
                .isEqualTo("transfer-running");
        assertThat(problem(() -> transfers.start(DEV, new Course(OLD, OLD, EU, null), ADA))
                        .code())
                .isEqualTo("invalid-request");
        assertThat(transfers.transfers(DEV, PageRequest.first()).items()).hasSize(1);
        assertThat(problem(() -> transfers.transfer(DEV, new UUID(1, 2))).code())
                .isEqualTo("transfer-unknown");
    }

    @Test
    void whileOneRunsNeitherOfItsInstancesIsDeleted() {
        items(1);
        UUID id = start(NEW, EU).id();
        here.residency.router().remove(DEV, EU, EVIDENCE, ADA);
        here.residency.router().delete(DEV, name("k0"), ADA);
        here.residency.sweeper().sweep();

        assertThat(problem(() -> here.requireDeletable(DEV, "old")).code()).isEqualTo("instance-keeps-data");
        assertThat(problem(() -> here.requireDeletable(DEV, "new")).code()).isEqualTo("instance-keeps-data");
        assertThat(here.residency.dependents().of(DEV, NEW, 10))
                .containsExactly(new Dependent("transfer", id.toString(), "from old to new"));
        assertThat(ended(id).state()).isEqualTo(State.DONE);
        here.requireDeletable(DEV, "old");
        here.requireDeletable(DEV, "new");
    }

    @Test
    void ofTwoThatLeadToOneAnothersSourceAndBeginInOneMomentOnlyOneBegins() throws Exception {
        Course there = new Course(OLD, NEW, EU, null);
        Course back = new Course(NEW, OLD, EU, null);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> both = whileSomebodyChanges(() -> List.of(
                    threads.submit(() -> outcome(() -> transfers.start(DEV, there, ADA))),
                    threads.submit(() -> outcome(() -> transfers.start(DEV, back, ADA)))));

            assertThat(List.of(both.get(0).get(), both.get(1).get()))
                    .containsExactlyInAnyOrder("done", "transfer-running");
        }
        assertThat(transfers.transfers(DEV, PageRequest.first()).items()).hasSize(1);
    }

    @Test
    void ofOneThatGoesOnAndARouteToItsSourceOnlyOneHolds() throws Exception {
        UUID id = start(NEW, EU).id();
        transfers.cancel(DEV, id, ADA);
        Kind artifact = new Kind("artifact");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> both = whileSomebodyChanges(() -> List.of(
                    threads.submit(() -> outcome(() -> transfers.resume(DEV, id, ADA))),
                    threads.submit(() -> outcome(() -> here.residency.router().put(DEV, EU, artifact, OLD, ADA)))));

            assertThat(both.get(0).get()).isEqualTo("done");
            // the route was there before, and leads to the target by now, or it came too late
            if (both.get(1).get().equals("done")) {
                assertThat(here.residency.router().route(DEV, EU, artifact).instance())
                        .isEqualTo(NEW);
            } else {
                assertThat(both.get(1).get()).isEqualTo("transfer-running");
            }
        }
    }

    /** Has acts begin while somebody else holds the lock of the scope, and go on all at once. */
    private <R> List<Future<R>> whileSomebodyChanges(Supplier<List<Future<R>>> acts) {
        return here.database.note(ACME, sql -> {
            JooqScopeLock.change(sql, DEV);
            List<Future<R>> begun = acts.get();
            await().until(() ->
                    begun.stream().filter(Future::isDone).count() + RouterTest.waiting(POSTGRES) == begun.size());
            return begun;
        });
    }

    private static String outcome(Runnable act) {
        try {
            act.run();
            return "done";
        } catch (ProblemException e) {
            return e.problem().code();
        }
    }

    @Test
    void whatIsResumedNeedsWhatIsStartedNeeds() {
        here.storages.instance(DEV, "new", null);
        UUID id = start(NEW, EU).id();
        transfers.cancel(DEV, id, ADA);
        here.residency.router().remove(DEV, EU, EVIDENCE, ADA);
        here.route(DEV, US, "new");

        assertThat(problem(() -> transfers.resume(DEV, id, ADA)).code()).isEqualTo("instance-in-other-region");
        here.governors.regions.put(ACME, Set.of("us-east-1"));
        assertThat(problem(() -> transfers.resume(DEV, id, ADA)).code()).isEqualTo("policy-denied");
        here.storages.remove(DEV, "new");
        assertThat(problem(() -> transfers.resume(DEV, id, ADA)).code()).isEqualTo("instance-unknown");
        assertThat(transfers.transfer(DEV, id).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void whatIsResumedTakesTheRoutesWithItOnceMore() {
        items(1);
        UUID id = start(NEW, EU).id();
        assertThat(problem(() -> here.route(DEV, EU, "old")).code()).isEqualTo("transfer-running");
        transfers.cancel(DEV, id, ADA);
        here.route(DEV, EU, "old");
        here.put(DEV, "k1", EU, "text 1");

        transfers.resume(DEV, id, ADA);

        assertThat(here.residency.router().route(DEV, EU, EVIDENCE).instance()).isEqualTo(NEW);
        assertThat(ended(id).movedItems()).isEqualTo(2);
        assertThat(here.storages.held(DEV, "old")).isEmpty();
    }

    @Test
    void anInstanceThatATransferFillsIsOfItsRegionBeforeTheFirstItemIsThere() {
        here.storages.instance(DEV, "new", null);
        here.residency.router().remove(DEV, EU, EVIDENCE, ADA);
        start(NEW, EU);

        assertThat(problem(() -> here.route(DEV, US, "new")).code()).isEqualTo("instance-in-other-region");
    }

    @Test
    void noneBeginsOrGoesOnWhenOneOfItsInstancesIsDeletedWhileThePolicyIsAskedAboutIt() {
        items(1);
        for (String gone : List.of("old", "new")) {
            here.governors.before = () -> here.storages.remove(DEV, gone);
            assertThat(problem(() -> start(NEW, EU)).code()).as(gone).isEqualTo("instance-unknown");
            here.storages.instance(DEV, gone, "eu-central-1");
        }
        assertThat(transfers.transfers(DEV, PageRequest.first()).items()).isEmpty();
        assertThat(here.residency.router().route(DEV, EU, EVIDENCE).instance()).isEqualTo(OLD);

        here.governors.before = () -> {};
        UUID id = start(NEW, EU).id();
        transfers.cancel(DEV, id, ADA);
        here.governors.before = () -> here.storages.remove(DEV, "new");
        assertThat(problem(() -> transfers.resume(DEV, id, ADA)).code()).isEqualTo("instance-unknown");
        assertThat(transfers.transfer(DEV, id).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aDeniedStartChangesNothing() {
        items(1);
        here.governors.regions.put(ACME, Set.of("eu-central-1"));

        assertThat(problem(() -> start(new InstanceId("overseas"), US)).code()).isEqualTo("policy-denied");
        assertThat(transfers.transfers(DEV, PageRequest.first()).items()).isEmpty();
        assertThat(here.residency.router().route(DEV, EU, EVIDENCE).instance()).isEqualTo(OLD);
        assertThat(here.residency
                        .deniedWrites(ACME, Denials.ALL, PageRequest.first())
                        .items())
                .singleElement()
                .satisfies(denied -> assertThat(denied.action()).isEqualTo("transfer.start"));
        assertThat(here.governors.events).hasSize(1);
    }
}
