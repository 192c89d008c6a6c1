package io.maestro.provenance;

import static io.maestro.provenance.TestNode.ACME;
import static io.maestro.provenance.TestNode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.SigningKeys.SigningKey;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.Change;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SealedReceipt;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.SigningSeed;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the owner of the database tries with the keys that sign, his own and stolen ones that have ended. */
final class ForgedKeysTest {
    @TempDir
    Path folder;

    private final SigningSeed mine = SigningSeed.random(new SecureRandom());
    private TestDatabase where;
    private TestNode node;

    @BeforeEach
    void start() {
        where = TestPostgres.fresh();
        node = new TestNode(where, folder.resolve("a"), "a").start();
        node.act(ACME, "first");
        node.awaitSealed();
    }

    @AfterEach
    void stop() {
        node.close();
        TestPostgres.drop(where);
    }

    @Test
    void refusesAKeyThatWasPutIntoTheQueue() throws SQLException {
        addKey(mine, "ghost");
        fact("signing-key.introduce", "signing-key", id(mine).toString(), "{\"node\":\"ghost\",\"origin\":\"local\"}");
        fact(
                "signing-key.introduce",
                "signing-key",
                id(mine).toString(),
                "{\"node\":\"ghost\",\"origin\":\"local\",\"voucher\":\"" + "0".repeat(64) + "\"}");
        node.awaitSealed();

        assertThat(ring().trusts(id(mine))).isFalse();
        assertThat(node.provenance.keys().keys())
                .filteredOn(key -> key.id().equals(id(mine)))
                .allMatch(key -> key.validFrom() == null && key.introducedBy() == null);
        assertThat(node.chain(null))
                .filteredOn(receipt -> String.valueOf(receipt.body()).contains("\"action\":\"fact.refuse\""))
                .hasSize(2)
                .allMatch(receipt -> String.valueOf(receipt.body()).contains("\"actor\":\"system:provenance\""));
        assertThat(node.provenance.receipts().verify(null, 0).verified()).isTrue();
    }

    @Test
    void refusesAVoucherThatWasGivenForSomethingElse() throws SQLException {
        SigningKey signer = node.provenance.keys().introduce(pem(SigningSeed.random(new SecureRandom())), ROOT);
        node.awaitSealed();
        String voucher = String.valueOf(node.chain(null).getLast().body())
                .replaceAll(".*\"voucher\":\\{\"after\":\"([0-9a-f]{64})\".*", "$1");
        assertThat(voucher).hasSize(64);
        addKey(mine, null);
        fact(
                "signing-key.introduce",
                "signing-key",
                id(mine).toString(),
                "{\"publicKey\":\"" + mine.verifyingKey().text()
                        + "\",\"origin\":\"remote\",\"node\":null,\"retiredAt\":null,\"voucher\":\"" + voucher + "\"}");
        node.awaitSealed();
        assertThat(ring().trusts(signer.id())).isTrue();
        assertThat(ring().trusts(id(mine))).isFalse();
    }

    @Test
    void refusesABreakThatNobodyAccepted() throws SQLException {
        for (int i = 0; i < 5; i++) {
            node.act(ACME, "thing-" + i);
        }
        node.awaitSealed();
        node.provenance.sealer().takeDown();
        node.awaitSealed();
        owner("delete from provenance.receipt where chain = 'tenant:acme' and sequence > 3");
        owner("update provenance.chain_end set sequence = 3, hash = (select hash from provenance.receipt where"
                + " chain = 'tenant:acme' and sequence = 3) where chain = 'tenant:acme'");
        fact("chain.accept-break", "chain", "tenant:acme", "{\"sequence\":3,\"hash\":\"sha256:" + hash(3) + "\"}");
        node.awaitSealed();
        node.act(ACME, "later");
        assertThat(node.provenance.receipts().verify(ACME, 0).defect())
                .isEqualTo("the chain reached receipt 6, the last ones are missing");
        assertThat(node.chain(ACME)).hasSize(3);
    }

    @Test
    void findsNoIntroductionOutsideOfThePlatformsChain() throws SQLException, IOException {
        SigningSeed stolen = stolenAndEnded();
        addKey(mine, "ghost");
        ReceiptBody forged = introduction(id(mine), stolen, 99, Instant.now(), null);
        insert(StoredReceipt.of(forged, signed(forged, stolen)), "attic", 99);
        owner("update provenance.signing_key set valid_from = now() where node = 'ghost'");
        assertThat(ring().trusts(id(mine))).isFalse();
    }

