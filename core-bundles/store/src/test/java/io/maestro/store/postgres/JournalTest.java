package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Facts.Chains;
import io.maestro.store.Journal.Entry;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import io.maestro.testing.TestPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class JournalTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Actor ROOT = new Actor("token:root", "c-1");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final PostgresDatabase database = Databases.open(POSTGRES);
    private Position start = Position.START;

    @BeforeEach
    void begin() {
        start = database.end();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Fact fact(String subject) {
        return Fact.made("anvil.make", Subject.of("anvil", subject), new Json("{}"))
                .in(new Environment("prod"));
    }

    private List<String> subjects() {
        return database.after(start, 1_000).stream().map(Recorded::subject).toList();
    }

    @Test
    void anActStandsInTheJournalUnderTheIdOfItsReceipt() {
        database.act(ACME, ROOT, sql -> Act.done(true, fact("big")));

        Recorded found = database.after(start, 10).getFirst();
        UUID receipt = database.noteAsPlatform(sql -> database.take(sql, 100, Chains.NONE)).stream()
                .filter(pending -> pending.fact().subject().name().equals("big"))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(found.id()).isEqualTo(receipt);
        assertThat(found.tenant()).isEqualTo(ACME);
        assertThat(found.environment()).isEqualTo(new Environment("prod"));
        assertThat(found.actor()).isEqualTo("token:root");
        assertThat(found.correlationId()).isEqualTo("c-1");
        assertThat(found.action()).isEqualTo("anvil.make");
    }

    @Test
    void everyFactOfAnActStandsInIt() {
        database.act(ACME, ROOT, sql -> new Act<>(true, List.of(fact("one"), fact("two"), fact("three"))));

        assertThat(subjects()).containsExactly("one", "two", "three");
    }

    @Test
    void whatIsRolledBackDoesNot() {
        try {
            database.note(ACME, sql -> {
                database.add(sql, observed(ACME, "lost"));
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("no");
        }

        assertThat(subjects()).isEmpty();
    }

    @Test
    void anObservationNeedsNoActor() {
        database.note(GLOBEX, sql -> {
            database.add(sql, observed(GLOBEX, "files"));
            return true;
        });

        Recorded found = database.after(start, 10).getFirst();
        assertThat(found.actor()).isNull();
        assertThat(found.at()).isEqualTo(AT);
        assertThat(found.detail()).isEqualTo(new Json("{\"observed\":\"failed\"}"));
    }

    @Test
    void isNotReadPastATransactionThatIsStillUnderWay() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> slow = threads.submit(() -> database.note(ACME, sql -> {
                database.add(sql, observed(ACME, "early"));
                written.countDown();
                awaitQuietly(go);
                return true;
            }));
            written.await();
            database.act(ACME, ROOT, sql -> Act.done(true, fact("late")));

            assertThat(subjects()).isEmpty();
            Position before = database.end();
            go.countDown();
            slow.get();

            assertThat(subjects()).containsExactly("early", "late");
            assertThat(database.after(before, 10)).hasSize(2);
        }
    }

    @Test
    void aReaderWhoGoesOnBehindWhatItReadMissesNothingAndSeesNothingTwice() throws Exception {
        int writers = 6;
        int each = 60;
        List<String> read = new ArrayList<>();
        ConcurrentHashMap.KeySetView<String, Boolean> made = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> reader = threads.submit(() -> {
                Position position = start;
                boolean last = false;
                while (true) {
                    List<Recorded> page = database.after(position, 7);
                    page.forEach(one -> read.add(one.subject()));
                    if (!page.isEmpty()) {
                        position = page.getLast().position();
                    } else if (last) {
                        return;
                    } else {
                        last = over.get();
                    }
                }
            });
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                writing.add(threads.submit(() -> {
                    for (int j = 0; j < each; j++) {
                        String name = writer + "-" + j;
                        database.act(ACME, ROOT, sql -> Act.done(true, fact(name)));
                        made.add(name);
                    }
                }));
            }
            for (Future<?> one : writing) {
                one.get();
            }
            over.set(true);
            reader.get();
        }

        assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(made);
        assertThat(made).hasSize(writers * each);
    }

    @Test
    void dropsWhatIsOldAndTellsUpToWhere() {
        while (database.drop(Instant.now().plusSeconds(3_600), 100) > 0) {
            assertThat(database.floor()).isNotEqualTo(Position.START);
        }
        database.note(ACME, sql -> {
            database.add(sql, observed(ACME, "old"));
            return true;
        });
        Position old = database.after(start, 10).getFirst().position();
        database.act(ACME, ROOT, sql -> Act.done(true, fact("new")));

        while (database.drop(AT.plusSeconds(1), 100) > 0) {
            assertThat(database.floor()).isLessThanOrEqualTo(old);
        }

        assertThat(database.floor()).isEqualTo(old);
        assertThat(subjects()).containsExactly("new");
    }

    private static Entry observed(TenantId tenant, String instance) {
        return new Entry(
                tenant,
                new Environment("prod"),
                AT,
                "instance.observe",
                Subject.of("adapter-instance", instance),
                new Json("{\"observed\":\"failed\"}"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
