package io.maestro.provenance.format;

/**
 * What is wrong with a receipt, a chain or an export.
 *
 * @param sequence of the receipt; 0 when it is none of the receipts
 * @param reason what is wrong, one sentence without a full stop
 */
public record Defect(long sequence, String reason) {
    @Override
    public String toString() {
        return sequence == 0 ? reason : "receipt " + sequence + ": " + reason;
    }
}