    @Test
    void takesNoIntroductionOfAnEndedKeyThatWasDatedBack() throws SQLException, IOException {
        SigningKey first = node.provenance.keys().keys().getFirst();
        SigningSeed stolen = stolenAndEnded();
        addKey(mine, "ghost");
        Receipt last = node.chain(null).getLast();
        ReceiptBody forged = introduction(
                id(mine), stolen, last.sequence() + 1, Objects.requireNonNull(first.validFrom()), last.hash());
        insert(StoredReceipt.of(forged, signed(forged, stolen)), ReceiptBody.PLATFORM, forged.sequence());
        assertThat(ring().trusts(id(mine))).isFalse();
    }

    @Test
    void letsNoSecondIntroductionGiveTheKeyBeforeItALongerLife() throws SQLException, IOException {
        SigningSeed stolen = stolenAndEnded();
        Instant end = ring().end(id(stolen));
        SigningKey second = node.provenance.keys().keys().getLast();
        Receipt last = node.chain(null).getLast();
        ReceiptBody forged = introduction(
                second.id(), stolen, last.sequence() + 1, Instant.parse("2099-01-01T00:00:00Z"), last.hash());
        insert(StoredReceipt.of(forged, signed(forged, stolen)), ReceiptBody.PLATFORM, forged.sequence());
        assertThat(ring().end(id(stolen))).isEqualTo(end).isNotNull();

        // nor when the true one is spoiled
        owner("update provenance.receipt set actor = 'token:nobody' where action = 'signing-key.introduce'"
                + " and subject = '" + second.id() + "' and sequence < " + forged.sequence());
        assertThat(ring().trusts(second.id())).isFalse();
    }

    @Test
    void letsNoRowHideTheRetirementOfASigner() throws SQLException {
        SigningKey signer = node.provenance.keys().introduce(pem(mine), ROOT);
        node.awaitSealed();
        node.provenance.keys().retire(signer.id(), ROOT);
        node.awaitSealed();
        assertThat(ring().end(signer.id())).isNotNull();

        owner("alter table provenance.receipt drop constraint receipt_sequence");
        owner("insert into provenance.receipt select chain, 0, gen_random_uuid(), tenant_id, environment, '{}', hash,"
                + " previous_hash, signature, key_id, signer, actor, action, subject_type, subject, occurred_at,"
                + " sealed_at from provenance.receipt where action = 'signing-key.retire'");
        owner("update provenance.signing_key set node = 'x', retired_at = null where id = '"
                + signer.id().hex() + "'");
        assertThat(ring().end(signer.id())).isNotNull();
        KnownKey known = ring().key(signer.id());
        assertThat(known).isNotNull();
        assertThat(ring().remote(known)).isTrue();
    }

    @Test
    void keepsItsPrivateKeyWhateverARowSays() throws SQLException {
        SigningKey key = node.provenance.keys().keys().getFirst();
        owner("update provenance.signing_key set retired_at = now()");
        node.provenance.sealer().tidy();
        assertThat(folder.resolve("a/keys/receipts/" + key.id().hex() + ".key")).exists();
        owner("update provenance.signing_key set retired_at = null where id = '"
                + key.id().hex() + "'");
    }

    @Test
    void signsNothingWithAKeyWhoseIntroductionIsLost() throws SQLException, IOException {
        stolenAndEnded();
        SigningKey second = node.provenance.keys().keys().getLast();
        node.close();
        owner("delete from provenance.receipt where action = 'signing-key.introduce' and subject = '" + second.id()
                + "'");
        node = new TestNode(where, folder.resolve("a"), "a");
        node.provenance.sealer().tidy();
        node.act(ACME, "waits");
        assertThat(node.provenance.sealer().sealOnce()).isZero();
        assertThatThrownBy(() ->
                        node.provenance.receipts().export(ACME, null, null).writeTo(new ByteArrayOutputStream()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ReceiptProblem.SIGNING_KEY_MISSING.code()));
        // the operator says that it is right
        Path root = folder.resolve("a/keys/receipts/root");
        Files.writeString(root, Files.readString(root) + second.id() + "\n");
        assertThat(node.provenance.sealer().sealOnce()).isEqualTo(1);
    }

