package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes an export line by line; keeps none of them. Not safe for several threads. Blocks on the stream, and leaves it open. */
public final class ExportWriter {
    private static final String CHECKPOINT = "{\"checkpoint\":";

    private final OutputStream out;
    private final String chain;
    private final Digest headerHash;
    private @Nullable Digest checkpointHash;
    private @Nullable Digest firstHash;
    private @Nullable Digest lastHash;
    private long first;
    private long last;
    private long count;

    /** Writes the header. */
    public ExportWriter(OutputStream out, ExportHeader header) throws IOException {
        this.out = out;
        this.chain = header.chain();
        String line = header.line();
        this.headerHash = Hashes.of(line);
        write(line);
    }

    /** Writes the next receipt of the chain. */
    public void receipt(long sequence, SealedReceipt receipt) throws IOException {
        Digest hash = receipt.hash();
        if (count == 0) {
            first = sequence;
            firstHash = hash;
        }
        last = sequence;
        lastHash = hash;
        count++;
        write(receipt.line());
    }

    /** Writes the checkpoint, before all receipts. */
    public void checkpoint(SealedReceipt checkpoint) throws IOException {
        checkpointHash = checkpoint.hash();
        write(CHECKPOINT + checkpoint.line() + "}");
    }

    /**
     * Writes the trailer, as the last line.
     *
     * @param key signs it by {@code sign}
     */
    public void end(Instant madeAt, Digest key, UnaryOperator<byte[]> sign) throws IOException {
        write(new ExportTrailer(chain, headerHash, checkpointHash, count, first, firstHash, last, lastHash, madeAt, key)
                .line(sign));
    }

    /** The receipt in a checkpoint's line, null when the line is none. */
    static @Nullable SealedReceipt checkpoint(String line) {
        return line.startsWith(CHECKPOINT) && line.endsWith("}")
                ? SealedReceipt.parse(line.substring(CHECKPOINT.length(), line.length() - 1))
                        .orElse(null)
                : null;
    }

    static boolean isCheckpoint(String line) {
        return line.startsWith(CHECKPOINT);
    }

    private void write(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
