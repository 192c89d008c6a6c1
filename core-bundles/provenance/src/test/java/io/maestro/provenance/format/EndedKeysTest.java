package io.maestro.provenance.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a key may do no more once receipts say that it has ended, whatever is said beside them. */
final class EndedKeysTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = BEGIN.plusSeconds(3_600);
    private static final Instant LATE = END.plusSeconds(3_600);

    private final SigningSeed old = SigningSeed.random(new SecureRandom());
    private final SigningSeed next = SigningSeed.random(new SecureRandom());
    private final KnownKey root = key(old, introduction(old, old, 1, BEGIN), null);
    private final KnownKey second = key(next, introduction(next, old, 2, END), null);

    @Test
    void endsAKeyByTheIntroductionOfTheNextOfItsNode() {
        KeyRing ring = KeyRing.trusting(List.of(root, second), Set.of(root.id()));
        assertThat(ring.trusts(second.id())).isTrue();
        assertThat(ring.end(root.id())).isEqualTo(END);
        assertThat(ring.end(second.id())).isNull();
    }

    @Test
    void endsAKeyByTheReceiptOfItsRetirement() {
        SigningSeed remote = SigningSeed.random(new SecureRandom());
        SealedReceipt introduction = receipt(KnownKey.INTRODUCE, remote, old, 2, BEGIN, "{\"node\":null}");
        SealedReceipt retirement = receipt(KnownKey.RETIRE, remote, old, 3, END, "{}");
        KnownKey key = new KnownKey(remote.verifyingKey(), true, null, null, introduction, List.of(retirement));
        assertThat(KeyRing.trusting(List.of(root, key), Set.of(root.id())).end(key.id()))
                .isEqualTo(END);
    }

    @Test
    void letsNoEndedKeySignATrailer() throws IOException {
        assertThat(defect(next, LATE, END)).isNull();
        assertThat(defect(old, END.plusSeconds(60), END)).isNull();
        assertThat(defect(old, LATE, END)).contains("which had ended");
        // dated back, but before a receipt that it signs for
        assertThat(defect(old, END, LATE)).contains("which had ended before the last receipt");
    }

    @Test
    void letsNoKeySignBeforeItsIntroduction() throws IOException {
        assertThat(defect(next, LATE, END.minusSeconds(240))).isNull();
        assertThat(defect(next, LATE, BEGIN)).contains("sealed before its key was introduced");
        assertThat(defect(next, BEGIN, END)).contains("which was not introduced yet");
    }

    @Test
    void letsNoKeyVouchForAnotherBeforeItsOwnIntroduction() {
        SigningSeed forged = SigningSeed.random(new SecureRandom());
        KnownKey third = key(forged, introduction(forged, next, 9, BEGIN), null);
        assertThat(KeyRing.trusting(List.of(root, second, third), Set.of(root.id()))
                        .trusts(third.id()))
                .isFalse();
    }

    @Test
    void believesNoRowThatSaysThatAKeyHasEnded() {
        KnownKey said = key(old, introduction(old, old, 1, BEGIN), BEGIN);
        assertThat(KeyRing.trusting(List.of(said), Set.of(said.id())).end(said.id()))
                .isNull();
    }

    @Test
    void endsAKeyByTheFirstRetirementThatATrustedKeySigned() {
        SigningSeed remote = SigningSeed.random(new SecureRandom());
        SigningSeed stranger = SigningSeed.random(new SecureRandom());
        SealedReceipt introduction =
                receipt(KnownKey.INTRODUCE, remote, old, 2, BEGIN, "{\"node\":null,\"origin\":\"remote\"}");
        List<SealedReceipt> retirements = List.of(
                receipt(KnownKey.RETIRE, remote, stranger, 3, BEGIN, "{}"),
                receipt(KnownKey.RETIRE, remote, old, 4, END, "{\"retiredAt\":\"" + LATE + "\"}"));
        // the row says that it is a node's
        KnownKey key = new KnownKey(remote.verifyingKey(), false, null, null, introduction, retirements);
        KeyRing ring = KeyRing.trusting(List.of(root, key), Set.of(root.id()));
        assertThat(ring.end(key.id())).isEqualTo(LATE);
        assertThat(ring.remote(key)).isTrue();
    }

    @Test
    void letsNoEndedKeyVouchForAnother() {
        SigningSeed forged = SigningSeed.random(new SecureRandom());
        KnownKey third = key(forged, introduction(forged, old, 9, END.plusSeconds(1)), null);
        KeyRing ring = KeyRing.trusting(List.of(root, second, third), Set.of(root.id()));
        assertThat(ring.trusts(second.id())).isTrue();
        assertThat(ring.trusts(third.id())).isFalse();
        assertThat(ring.end(second.id())).isNull();
    }

    private @Nullable String defect(SigningSeed trailer, Instant madeAt, Instant sealedAt) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(out, new ExportHeader("tenant:acme", null, null, List.of(root, second)));
        writer.receipt(1, sealed("tenant:acme", "thing.make", "x", next, 1, sealedAt, "{}"));
        writer.end(madeAt, trailer.verifyingKey().id(), trailer::sign);
        Defect defect = ExportVerification.verify(new ByteArrayInputStream(out.toByteArray()), root.id())
                .defect();
        return defect == null ? null : defect.reason();
    }

    private static KnownKey key(SigningSeed seed, SealedReceipt introduction, @Nullable Instant retiredAt) {
        return new KnownKey(seed.verifyingKey(), false, null, retiredAt, introduction, List.of());
    }

    private static SealedReceipt introduction(SigningSeed seed, SigningSeed by, long sequence, Instant at) {
        return receipt(KnownKey.INTRODUCE, seed, by, sequence, at, "{\"node\":\"a\"}");
    }

    private static SealedReceipt receipt(
            String action, SigningSeed seed, SigningSeed by, long sequence, Instant at, String state) {
        return sealed(ReceiptBody.PLATFORM, action, seed.verifyingKey().id().toString(), by, sequence, at, state);
    }

    private static SealedReceipt sealed(
            String chain, String action, String subject, SigningSeed by, long sequence, Instant at, String state) {
        Digest before = sequence == 1 ? null : by.verifyingKey().id();
        byte[] body = new ReceiptBody(
                        new UUID(1, sequence),
                        chain,
                        sequence,
                        before,
                        null,
                        "token:root",
                        "c",
                        action,
                        new ReceiptBody.Subject(KnownKey.SUBJECT, subject, null),
                        Change.between(null, state),
                        null,
                        at,
                        at,
                        by.verifyingKey().id(),
                        SignerKind.LOCAL)
                .canonical();
        return new SealedReceipt(body, by.sign(body));
    }
}
