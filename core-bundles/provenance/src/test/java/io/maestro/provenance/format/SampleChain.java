package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A chain made without a server: for tests that need many of them, or wrong ones. */
public final class SampleChain {
    /** When the first receipt was sealed. */
    public static final Instant START = Instant.parse("2026-11-20T22:00:00Z");

    private final SigningSeed seed;
    private final String chain;
    private final List<SealedReceipt> receipts = new ArrayList<>();

    /** An empty chain with its own key. */
    public SampleChain(String chain) {
        this(chain, SigningSeed.random(new SecureRandom()));
    }

    /** An empty chain with this key. */
    SampleChain(String chain, SigningSeed seed) {
        this.chain = chain;
        this.seed = seed;
    }

    /** The key that signs it. */
    public SigningSeed seed() {
        return seed;
    }

    /** What it holds. */
    public List<SealedReceipt> receipts() {
        return receipts;
    }

    /** Adds receipts. */
    public SampleChain grow(int count) {
        for (int i = 0; i < count; i++) {
            add(
                    "thing.make",
                    new ReceiptBody.Subject("thing", "thing-" + i, null),
                    Change.between(null, "{\"name\":\"ş " + i + "\",\"size\":" + i + "}"));
        }
        return this;
    }

    /** Adds a receipt. */
    public SealedReceipt add(String action, ReceiptBody.Subject subject, Change change) {
        long sequence = receipts.size() + 1L;
        ReceiptBody body = new ReceiptBody(
                new UUID(7, sequence),
                chain,
                sequence,
                receipts.isEmpty() ? null : receipts.getLast().hash(),
                "prod",
                "token:root",
                "c-" + sequence,
                action,
                subject,
                change,
                null,
                START.plusSeconds(sequence),
                START.plusSeconds(sequence),
                seed.verifyingKey().id(),
                SignerKind.LOCAL);
        byte[] text = body.canonical();
        SealedReceipt receipt = new SealedReceipt(text, seed.sign(text));
        receipts.add(receipt);
        return receipt;
    }

    /** The introduction of the key by itself, as the first receipt of a platform's chain. */
    public KnownKey key() {
        SampleChain platform = new SampleChain(ReceiptBody.PLATFORM, seed);
        SealedReceipt introduction = platform.add(
                KnownKey.INTRODUCE,
                new ReceiptBody.Subject(
                        KnownKey.SUBJECT, seed.verifyingKey().id().toString(), null),
                Change.between(null, "{}"));
        return new KnownKey(seed.verifyingKey(), false, START, null, introduction, List.of());
    }

    /** An export of receipts from one place to another. */
    public byte[] export(int first, int last, @Nullable SealedReceipt checkpoint) {
        return export(first, last, checkpoint, null);
    }

    /** An export of receipts from one place to another, that claims to begin at a time. */
    byte[] export(int first, int last, @Nullable SealedReceipt checkpoint, @Nullable Instant from) {
        return export(first, last, checkpoint, from, null);
    }

    /** An export of receipts from one place to another, that claims to be of a time. */
    byte[] export(
            int first, int last, @Nullable SealedReceipt checkpoint, @Nullable Instant from, @Nullable Instant to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            KnownKey key = key();
            ExportWriter writer = new ExportWriter(out, new ExportHeader(chain, from, to, List.of(key)));
            if (checkpoint != null) {
                writer.checkpoint(checkpoint);
            }
            for (int i = first; i <= last; i++) {
                writer.receipt(i, receipts.get(i - 1));
            }
            writer.end(START.plusSeconds(10_000), key.id(), seed::sign);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** What the platform's chain takes down of this one, whatever that is. */
    public SealedReceipt checkpoint(long sequence, Digest hash) {
        return new SampleChain(ReceiptBody.PLATFORM, seed)
                .add(
                        Checkpoint.ACTION,
                        new ReceiptBody.Subject(Checkpoint.SUBJECT, chain, null),
                        Change.between(null, "{\"sequence\":" + sequence + ",\"hash\":\"" + hash + "\"}"));
    }

    /** The fingerprint of the key. */
    public Digest keyId() {
        return seed.verifyingKey().id();
    }
}
