package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Export;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.ExportHeader;
import io.maestro.provenance.format.ExportWriter;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SigningSeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes exports; the node's own key signs their ends. */
final class Exports {
    private static final int STEP = 500;

    private final JooqReceipts rows;
    private final JooqCheckpoints checkpoints;
    private final JooqKeys keys;
    private final Rings rings;
    private final Signers signers;
    private final InstantSource clock;

    Exports(
            JooqReceipts rows,
            JooqCheckpoints checkpoints,
            JooqKeys keys,
            Rings rings,
            Signers signers,
            InstantSource clock) {
        this.rows = rows;
        this.checkpoints = checkpoints;
        this.keys = keys;
        this.rings = rings;
        this.signers = signers;
        this.clock = clock;
    }

    Export export(@Nullable TenantId tenant, @Nullable Instant since, @Nullable Instant until) {
        // receipts have no finer times
        Instant from = since == null ? null : since.truncatedTo(ChronoUnit.MICROS);
        Instant to = until == null ? null : until.truncatedTo(ChronoUnit.MICROS);
        if (from != null && to != null && !from.isBefore(to)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the range from " + from + " to " + to + " is empty",
                            "Give a from that is before to.")
                    .asException();
        }
        // what this node does not trust itself it does not sign for others
        rings.ring();
        SigningSeed seed = signers.node()
                .orElseThrow(() -> Problem.of(
                                ReceiptProblem.SIGNING_KEY_MISSING,
                                "this node has no key that could sign the export",
                                "Try again in a few seconds. If it lasts, see the log.")
                        .asException());
        String chain = JooqReceipts.chain(tenant);
        // before the end of the chain is looked up, so that they cannot reach beyond it
        Optional<StoredReceipt> checkpoint = checkpoints.newest(chain);
        long reached = Math.max(
                checkpoints.noted(chain),
                checkpoint
                        .flatMap(stored -> Optional.ofNullable(
                                ChainCheck.unsigned(stored.sealed()).body()))
                        .flatMap(Checkpoint::of)
                        .map(Checkpoint::sequence)
                        .orElse(0L));
        long first = from == null ? 1 : rows.lastBefore(tenant, from) + 1;
        long last = rows.lastBefore(tenant, to);
        if (last < reached && (to == null || rows.at(tenant, List.of(last + 1)).isEmpty())) {
            throw broken(chain, "the chain reached receipt " + reached + ", the last ones are missing");
        }
        checkRange(tenant, from, to, first, last);
        long there = rows.count(tenant, first, last);
        if (there != Math.max(0, last - first + 1)) {
            throw broken(chain, "from " + first + " to " + last + " there are " + there + " receipts only");
        }
        ExportHeader header = new ExportHeader(
                chain,
                from,
                to,
                keys.keys().stream()
                        .map(StoredKey::known)
                        .flatMap(Optional::stream)
                        .toList());
        return out -> write(out, header, checkpoint, tenant, first, last, seed);
    }

    /** Where a range begins and ends is looked up by a column; what counts is the signed text. */
    private void checkRange(
            @Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to, long first, long last) {
        if (from == null && to == null) {
            return;
        }
        rows.at(tenant, List.of(first - 1, first, last, last + 1)).forEach((place, stored) -> {
            ReceiptBody body = ChainCheck.unsigned(stored.sealed()).body();
            boolean fits = body != null
                    && stored.agreesWith(body)
                    && (from == null || (place < first) == body.sealedAt().isBefore(from))
                    // the next one may have come since
                    && (to == null || place > last || body.sealedAt().isBefore(to));
            if (!fits) {
                throw broken(
                        JooqReceipts.chain(tenant),
                        "the columns of receipt " + place
                                + ", where the range begins or ends, do not say what its signed" + " text says");
            }
        });
    }

    private void write(
            OutputStream out,
            ExportHeader header,
            Optional<StoredReceipt> checkpoint,
            @Nullable TenantId tenant,
            long first,
            long last,
            SigningSeed seed)
            throws IOException {
        ExportWriter writer = new ExportWriter(out, header);
        if (checkpoint.isPresent()) {
            writer.checkpoint(checkpoint.get().sealed());
        }
        long written = first - 1;
        while (written < last) {
            List<StoredReceipt> step = rows.behind(tenant, written, last, STEP);
            for (StoredReceipt receipt : step) {
                if (receipt.sequence() != written + 1) {
                    throw broken(header.chain(), "receipt " + (written + 1) + " is missing");
                }
                written = receipt.sequence();
                writer.receipt(receipt.sequence(), receipt.sealed());
            }
            if (step.isEmpty()) {
                throw broken(header.chain(), "receipt " + (written + 1) + " is missing");
            }
        }
        writer.end(
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                seed.verifyingKey().id(),
                seed::sign);
    }

    /** What has gaps is not signed: it would say that it is whole. */
    private static ProblemException broken(String chain, String why) {
        return Problem.of(
                        ReceiptProblem.RECEIPT_CHAIN_BROKEN,
                        "the chain " + chain + " is broken: " + why,
                        "Find out what happened: maestro receipts check. Put the receipts back from a backup; parts that"
                                + " are whole can be exported with --from and --until.")
                .asException();
    }
}