    @Test
    void letsAnIntroducedSignerIntroduceANewKeyOfTheNode() throws IOException {
        SigningKey signer = node.provenance.keys().introduce(pem(mine), ROOT);
        node.awaitSealed();
        SigningKey first = node.provenance.keys().keys().getFirst();
        node.close();
        Files.delete(folder.resolve("a/keys/receipts/" + first.id().hex() + ".key"));
        node = new TestNode(where, folder.resolve("a"), "a", signerWith(mine)).start();
        node.act(ACME, "second");
        node.awaitSealed();
        SigningKey last = node.provenance.keys().keys().getLast();
        assertThat(last.introducedBy()).isEqualTo(signer.id());
        assertThat(node.chain(ACME)).hasSize(2).allMatch(Receipt::verified);
        assertThat(node.provenance.receipts().verify(null, 0).verified()).isTrue();
    }

    @Test
    void forgetsWhatWasGoodOnceTheKeysThatAreTrustedChange() {
        Verified verified = new Verified();
        StoredReceipt stored = new JooqReceipts(node.database, node.database)
                .at(ACME, List.of(1L))
                .get(1L);
        assertThat(stored).isNotNull();
        assertThat(verified.look(stored, ring()).defect()).isNull();
        assertThat(verified.look(stored, KeyRing.trusting(List.of(), Set.of())).defect())
                .contains("which is not known");
    }

    @Test
    void accusesNobodyAfterAClockWasPutBack() throws IOException {
        node.close();
        Instant begin = Instant.now().truncatedTo(ChronoUnit.MICROS);
        AtomicReference<Instant> now = new AtomicReference<>(begin);
        node = new TestNode(where, folder.resolve("a"), "a", Signers.Remote.NONE, now::get).start();
        SigningKey signer = node.provenance.keys().introduce(pem(mine), ROOT);
        node.awaitSealed();
        now.set(begin.plus(Duration.ofMinutes(20)));
        node.act(ACME, "ahead");
        node.awaitSealed();
        now.set(begin);
        assertThat(node.provenance.keys().retire(signer.id(), ROOT).retiredAt())
                .isEqualTo(begin.plus(Duration.ofMinutes(20)));
        node.provenance.keys().rotate(ROOT);
        node.awaitSealed();
        node.act(TestNode.GLOBEX, "corrected");
        node.awaitSealed();
        for (@Nullable TenantId tenant : new @Nullable TenantId[] {ACME, TestNode.GLOBEX, null}) {
            assertThat(node.provenance.receipts().verify(tenant, 0).defect()).isNull();
        }
    }

    @Test
    void takesTheKeyOfASignerAsSoonAsItIsStarted() {
        TestDatabase other = TestPostgres.fresh();
        try (TestNode fresh = new TestNode(other, folder.resolve("c"), "c").start()) {
            SigningKey signer = fresh.provenance.keys().introduce(pem(mine), ROOT);
            fresh.awaitSealed();
            assertThat(fresh.provenance.keys().keys())
                    .filteredOn(key -> key.id().equals(signer.id()))
                    .allMatch(key -> key.validFrom() != null)
                    .hasSize(1);
        } finally {
            TestPostgres.drop(other);
        }
    }

