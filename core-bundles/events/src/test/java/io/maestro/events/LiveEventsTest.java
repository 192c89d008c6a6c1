package io.maestro.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.api.events.Event;
import io.maestro.api.events.Event.Kind;
import io.maestro.api.events.EventProblem;
import io.maestro.api.events.Events.Changes;
import io.maestro.api.events.Events.CutOffException;
import io.maestro.api.events.Events.Following;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Journal.Entry;
import io.maestro.store.Journal.Position;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LiveEventsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final Environment PROD = new Environment("prod");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LiveEvents.Pace PACE =
            new LiveEvents.Pace(Duration.ofMillis(20), Duration.ofMillis(1), Duration.ofHours(24), Duration.ofHours(1));

    private final PostgresDatabase database = open();
    private LiveEvents events = node(new Hub.Bounds(1_000, 100, 50, 10, 3));

    private static boolean any(Event event) {
        return true;
    }

    private static PostgresDatabase open() {
        return PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
    }

    private LiveEvents node(Hub.Bounds bounds) {
        return new LiveEvents(database, database, InstantSource.system(), PACE, bounds, Metrics.NONE);
    }

    private void restart(Hub.Bounds bounds) {
        events.close();
        events = node(bounds);
        events.start();
    }

    @BeforeEach
    void start() {
        events.start();
    }

    @AfterEach
    void close() {
        events.close();
        database.close();
    }

    private void act(String action, String subject) {
        database.act(
                ACME,
                new Actor("token:root", "c-1"),
                sql -> Act.done(
                        true,
                        Fact.made(action, Subject.of("anvil", subject), new Json("{}"))
                                .in(PROD)));
    }

    private void acts(int from, int to) {
        IntStream.range(from, to).forEach(i -> act("anvil.make", "a" + i));
    }

    private static Event next(Following following) throws InterruptedException, CutOffException {
        for (int i = 0; i < 1_000; i++) {
            Event next = following.next(PATIENCE).orElse(null);
            if (next != null) {
                return next;
            }
        }
        throw new AssertionError("no event came");
    }

    private static List<String> next(Following following, int count) throws InterruptedException, CutOffException {
        List<String> subjects = new ArrayList<>();
        while (subjects.size() < count) {
            subjects.add(next(following).subject());
        }
        return subjects;
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "a" + i).toList();
    }

    @Test
    void whoFollowsSeesWhatIsDoneFromThenOn() throws Exception {
        act("anvil.make", "before");
        try (Following following =
                events.follow(null, "me", null, event -> !event.subject().equals("before"))) {
            act("anvil.make", "after");

            Event event = next(following);
            assertThat(event.subject()).isEqualTo("after");
            assertThat(event.kind()).isEqualTo(Kind.ACT_DONE);
            assertThat(event.tenant()).isEqualTo(ACME);
            assertThat(event.actor()).isEqualTo("token:root");
        }
    }

    @Test
    void anotherNodeTellsOfItToo() throws Exception {
        try (PostgresDatabase elsewhere = open();
                LiveEvents other = new LiveEvents(
                        elsewhere, elsewhere, InstantSource.system(), PACE, Hub.Bounds.USUAL, Metrics.NONE)) {
            other.start();
            try (Following following =
                    other.follow(null, "me", null, event -> event.subject().equals("far"))) {
                act("anvil.make", "far");

                assertThat(next(following).subject()).isEqualTo("far");
            }
        }
    }

    @Test
    void whoGoesOnBehindACursorMissesNothing() throws Exception {
        String cursor;
        try (Following following = events.follow(null, "me", null, LiveEventsTest::any)) {
            act("anvil.make", "last");
            cursor = next(following).cursor();
        }
        acts(0, 130);

        try (Following following = events.follow(cursor, "me", null, LiveEventsTest::any)) {
            assertThat(next(following, 130)).isEqualTo(names(0, 130));
            acts(130, 140);
            assertThat(next(following, 10)).isEqualTo(names(130, 140));
        }
    }

    @Test
    void missesNothingWhereMemoryDoesNotReachBackToItsCursorWhileMoreIsDone() throws Exception {
        restart(new Hub.Bounds(5, 100, 4, 10, 3));
        String cursor = events.changes(null, 500, LiveEventsTest::any).cursor();
        try (Following busy = events.follow(null, "other", null, event -> false);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            acts(0, 60);
            Future<?> acting = threads.submit(() -> acts(60, 200));

            try (Following following = events.follow(cursor, "me", null, LiveEventsTest::any)) {
                assertThat(next(following, 200)).isEqualTo(names(0, 200));
            }
            acting.get();
            assertThat(busy.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whoIsTooSlowIsCutOffAndOthersAreNot() throws Exception {
        restart(new Hub.Bounds(1_000, 20, 50, 10, 3));
        CountDownLatch following = new CountDownLatch(1);
        try (Following quick = events.follow(null, "me", null, LiveEventsTest::any);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> slow = threads.submit(() -> {
                try (Following stream = events.follow(null, "me", null, LiveEventsTest::any)) {
                    var _ = stream.next(Duration.ZERO);
                    following.countDown();
                    try {
                        // a client that takes nothing: the write does not come back
                        return "taken " + new CountDownLatch(1).await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        assertThatThrownBy(() -> stream.next(PATIENCE)).isInstanceOf(CutOffException.class);
                    }
                }
                return "interrupted " + Thread.currentThread().isInterrupted();
            });
            following.await();
            for (int i = 0; i < 40; i++) {
                act("anvil.make", "a" + i);
                assertThat(next(quick).subject()).isEqualTo("a" + i);
            }

            assertThat(slow.get()).isEqualTo("interrupted false");
        }
    }

    @Test
    void aThousandWhoFollowEachSeeEveryEventInOrder() throws Exception {
        int many = 1_000;
        // room for all: nobody is cut off, however seldom its turn comes
        restart(new Hub.Bounds(1_000, 100, 50, many, many));
        CountDownLatch following = new CountDownLatch(many);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> seen = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                seen.add(threads.submit(() -> {
                    try (Following stream = events.follow(null, "me", null, LiveEventsTest::any)) {
                        following.countDown();
                        return next(stream, 20);
                    }
                }));
            }
            assertThat(following.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            acts(0, 20);

            for (Future<List<String>> one : seen) {
                assertThat(one.get()).isEqualTo(names(0, 20));
            }
        }
    }

    @Test
    void nobodyHasMoreStreamsThanAllowed() {
        List<Following> mine = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            mine.add(events.follow(null, "me", null, LiveEventsTest::any));
        }
        assertRefused(EventProblem.TOO_MANY_STREAMS, () -> events.follow(null, "me", null, LiveEventsTest::any));
        List<Following> others = IntStream.range(0, 7)
                .mapToObj(i -> events.follow(null, "other" + i, null, LiveEventsTest::any))
                .toList();
        assertRefused(EventProblem.TOO_MANY_STREAMS, () -> events.follow(null, "last", null, LiveEventsTest::any));

        mine.getFirst().close();
        mine.getFirst().close();

        try (Following again = events.follow(null, "me", null, LiveEventsTest::any)) {
            assertThat(again.cursor()).contains("-");
        }
        mine.forEach(Following::close);
        others.forEach(Following::close);
    }

    @Test
    void closingEndsWhoFollows() throws Exception {
        try (Following following = events.follow(null, "me", null, LiveEventsTest::any)) {
            var _ = following.next(Duration.ZERO);
            events.close();

            assertThatThrownBy(() -> following.next(PATIENCE))
                    .isInstanceOf(CutOffException.class)
                    .hasMessage("stopping");
        }
    }

    @Test
    void theCursorMovesPastWhatIsNotWanted() throws Exception {
        try (Following following = events.follow(null, "me", null, event -> false)) {
            String before = following.cursor();
            act("anvil.make", "unwanted");

            await().atMost(PATIENCE).until(() -> {
                var _ = following.next(Duration.ofMillis(10));
                return !following.cursor().equals(before);
            });
            Changes behind = events.changes(following.cursor(), 10, LiveEventsTest::any);
            assertThat(behind.events()).isEmpty();
        }
    }

    @Test
    void theFeedGivesTheSameInPages() throws Exception {
        String cursor = events.changes(null, 500, LiveEventsTest::any).cursor();
        acts(0, 23);
        List<String> found = new ArrayList<>();

        Changes page;
        do {
            page = events.changes(cursor, 10, event -> !event.subject().equals("a5"));
            assertThat(page.events()).hasSizeLessThanOrEqualTo(10);
            page.events().forEach(event -> found.add(event.subject()));
            cursor = page.cursor();
        } while (page.more());

        List<String> expected = new ArrayList<>(names(0, 23));
        expected.remove("a5");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void noTenantTakesThePlacesOfTheOthers() {
        restart(new Hub.Bounds(100, 100, 50, 12, 2));
        List<Following> ofAcme = IntStream.range(0, 3)
                .mapToObj(i -> events.follow(null, "robot" + i, ACME, LiveEventsTest::any))
                .toList();

        assertRefused(EventProblem.TOO_MANY_STREAMS, () -> events.follow(null, "one-more", ACME, LiveEventsTest::any));
        events.follow(null, "stranger", new TenantId("globex"), LiveEventsTest::any)
                .close();
        events.follow(null, "operator", null, LiveEventsTest::any).close();
        ofAcme.getFirst().close();
        events.follow(null, "one-more", ACME, LiveEventsTest::any).close();
        ofAcme.forEach(Following::close);
    }

    @Test
    void tellsWhoIsPassedByTheCleanerWhileCatchingUp() throws Exception {
        restart(new Hub.Bounds(2, 100, 2, 10, 3));
        String old = events.changes(null, 1, event -> false).cursor();
        try (Following busy = events.follow(null, "other", null, event -> false);
                Following following = events.follow(old, "me", null, LiveEventsTest::any)) {
            acts(0, 20);
            String end = events.changes(old, 100, LiveEventsTest::any).cursor();
            await().atMost(PATIENCE)
                    .until(() ->
                            busy.next(Duration.ZERO).isEmpty() && busy.cursor().equals(end));
            assertThat(next(following).subject()).isEqualTo("a0");
            assertThat(next(following).subject()).isEqualTo("a1");
            int dropped = 1;
            while (dropped > 0) {
                dropped = database.drop(Instant.now().plusSeconds(60), 1_000);
            }

            assertThatThrownBy(() -> next(following)).isInstanceOf(CutOffException.class);
            assertThat(busy.cursor()).contains("-");
        }
    }

    @Test
    void anEventOfAClockThatWasFarAheadKeepsNothingBehindItForEver() {
        database.note(ACME, sql -> {
            Instant far = Instant.now().plus(Duration.ofDays(300));
            database.add(sql, new Entry(ACME, PROD, far, "alert.raise", Subject.of("x", "far"), null));
            return true;
        });
        act("anvil.make", "behind");
        Instant later = Instant.now().plusSeconds(60);

        int dropped = 1;
        while (dropped > 0) {
            dropped = database.drop(later, 1_000);
        }

        assertThat(events.changes(null, 10, LiveEventsTest::any).events()).isEmpty();
    }

    @Test
    void tellsWhoHasMissedSomething() {
        act("anvil.make", "dropped");
        String old = Reading.cursor(Position.START);
        while (database.drop(Instant.now().plusSeconds(60), 1_000) > 0) {
            assertThat(database.floor()).isNotNull();
        }

        assertRefused(EventProblem.EVENTS_MISSED, () -> events.changes(old, 10, LiveEventsTest::any));
        assertRefused(EventProblem.EVENTS_MISSED, () -> events.follow(old, "me", null, LiveEventsTest::any));
        assertRefused(
                EventProblem.EVENTS_MISSED,
                () -> events.follow("900000000000000000-1", "me", null, LiveEventsTest::any));
    }

    @Test
    void refusesWhatIsNoCursor() {
        for (String cursor : List.of("", "-", "1", "1-", "-1-1", "01-1", "1-1 ", "9999999999999999999-1", "a-b")) {
            assertRefused(CallerProblem.INVALID_CURSOR, () -> events.changes(cursor, 10, LiveEventsTest::any));
            assertRefused(CallerProblem.INVALID_CURSOR, () -> events.follow(cursor, "me", null, LiveEventsTest::any));
        }
    }

    @Test
    void tellsTheKindsApart() throws Exception {
        try (Following following = events.follow(null, "me", null, LiveEventsTest::any)) {
            act("approval.request", "1");
            act("approval.approve", "1");
            act("approval.reject", "1");
            act("approval.use", "1");
            act("alert.raise", "an act of this name is no alert");
            for (String action : List.of("instance.observe", "alert.raise", "alert.clear")) {
                database.note(ACME, sql -> {
                    database.add(sql, new Entry(ACME, PROD, Instant.now(), action, Subject.of("x", "y"), null));
                    return true;
                });
            }

            List<Kind> kinds = new ArrayList<>();
            while (kinds.size() < 8) {
                kinds.add(next(following).kind());
            }
            assertThat(kinds)
                    .containsExactly(
                            Kind.APPROVAL_PENDING,
                            Kind.APPROVAL_DECIDED,
                            Kind.APPROVAL_DECIDED,
                            Kind.ACT_DONE,
                            Kind.ACT_DONE,
                            Kind.INSTANCE_OBSERVED,
                            Kind.ALERT_RAISED,
                            Kind.ALERT_CLEARED);
        }
    }

    private static void assertRefused(ProblemCode code, Runnable asking) {
        assertThatThrownBy(asking::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().code()).isEqualTo(code.code()));
    }
}
