package io.maestro.provenance;

import static io.maestro.provenance.TestNode.ACME;
import static io.maestro.provenance.TestNode.GLOBEX;
import static io.maestro.provenance.TestNode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Break;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.Receipts.Verification;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.ExportVerification;
import io.maestro.provenance.format.ExportVerification.Report;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains that lost their ends by the hand of the database's owner. */
final class BrokenChainsTest {
    @TempDir
    Path folder;

    private TestDatabase where;
    private TestNode node;

    @BeforeEach
    void start() {
        where = TestPostgres.fresh();
        node = new TestNode(where, folder.resolve("a"), "a").start();
        for (int i = 1; i <= 20; i++) {
            node.act(ACME, "thing-" + i);
        }
        node.awaitSealed();
        node.provenance.sealer().takeDown();
        node.awaitSealed();
    }

    @AfterEach
    void stop() {
        node.close();
        TestPostgres.drop(where);
    }

    @Test
    void sealsNothingOntoAChainThatWasCutAndGoesOnWithTheOthers() throws SQLException {
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        for (int i = 0; i < 60; i++) {
            node.act(ACME, "later-" + i);
        }
        node.act(GLOBEX, "other");
        node.act(null, "platform");
        awaitWaiting(60);

        assertThat(node.things(GLOBEX)).containsExactly("other");
        assertThat(node.things(null)).containsExactly("platform");
        assertThat(node.chain(ACME)).hasSize(15);
        Receipt last = node.chain(ACME).getLast();
        assertThat(last.verified()).isFalse();
        assertThat(last.defect()).isEqualTo("the receipt behind it is missing");
        assertThat(verify(ACME))
                .extracting(Verification::verified, Verification::defectAt, Verification::defect)
                .containsExactly(false, 16L, "the chain reached receipt 20, the last ones are missing");
        Receipt waits = node.provenance
                .receipts()
                .receipt(
                        ACME,
                        node.database
                                .asPlatform(sql -> node.database.waiting(sql, ACME, 1))
                                .getFirst()
                                .id());
        assertThat(waits.defect()).isEqualTo("the chain reached receipt 20, the last ones are missing");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null));
        assertThat(node.provenance.sealer().takeDown()).isEqualTo(1);
    }

    @Test
    void goesOnOnceTheReceiptsArePutBack() throws SQLException {
        owner("create table saved as select * from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        node.act(ACME, "later");
        node.act(GLOBEX, "other");
        awaitWaiting(1);

        owner("insert into provenance.receipt select * from saved");
        node.awaitSealed();
        assertThat(node.things(ACME)).hasSize(21).endsWith("later");
        assertThat(verify(ACME).verified()).isTrue();
    }

    @Test
    void noticesACutThatWasCoveredInTheNotesToo() throws SQLException {
        // a node that starts anew remembers nothing of its own
        node.close();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        owner("update provenance.chain_end set sequence = 15, hash = (select hash from provenance.receipt"
                + " where chain = 'tenant:acme' and sequence = 15) where chain = 'tenant:acme'");
        node = new TestNode(where, folder.resolve("a"), "a").start();
        node.act(ACME, "later");
        node.act(GLOBEX, "other");
        awaitWaiting(1);
        assertThat(node.chain(ACME)).hasSize(15);
        assertThat(verify(ACME).defect()).isEqualTo("the chain reached receipt 20, the last ones are missing");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null));
    }

    @Test
    void noticesAWholeChainThatIsGone() throws SQLException {
        owner("delete from provenance.receipt where chain = 'tenant:acme'");
        owner("delete from provenance.chain_end where chain = 'tenant:acme'");
        node.act(ACME, "first again");
        node.act(GLOBEX, "other");
        awaitWaiting(1);
        assertThat(verify(ACME).defect()).isEqualTo("the chain reached receipt 20, the last ones are missing");

        assertThat(node.provenance.receipts().acceptBreak(ACME, 0, "tried", ROOT))
                .isEqualTo(new Break("tenant:acme", 20, 0));
        node.awaitSealed();
        assertThat(node.things(ACME)).containsExactly("first again");
        assertThat(verify(ACME).verified()).isTrue();
    }

    @Test
    void findsAChainThatGrewAgainBehindTheCutByWhatWasTakenDownBefore() throws SQLException {
        // as a node did that knew neither notes nor checkpoints, and took the new tail down too
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        owner("create table taken as select * from provenance.receipt where action = 'chain.checkpoint'");
        owner("update provenance.receipt set action = 'hidden' where action = 'chain.checkpoint'");
        owner("update provenance.chain_end set sequence = 15, hash = (select hash from provenance.receipt"
                + " where chain = 'tenant:acme' and sequence = 15) where chain = 'tenant:acme'");
        node.close();
        node = new TestNode(where, folder.resolve("a"), "a").start();
        for (int i = 0; i < 10; i++) {
            node.act(ACME, "regrown-" + i);
        }
        node.awaitSealed();
        assertThat(verify(ACME).verified()).isTrue();
        node.provenance.sealer().takeDown();
        node.awaitSealed();
        owner("update provenance.receipt set action = 'chain.checkpoint' where action = 'hidden'");

        assertThat(node.things(ACME)).hasSize(25);
        assertThat(verify(ACME))
                .extracting(Verification::verified, Verification::defectAt, Verification::defect)
                .containsExactly(false, 20L, "it is not the one that the platform's chain took down");
    }

    @Test
    void findsACheckpointThatIsNotGood() throws SQLException {
        owner("update provenance.receipt set body = replace(body, '\"after\":20', '\"after\":19')"
                + " where action = 'chain.checkpoint'");
        assertThat(String.valueOf(verify(ACME).defect()))
                .contains("the platform's receipt")
                .contains("the signature does not match the body");
    }

    @Test
    void goesOnBehindABreakThatWasAccepted() throws SQLException, IOException {
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        node.act(ACME, "later");
        node.act(GLOBEX, "other");
        awaitWaiting(1);
        assertRefused(
                ReceiptProblem.RECEIPT_CHAIN_CHANGED,
                () -> node.provenance.receipts().acceptBreak(ACME, 14, "wrong place", ROOT));
        assertRefused(
                ReceiptProblem.RECEIPT_CHAIN_WHOLE,
                () -> node.provenance.receipts().acceptBreak(GLOBEX, 1, "nothing", ROOT));

        assertThat(node.provenance.receipts().acceptBreak(ACME, 15, "the backup of Monday was put back", ROOT))
                .isEqualTo(new Break("tenant:acme", 20, 15));
        node.awaitSealed();

        assertThat(node.things(ACME)).hasSize(16).endsWith("later");
        assertThat(node.chain(ACME)).allMatch(Receipt::verified);
        assertThat(verify(ACME).verified()).isTrue();
        assertThat(verify(null).verified()).isTrue();
        assertThat(node.chain(null))
                .anySatisfy(receipt -> assertThat(String.valueOf(receipt.body()))
                        .contains("chain.accept-break", "the backup of Monday was put back", "token:root"));
        Report report = export(ACME, null);
        assertThat(report.defect()).isNull();
        assertThat(report.count()).isEqualTo(17);
        assertThat(report.breaks()).singleElement().satisfies(accepted -> {
            assertThat(accepted.place()).isEqualTo(16);
            assertThat(accepted.last()).isEqualTo(15);
            assertThat(accepted.reached()).isEqualTo(20);
            assertThat(accepted.reason()).isEqualTo("the backup of Monday was put back");
            assertThat(accepted.actor()).isEqualTo("token:root");
        });
        node.provenance.sealer().takeDown();
        node.awaitSealed();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        assertThat(verify(ACME).defect()).isEqualTo("the chain reached receipt 17, the last ones are missing");
    }

    @Test
    void stopsThePlatformsChainTooAndLetsItGoOn() throws SQLException {
        node.act(null, "platform");
        node.awaitSealed();
        long end = node.chain(null).getLast().sequence();
        owner("delete from provenance.receipt where chain = 'platform' and sequence = " + end);
        node.act(null, "later");
        node.act(ACME, "other");
        awaitWaiting(1);
        assertThat(node.things(ACME)).endsWith("other");
        assertThat(verify(null).verified()).isFalse();

        node.provenance.receipts().acceptBreak(null, end - 1, "tried", ROOT);
        node.awaitSealed();
        assertThat(node.things(null)).containsExactly("later");
        assertThat(verify(null).verified()).isTrue();
    }

    @Test
    void signsNoExportWithAGapOrWithoutItsBeginning() throws SQLException, IOException {
        Instant between = Instant.now();
        node.act(ACME, "afterwards");
        node.awaitSealed();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence = 7");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null));
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence < 7");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null));
        assertThat(export(ACME, between).defect()).isNull();
    }

    @Test
    void signsNoExportUpToATimeBehindACut() throws SQLException, IOException {
        Instant behind = Instant.now().plusSeconds(1);
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 15");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null, behind));
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null, behind.plusSeconds(10_000)));
        assertThat(export(ACME, null, behind.minusSeconds(10_000)).defect()).isNull();
    }

    @Test
    void looksUpTheTimeOfAnExportInTheSignedText() throws SQLException, IOException {
        Instant behind = Instant.now().plusSeconds(1);
        assertThat(export(ACME, null, behind).count()).isEqualTo(20);
        owner("update provenance.receipt set sealed_at = sealed_at + interval '1 day'"
                + " where chain = 'tenant:acme' and sequence > 15");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, null, behind));
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, behind, null));
        owner("update provenance.receipt set sealed_at = sealed_at - interval '2 days'"
                + " where chain = 'tenant:acme' and sequence > 15");
        assertRefused(ReceiptProblem.RECEIPT_CHAIN_BROKEN, () -> export(ACME, behind.minusSeconds(10_000), null));
    }

    @Test
    void takesDownWhateverStandsInTheNotesOfOtherChains() throws SQLException {
        // broken ones, before it in the order: more than are looked at at once
        owner("insert into provenance.chain_end (chain, sequence) select 'tenant:aaa' || i, 5 from"
                + " generate_series(1, 600) i");
        node.act(ACME, "later");
        node.awaitSealed();
        assertThat(node.provenance.sealer().takeDown()).isEqualTo(1);
        // it waits, or is there
        assertThat(node.provenance.sealer().takeDown()).isZero();
    }

    @Test
    void asksTheNewestCheckpointAlsoForAnEndThatItKnows() throws SQLException {
        TestNode.share(folder.resolve("a"), folder.resolve("b"));
        try (TestNode other = new TestNode(where, folder.resolve("b"), "b").start()) {
            other.act(ACME, "thing-21");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> node.provenance.keys().keys().stream().allMatch(key -> key.validFrom() != null));
            node.awaitSealed();
            node.provenance.sealer().close();
            for (int i = 22; i <= 25; i++) {
                other.act(ACME, "thing-" + i);
            }
            other.awaitSealed();
            other.provenance.sealer().takeDown();
            other.awaitSealed();
        }
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 21");
        owner("update provenance.chain_end set sequence = 21, hash = (select hash from provenance.receipt"
                + " where chain = 'tenant:acme' and sequence = 21) where chain = 'tenant:acme'");
        node.act(ACME, "later");
        assertThat(node.provenance.sealer().sealOnce()).isZero();
        assertThat(node.chain(ACME)).hasSize(21);
        assertThat(verify(ACME).defect()).isEqualTo("the chain reached receipt 25, the last ones are missing");
    }

    private void awaitWaiting(long facts) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(node.database.backlog().facts()).isEqualTo(facts));
    }

    private Verification verify(@Nullable TenantId tenant) {
        return node.provenance.receipts().verify(tenant, 0);
    }

    private Report export(@Nullable TenantId tenant, @Nullable Instant from) throws IOException {
        return export(tenant, from, null);
    }

    private Report export(@Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        node.provenance.receipts().export(tenant, from, to).writeTo(out);
        return ExportVerification.verify(new ByteArrayInputStream(out.toByteArray()), null);
    }

    private static void assertRefused(ReceiptProblem code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code.code()));
    }

    private void owner(String... statements) throws SQLException {
        try (Connection owner = where.connect();
                Statement statement = owner.createStatement()) {
            for (String sql : List.of(statements)) {
                statement.execute(sql);
            }
        }
    }
}
