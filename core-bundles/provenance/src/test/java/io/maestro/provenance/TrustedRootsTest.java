package io.maestro.provenance;

import static io.maestro.provenance.TestNode.ACME;
import static io.maestro.provenance.TestNode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.SigningKeys.SigningKey;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys a node trusts is not the database's to say. */
final class TrustedRootsTest {
    @TempDir
    Path folder;

    private TestDatabase where;
    private TestDatabase other;

    @BeforeEach
    void create() {
        where = TestPostgres.fresh();
        other = TestPostgres.fresh();
    }

    @AfterEach
    void drop() {
        TestPostgres.drop(where);
        TestPostgres.drop(other);
    }

    @Test
    void takesDownTheFirstKeyAndKeepsItAcrossRotationAndRestart() {
        String first;
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.act(ACME, "one");
            first = awaitRoot("a");
            assertThat(first).isEqualTo(node.provenance.keys().keys().getFirst().id() + "\n");
            node.provenance.keys().rotate(ROOT);
            node.awaitSealed();
        }
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.act(ACME, "two");
            node.awaitSealed();
            assertThat(node.chain(ACME)).hasSize(2).allMatch(Receipt::verified);
        }
        assertThat(root("a")).isEqualTo(first);
    }

    @Test
    void refusesReceiptsThatBeginWithAnotherKey() throws IOException {
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.awaitSealed();
            awaitRoot("a");
        }
        try (TestNode forger = new TestNode(other, folder.resolve("b"), "b").start()) {
            forger.act(ACME, "forged");
            forger.awaitSealed();
            awaitRoot("b");
        }
        try (TestNode node = new TestNode(other, folder.resolve("a"), "a").start()) {
            node.act(ACME, "waits");
            assertRefused(() -> node.provenance.receipts().verify(ACME, 0));
            assertRefused(() -> node.chain(ACME));
            assertRefused(() -> node.provenance.receipts().export(ACME, null, null));
            assertRefused(() -> node.provenance.sealer().sealOnce());
            assertRefused(() -> node.provenance.sealer().tidy());
            assertThat(node.database.backlog().facts()).isEqualTo(1);
            // those who look into it see the keys; it has added none
            assertThat(node.provenance.keys().keys()).hasSize(1);

            // the operator says that this database is the right one
            Files.copy(
                    folder.resolve("b/keys/receipts/root"),
                    folder.resolve("a/keys/receipts/root"),
                    StandardCopyOption.REPLACE_EXISTING);
            try (TestNode first = new TestNode(other, folder.resolve("b"), "b").start()) {
                first.awaitSealed();
            }
            assertThat(node.chain(ACME)).hasSize(2).allMatch(Receipt::verified);
        }
    }

    @Test
    void refusesADatabaseThatWasEmptied() {
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.awaitSealed();
            awaitRoot("a");
        }
        try (TestNode node = new TestNode(other, folder.resolve("a"), "a")) {
            node.act(ACME, "waits");
            assertRefused(() -> node.provenance.sealer().tidy());
            assertRefused(() -> node.provenance.sealer().sealOnce());
            assertThat(node.database.backlog().facts()).isEqualTo(1);
        }
    }

    @Test
    void saysWhichFileNamesNoKey() throws IOException {
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.awaitSealed();
            awaitRoot("a");
        }
        Files.writeString(folder.resolve("a/keys/receipts/root"), "no fingerprint\n");
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a")) {
            assertThatThrownBy(() -> node.chain(ACME)).hasMessageContaining("keys/receipts/root");
        }
    }

    @Test
    void waitsForEverForAnotherNodeUnlessTheOperatorNamesTheKey() throws IOException {
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a").start()) {
            node.awaitSealed();
            awaitRoot("a");
        }
        // the private half is lost
        try (Stream<Path> files = Files.list(folder.resolve("a/keys/receipts"))) {
            files.filter(file -> file.toString().endsWith(".key")).forEach(TrustedRootsTest::delete);
        }
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        try (TestNode node = new TestNode(where, folder.resolve("a"), "a", Signers.Remote.NONE, now::get)) {
            node.provenance.sealer().tidy();
            node.act(ACME, "waits");
            now.updateAndGet(before -> before.plus(Duration.ofDays(1)));
            assertThat(node.provenance.sealer().sealOnce()).isZero();

            SigningKey mine = node.provenance.keys().keys().getLast();
            assertThat(mine.validFrom()).isNull();
            Files.writeString(folder.resolve("a/keys/receipts/root"), root("a") + mine.id() + "\n");
            assertThat(node.provenance.sealer().sealOnce()).isEqualTo(2);
            assertThat(node.chain(ACME)).hasSize(1).allMatch(Receipt::verified);
            assertThat(node.chain(null)).allMatch(Receipt::verified);
            assertThat(node.provenance.keys().keys().getLast().introducedBy()).isEqualTo(mine.id());
        }
    }

    private String awaitRoot(String node) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> Files.exists(folder.resolve(node + "/keys/receipts/root")));
        return root(node);
    }

    private String root(String node) {
        try {
            return Files.readString(folder.resolve(node + "/keys/receipts/root"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ReceiptProblem.SIGNING_ROOT_DIFFERENT.code()));
    }
}