    @Test
    void introducesNoNodeWithoutTheFilesOfTheFirst() {
        try (TestNode stranger = new TestNode(where, folder.resolve("b"), "b")) {
            assertThatThrownBy(() -> stranger.provenance.sealer().tidy())
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ReceiptProblem.SIGNING_KEY_UNREADABLE.code()))
                    .hasMessageContaining("voucher");
            assertThat(node.provenance.keys().keys()).hasSize(1);
            TestNode.share(folder.resolve("a"), folder.resolve("b"));
            stranger.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(node.provenance.keys().keys())
                            .hasSize(2)
                            .allMatch(key -> key.validFrom() != null));
        }
    }

    /** Rotates, and returns the key that the node had before. */
    private SigningSeed stolenAndEnded() throws IOException {
        SigningKey first = node.provenance.keys().keys().getFirst();
        SigningSeed stolen = SigningSeed.of(Files.readAllBytes(
                folder.resolve("a/keys/receipts/" + first.id().hex() + ".key")));
        node.provenance.keys().rotate(ROOT);
        node.awaitSealed();
        return stolen;
    }

    private KeyRing ring() {
        return Rings.unpinned(new JooqKeys(node.database, new Vouchers(folder), InstantSource.system()).keys());
    }

    private static Digest id(SigningSeed seed) {
        return seed.verifyingKey().id();
    }

    private static String pem(SigningSeed seed) {
        return "-----BEGIN PUBLIC KEY-----\n" + seed.verifyingKey().text() + "\n-----END PUBLIC KEY-----\n";
    }

    private static ReceiptBody introduction(
            Digest key, SigningSeed by, long sequence, Instant at, @Nullable Digest previous) {
        Instant sealed = at.truncatedTo(ChronoUnit.MICROS);
        return new ReceiptBody(
                UUID.randomUUID(),
                ReceiptBody.PLATFORM,
                sequence,
                previous,
                null,
                "system:provenance",
                "-",
                KnownKey.INTRODUCE,
                new ReceiptBody.Subject(KnownKey.SUBJECT, key.toString(), null),
                Change.between(null, "{\"node\":\"a\",\"origin\":\"local\"}"),
                null,
                sealed,
                sealed,
                id(by),
                SignerKind.LOCAL);
    }

    private static SealedReceipt signed(ReceiptBody body, SigningSeed by) {
        byte[] text = body.canonical();
        SealedReceipt receipt = new SealedReceipt(text, by.sign(text));
        assertThat(ChainCheck.unsigned(receipt).body()).isEqualTo(body);
        return receipt;
    }

    private void insert(StoredReceipt receipt, String chain, long sequence) throws SQLException {
        try (Connection owner = where.connect();
                PreparedStatement insert = owner.prepareStatement("insert into provenance.receipt (chain, sequence, id,"
                        + " body, hash, previous_hash, signature, key_id, signer, actor, action, subject_type, subject,"
                        + " occurred_at, sealed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            List<@Nullable Object> values = Arrays.asList(
                    chain,
                    sequence,
                    receipt.id(),
                    receipt.body(),
                    receipt.hash(),
                    receipt.previousHash(),
                    receipt.signature(),
                    receipt.keyId(),
                    receipt.signer(),
                    receipt.actor(),
                    receipt.action(),
                    receipt.subjectType(),
                    receipt.subject(),
                    Timestamp.from(receipt.occurredAt()),
                    Timestamp.from(receipt.sealedAt()));
            for (int i = 0; i < values.size(); i++) {
                insert.setObject(i + 1, values.get(i));
            }
            insert.executeUpdate();
        }
    }

    private void addKey(SigningSeed seed, @Nullable String of) throws SQLException {
        owner("insert into provenance.signing_key (id, public_key, origin, node, created_at) values ('"
                + id(seed).hex() + "', '" + seed.verifyingKey().text() + "', '" + (of == null ? "remote" : "local")
                + "', " + (of == null ? "null" : "'" + of + "'") + ", now())");
    }

    private void fact(String action, String type, String subject, String after) throws SQLException {
        owner("insert into store.fact (id, actor, correlation_id, occurred_at, action, subject_type, subject,"
                + " state_after) values (gen_random_uuid(), 'token:root', 'c-1', now(), '" + action + "', '" + type
                + "', '" + subject + "', '" + after + "')");
    }

    private String hash(long sequence) {
        return String.valueOf(node.database.<Object>asPlatform(sql -> sql.fetchValue(
                "select hash from provenance.receipt where chain = 'tenant:acme' and sequence = ?", sequence)));
    }

    private static Signers.Remote signerWith(SigningSeed seed) {
        return new Signers.Remote() {
            @Override
            public boolean configured() {
                return true;
            }

            @Override
            public Optional<ReceiptSigner> open(List<StoredKey> known) {
                return known.stream().anyMatch(key -> key.id().equals(id(seed)))
                        ? Optional.of(new LocalSigner(seed, SignerKind.REMOTE))
                        : Optional.empty();
            }
        };
    }

    private void owner(String sql) throws SQLException {
        try (Connection owner = where.connect();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
