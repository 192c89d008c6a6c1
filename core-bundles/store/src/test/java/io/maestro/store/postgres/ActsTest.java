package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Facts.Chains;
import io.maestro.store.Facts.Pending;
import io.maestro.store.Facts.Registration;
import io.maestro.store.Migrations;
import io.maestro.store.Migrations.Script;
import io.maestro.testing.TestPostgres;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ActsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Actor ROOT = new Actor("token:root", "c-1");
    private static final Fact RENAMED = Fact.changed(
            "anvil.rename",
            new Subject("anvil", "big", Digest.of(new byte[32])),
            new Json("{\"name\":\"a\"}"),
            new Json("{\"name\":\"b\"}"));

    private static final Migrations ANVILS = new Migrations("anvils", List.of(new Script("V001__anvils.sql", """
            create schema anvils;
            create table anvils.anvil (tenant_id varchar(63) not null);
            grant usage on schema anvils to maestro_app;
            grant select, insert, delete on anvils.anvil to maestro_app;
            """)));

    private final PostgresDatabase database = Databases.open(POSTGRES);

    @BeforeEach
    void empty() {
        database.migrate(ANVILS);
        database.noteAsPlatform(sql -> {
            sql.execute("delete from anvils.anvil");
            return database.take(sql, 1_000, Chains.NONE);
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsTheFactOfAnAct() {
        String result = database.act(ACME, ROOT, sql -> {
            forge(sql);
            return Act.done("done", RENAMED.in(new Environment("prod")).by("d-1"));
        });

        assertThat(result).isEqualTo("done");
        Pending pending = waiting(ACME).getFirst();
        assertThat(pending.fact()).isEqualTo(RENAMED.in(new Environment("prod")).by("d-1"));
        assertThat(pending.actor()).isEqualTo(ROOT);
        assertThat(pending.tenant()).isEqualTo(ACME);
        assertThat(waiting(null)).isEmpty();
        assertThat(database.backlog().facts()).isEqualTo(1);
        assertThat(database.backlog().oldest()).isEqualTo(pending.at());
    }

    @Test
    void keepsTheFactsOfTheInstallationApart() {
        database.actAsPlatform(ROOT, sql -> Act.done(0, RENAMED));
        assertThat(waiting(null)).extracting(Pending::fact).containsExactly(RENAMED);
        assertThat(waiting(ACME)).isEmpty();
    }

    @Test
    void hidesTheFactsOfOneTenantFromAnother() {
        database.act(ACME, ROOT, sql -> Act.done(0, RENAMED));
        assertThat(database.<Integer>inTenant(
                        GLOBEX, sql -> sql.fetchCount(sql.selectOne().from("store.fact"))))
                .isZero();
    }

    @Test
    void keepsNeitherAnActThatFailsNorItsFact() {
        assertThatThrownBy(() -> database.act(ACME, ROOT, sql -> {
                    forge(sql);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(anvils()).isZero();
        assertThat(database.backlog().facts()).isZero();
        assertThat(database.backlog().oldest()).isNull();
    }

    @Test
    void commitsAnActByAnApprovalTogetherWithItsUseOrNotAtAll() {
        Fact used = Fact.changed("approval.use", Subject.of("approval", "a-1"), Json.EMPTY_OBJECT, Json.EMPTY_OBJECT);
        Actor approved = ROOT.allowedBy("d-1", "a-1");
        assertThatThrownBy(() -> forge(approved)).hasMessageContaining("nobody is there to use the approval a-1 up");

        try (Registration _ = database.onApproval((sql, actor) -> {
            throw new IllegalStateException("used already");
        })) {
            assertThatThrownBy(() -> forge(approved)).hasMessage("used already");
            assertThat(anvils()).isZero();
            // asked of those who act by one, and of nobody else
            forge(ROOT);
            forge(ROOT.allowedBy("d-1", null));
            assertThat(anvils()).isEqualTo(2);
        }
        try (Registration _ = database.onApproval((sql, actor) -> {
            assertThat(actor).isEqualTo(approved);
            assertThat(sql.fetchValue("select current_setting('maestro.platform', true)"))
                    .isEqualTo("on");
            return List.of(used);
        })) {
            forge(approved);
        }
        assertThat(anvils()).isEqualTo(3);
        assertThat(waiting(ACME)).extracting(Pending::fact).endsWith(used.by("d-1"), RENAMED.by("d-1"));
    }

    private void forge(Actor actor) {
        database.act(ACME, actor, sql -> {
            forge(sql);
            return Act.done(0, RENAMED);
        });
    }

    @Test
    void takesBackAChangeWithoutAFact() {
        assertThat(database.<String>act(ACME, ROOT, sql -> {
                    forge(sql);
                    return Act.unchanged("as it was");
                }))
                .isEqualTo("as it was");
        assertThat(anvils()).isZero();
    }

    @Test
    void refusesToWriteWhileLooking() {
        assertThatThrownBy(() -> database.inTenant(ACME, ActsTest::forge))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("read-only transaction");
        assertThatThrownBy(() -> database.asPlatform(ActsTest::forge))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("read-only transaction");
        assertThat(database.<Integer>note(ACME, ActsTest::forge)).isEqualTo(1);
        assertThat(anvils()).isEqualTo(1);
        assertThat(database.backlog().facts()).isZero();
    }

    @Test
    void givesFactsToOneTakerOnlyAndInOrder() throws Exception {
        for (int i = 0; i < 10; i++) {
            Json name = new Json("{\"name\":" + i + "}");
            database.act(ACME, ROOT, sql -> Act.done(0, Fact.made("anvil.make", Subject.of("anvil", "x"), name)));
        }
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Thread other = Thread.startVirtualThread(() -> database.noteAsPlatform(sql -> {
            List<Pending> taken = database.take(sql, 4, Chains.NONE);
            first.countDown();
            awaitQuietly(second);
            return taken.size();
        }));
        first.await();
        List<Pending> rest = database.noteAsPlatform(sql -> database.take(sql, 100, Chains.NONE));
        second.countDown();
        other.join();

        assertThat(rest)
                .extracting(pending -> String.valueOf(pending.fact().after()))
                .containsExactly(
                        "{\"name\":4}", "{\"name\":5}", "{\"name\":6}", "{\"name\":7}", "{\"name\":8}", "{\"name\":9}");
        assertThat(database.backlog().facts()).isZero();
    }

    @Test
    void leavesTheFactsOfChainsThatAreExcepted() {
        database.act(ACME, ROOT, sql -> Act.done(0, RENAMED));
        database.act(GLOBEX, ROOT, sql -> Act.done(0, RENAMED));
        database.actAsPlatform(ROOT, sql -> Act.done(0, RENAMED));

        List<Pending> others = database.noteAsPlatform(sql -> database.take(sql, 1, new Chains(true, Set.of(ACME))));
        assertThat(others).extracting(Pending::tenant).containsExactly(GLOBEX);
        List<Pending> platforms =
                database.noteAsPlatform(sql -> database.take(sql, 9, new Chains(false, Set.of(ACME))));
        assertThat(platforms).hasSize(1).extracting(Pending::tenant).containsOnlyNulls();
        assertThat(waiting(ACME)).hasSize(1);
    }

    @Test
    void putsBackWhatATakerCouldNotUse() {
        database.act(ACME, ROOT, sql -> Act.done(0, RENAMED));
        assertThatThrownBy(() -> database.noteAsPlatform(sql -> {
                    database.take(sql, 10, Chains.NONE);
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");
        assertThat(waiting(ACME)).hasSize(1);
    }

    @Test
    void tellsListenersOfCommittedFactsOnly() {
        AtomicInteger told = new AtomicInteger();
        try (var _ = database.onCommit(told::incrementAndGet)) {
            database.act(ACME, ROOT, sql -> Act.unchanged(0));
            database.note(ACME, ActsTest::forge);
            assertThat(told).hasValue(0);
            database.act(ACME, ROOT, sql -> Act.done(0, RENAMED));
            assertThat(told).hasValue(1);
        }
        database.act(ACME, ROOT, sql -> Act.done(0, RENAMED));
        assertThat(told).hasValue(1);
    }

    private List<Pending> waiting(@Nullable TenantId tenant) {
        return database.asPlatform(sql -> database.waiting(sql, tenant, 100));
    }

    private int anvils() {
        return database.<Integer>asPlatform(
                sql -> sql.fetchCount(sql.selectOne().from("anvils.anvil")));
    }

    private static int forge(DSLContext sql) {
        return sql.execute("insert into anvils.anvil values ('acme')");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
