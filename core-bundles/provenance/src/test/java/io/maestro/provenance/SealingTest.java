package io.maestro.provenance;

import static io.maestro.provenance.TestNode.ACME;
import static io.maestro.provenance.TestNode.GLOBEX;
import static io.maestro.provenance.TestNode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.Receipts.Verification;
import io.maestro.api.provenance.SigningKeys.SigningKey;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.ExportVerification;
import io.maestro.provenance.format.ExportVerification.Report;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the facts of acts to receipts that verify, on a real database. */
final class SealingTest {
    @TempDir
    Path folder;

    private TestDatabase where;
    private TestNode node;

    @BeforeEach
    void start() {
        where = TestPostgres.fresh();
        node = new TestNode(where, folder.resolve("a"), "a").start();
    }

    @AfterEach
    void stop() {
        node.close();
        TestPostgres.drop(where);
    }

    @Test
    void sealsEachFactOnceAndInOrder() {
        List<String> names = names(120);
        names.forEach(name -> node.act(ACME, name));
        node.act(null, "platform");
        node.act(GLOBEX, "other");
        node.awaitSealed();

        assertThat(node.things(ACME)).isEqualTo(names);
        assertThat(node.things(GLOBEX)).containsExactly("other");
        assertThat(node.things(null)).containsExactly("platform");
        assertThat(node.chain(ACME))
                .allSatisfy(receipt -> assertThat(receipt.verified()).isTrue())
                .extracting(Receipt::sequence)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 120).mapToObj(Long::valueOf).toList());
        assertThat(verify(ACME)).isEqualTo(new Verification(true, 120, 120, true, 0, null));
    }

    @Test
    void filtersAndPages() {
        names(7).forEach(name -> node.act(ACME, name));
        node.awaitSealed();
        Filter third = new Filter(null, "thing.make", "thing", "thing-3", "token:root", null, null, false);
        assertThat(node.provenance
                        .receipts()
                        .receipts(ACME, third, PageRequest.first())
                        .items())
                .extracting(Receipt::sequence)
                .containsExactly(4L);
        Filter elsewhere = new Filter(new Environment("dev"), null, null, null, null, null, null, false);
        assertThat(node.provenance
                        .receipts()
                        .receipts(ACME, elsewhere, PageRequest.first())
                        .items())
                .isEmpty();
        List<Long> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page<Receipt> page = node.provenance.receipts().receipts(ACME, Filter.all(), new PageRequest(3, cursor));
            page.items().forEach(receipt -> seen.add(receipt.sequence()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void showsATenantOnlyItsOwnReceipts() {
        node.act(ACME, "secret");
        node.awaitSealed();
        Receipt receipt = node.chain(ACME).getFirst();
        assertThat(node.provenance.receipts().receipt(ACME, receipt.id()).verified())
                .isTrue();
        for (TenantId other : new @Nullable TenantId[] {GLOBEX, null}) {
            assertThatThrownBy(() -> node.provenance.receipts().receipt(other, receipt.id()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ReceiptProblem.RECEIPT_UNKNOWN.code()));
        }
        assertThat(node.database.<Integer>inTenant(
                        GLOBEX, sql -> sql.fetchCount(sql.selectOne().from("provenance.receipt"))))
                .isZero();
    }

    @Test
    void saysThatAReceiptIsNotSealedYet() {
        node.awaitSealed();
        node.provenance.close();
        node.act(ACME, "waits");
        var id = node.database
                .asPlatform(sql -> node.database.waiting(sql, ACME, 1))
                .getFirst()
                .id();
        Receipt receipt = node.provenance.receipts().receipt(ACME, id);
        assertThat(receipt.sealed()).isFalse();
        assertThat(receipt.verified()).isFalse();
        assertThat(String.valueOf(receipt.body())).contains("\"name\":\"waits\"");
    }

    @Test
    void goesOnWithoutAGapAfterACrashBetweenCommitAndSealing() {
        node.act(ACME, "before");
        node.awaitSealed();
        node.provenance.close();
        names(80).forEach(name -> node.act(ACME, name));
        node.close();

        node = new TestNode(where, folder.resolve("a"), "a").start();
        node.awaitSealed();
        assertThat(node.things(ACME))
                .isEqualTo(
                        Stream.concat(Stream.of("before"), names(80).stream()).toList());
        assertThat(verify(ACME).verified()).isTrue();
        assertThat(node.provenance.keys().keys()).hasSize(1);
    }

    @Test
    void losesAndDoublesNothingWhenSeveralNodesSeal() throws InterruptedException {
        node.awaitSealed();
        TestNode.share(folder.resolve("a"), folder.resolve("b"));
        try (TestNode second = new TestNode(where, folder.resolve("b"), "b").start()) {
            List<Thread> actors = new ArrayList<>();
            for (TestNode each : List.of(node, second)) {
                actors.add(Thread.startVirtualThread(() ->
                        names(150).forEach(name -> each.act(ACME, each == second ? "b-" + name : name))));
            }
            for (Thread actor : actors) {
                actor.join();
            }
            node.awaitSealed();
            assertThat(node.things(ACME))
                    .hasSize(300)
                    .doesNotHaveDuplicates()
                    .containsAll(names(150))
                    .containsAll(names(150).stream().map(name -> "b-" + name).toList());
            assertThat(verify(ACME).verified()).isTrue();
            assertThat(second.provenance.receipts().verify(null, 0).verified()).isTrue();
        }
    }

    @Test
    void survivesADatabaseThatBreaksOffInTheMiddleOfABatch() throws SQLException, InterruptedException {
        owner("create table made (name text not null)");
        owner("grant insert, select on made to maestro_app");
        AtomicInteger done = new AtomicInteger();
        Thread actor = Thread.startVirtualThread(() -> {
            while (done.get() < 200) {
                try {
                    make("thing-" + done.get());
                    done.incrementAndGet();
                } catch (ProblemException e) {
                    // the connection was cut before the commit or after it: at worst the thing is made twice
                }
            }
        });
        try (Connection owner = where.connect();
                Statement statement = owner.createStatement()) {
            // only so often, and ever less: who is slow gets through as well
            for (int cut = 0; cut < 40 && actor.isAlive(); cut++) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + where.name() + "' and pid <> pg_backend_pid()");
                actor.join(30 + 10L * cut);
            }
        }
        assertThat(actor.join(Duration.ofMinutes(2))).isTrue();
        node.awaitSealed();
        assertThat(node.things(ACME).stream().distinct()).containsExactlyElementsOf(names(200));
        // no change without its fact, and no fact without its change
        assertThat(node.things(ACME))
                .containsExactlyInAnyOrderElementsOf(
                        node.database.asPlatform(sql -> sql.fetchValues("select name from public.made")).stream()
                                .map(String::valueOf)
                                .toList());
        assertThat(verify(ACME).verified()).isTrue();
    }

    private void make(String name) {
        node.database.act(ACME, ROOT, sql -> {
            sql.execute("insert into public.made (name) values (?)", name);
            return Act.done(0, Fact.made("thing.make", Subject.of("thing", name), Json.EMPTY_OBJECT));
        });
    }

    @Test
    void goesOnAfterATurnThatEndedInAnError() {
        AtomicInteger errors = new AtomicInteger();
        Signers.Remote broken = new Signers.Remote() {
            @Override
            public boolean configured() {
                return false;
            }

            @Override
            public Optional<ReceiptSigner> open(List<StoredKey> known) {
                if (errors.getAndIncrement() < 2) {
                    throw new NoClassDefFoundError("as when a bundle is refreshed under way");
                }
                return Optional.empty();
            }
        };
        node.awaitSealed();
        node.close();
        node = new TestNode(where, folder.resolve("a"), "a", broken).start();
        node.act(ACME, "waits");
        node.awaitSealed();
        assertThat(node.things(ACME)).containsExactly("waits");
        assertThat(errors).hasValueGreaterThan(2);
    }

    @Test
    void noticesEveryChangedRow() throws SQLException {
        names(20).forEach(name -> node.act(ACME, name));
        node.awaitSealed();
        // once good and remembered
        assertThat(node.chain(ACME)).allMatch(Receipt::verified);
        List<String> changes = List.of(
                "body = replace(body, 'thing-4', 'thing-5')",
                "body = body || ' '",
                "body = 'no json'",
                "hash = repeat('0', 64)",
                "signature = 'AAAA' || substr(signature, 5)",
                "signature = ''",
                "key_id = repeat('0', 64)",
                "signer = 'remote'",
                "actor = 'token:nobody'",
                "action = 'thing.unmake'",
                "subject = 'thing-9'",
                "environment = 'dev'",
                "occurred_at = occurred_at + interval '1 microsecond'",
                "previous_hash = null",
                // an older one, valid by itself
                "(body, hash, signature, previous_hash) = (select body, hash, signature, previous_hash from"
                        + " provenance.receipt old where old.chain = 'tenant:acme' and old.sequence = 3)");
        for (String change : changes) {
            owner("create table saved as select * from provenance.receipt");
            owner("update provenance.receipt set " + change + " where chain = 'tenant:acme' and sequence = 5");
            assertThat(node.chain(ACME).get(4).verified()).as(change).isFalse();
            assertThat(node.chain(ACME).get(4).defect()).as(change).isNotBlank();
            assertThat(verify(ACME))
                    .as(change)
                    .extracting(Verification::verified, Verification::defectAt)
                    .containsExactly(false, 5L);
            owner("delete from provenance.receipt");
            owner("insert into provenance.receipt select * from saved");
            owner("drop table saved");
            assertThat(verify(ACME).verified()).isTrue();
        }
    }

    @Test
    void noticesARowThatIsGone() throws SQLException {
        names(20).forEach(name -> node.act(ACME, name));
        node.awaitSealed();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence = 7");
        assertThat(verify(ACME).verified()).isFalse();
        assertThat(node.chain(ACME).stream()
                        .filter(receipt -> !receipt.verified())
                        .map(Receipt::sequence))
                .containsExactly(6L, 8L);
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence < 7");
        assertThat(verify(ACME)).extracting(Verification::defect).isEqualTo("it is missing");
    }

    @Test
    void noticesADroppedTailOnceThePlatformHasTakenItDown() throws SQLException {
        names(20).forEach(name -> node.act(ACME, name));
        node.awaitSealed();
        assertThat(node.provenance.sealer().takeDown()).isEqualTo(1);
        assertThat(node.provenance.sealer().takeDown()).isZero();
        node.awaitSealed();
        assertThat(verify(ACME).verified()).isTrue();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        assertThat(verify(ACME))
                .extracting(Verification::verified, Verification::defectAt, Verification::defect)
                .containsExactly(false, 16L, "the chain reached receipt 20, the last ones are missing");
    }

    @Test
    void letsTheApplicationNeitherChangeNorDropReceipts() {
        node.act(ACME, "x");
        node.awaitSealed();
        for (String forbidden : List.of(
                "update provenance.receipt set body = ''",
                "delete from provenance.receipt",
                "truncate provenance.receipt")) {
            assertThatThrownBy(() -> node.database.noteAsPlatform(sql -> sql.execute(forbidden)))
                    .hasMessageContaining("permission denied");
        }
        assertThatThrownBy(() -> node.database.note(
                        ACME,
                        sql -> sql.execute("insert into provenance.receipt select 'tenant:acme', 99, gen_random_uuid(),"
                                + " tenant_id, environment, body, hash, previous_hash, signature, key_id, signer, actor,"
                                + " action, subject_type, subject, occurred_at, sealed_at from provenance.receipt")))
                .hasMessageContaining("row-level security");
    }

    @Test
    void keepsAnExportThatVerifiesByItself() throws IOException {
        names(130).forEach(name -> node.act(ACME, name));
        node.awaitSealed();
        node.provenance.sealer().takeDown();
        node.awaitSealed();
        Report report = export(ACME);
        assertThat(report.defect()).isNull();
        assertThat(report.count()).isEqualTo(130);
        assertThat(report.checkpoint()).isNotNull();
        assertThat(report.roots())
                .containsExactly(node.provenance.keys().keys().getFirst().id());
        assertThat(export(null).good()).isTrue();
        assertThat(export(GLOBEX).count()).isZero();
    }

    @Test
    void rotatesTheKeyAndVerifiesTheOldReceiptsForEver() throws IOException {
        node.act(ACME, "old");
        node.awaitSealed();
        SigningKey first = node.provenance.keys().keys().getFirst();
        assertThat(first.introducedBy()).isEqualTo(first.id());

        SigningKey second = node.provenance.keys().rotate(ROOT);
        node.awaitSealed();
        node.act(ACME, "new");
        node.awaitSealed();

        List<SigningKey> keys = node.provenance.keys().keys();
        assertThat(keys).extracting(SigningKey::id).containsExactly(first.id(), second.id());
        assertThat(keys.getFirst().retiredAt())
                .isEqualTo(keys.getLast().validFrom())
                .isNotNull();
        assertThat(keys.getLast().introducedBy()).isEqualTo(first.id());
        assertThat(node.chain(ACME)).allMatch(Receipt::verified);
        assertThat(node.chain(ACME).stream()
                        .map(receipt -> String.valueOf(receipt.body())
                                .contains(second.id().hex())))
                .containsExactly(false, true);
        assertThat(verify(null).verified()).isTrue();
        Report report = export(ACME);
        assertThat(report.defect()).isNull();
        assertThat(report.roots()).containsExactly(first.id());
        Awaitility.await().untilAsserted(() -> {
            try (Stream<Path> files = Files.list(folder.resolve("a/keys/receipts"))) {
                assertThat(files.map(file -> String.valueOf(file.getFileName())))
                        .containsExactlyInAnyOrder(
                                "root", "voucher", second.id().hex() + ".key");
            }
        });
    }

    @Test
    void keepsThePrivateKeyForTheServersUserAlone() throws IOException {
        node.awaitSealed();
        try (Stream<Path> files = Files.list(folder.resolve("a/keys/receipts"))) {
            for (Path file : files.toList()) {
                assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
            }
        }
    }

    private Verification verify(@Nullable TenantId tenant) {
        return node.provenance.receipts().verify(tenant, 0);
    }

    private Report export(@Nullable TenantId tenant) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        node.provenance.receipts().export(tenant, null, null).writeTo(out);
        return ExportVerification.verify(new ByteArrayInputStream(out.toByteArray()), null);
    }

    private void owner(String sql) throws SQLException {
        try (Connection owner = where.connect();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "thing-" + i).toList();
    }
}
