package io.maestro.provenance;

import io.maestro.model.Digest;
import io.maestro.provenance.format.SignerKind;
import java.util.List;

/** Signs receipts with one key. Called by the sealer, one batch at a time. */
interface ReceiptSigner {
    /** The fingerprint of the key. */
    Digest key();

    /** What receipts say of who signed them. */
    SignerKind kind();

    /**
     * One signature for each body, in their order. Blocks for a bounded time.
     *
     * @throws SignerUnavailable when it did not work out for all of them
     */
    List<byte[]> sign(List<byte[]> bodies) throws SignerUnavailable;
}
