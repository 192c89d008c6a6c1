package io.maestro.provenance;

import io.maestro.model.Digest;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.SigningSeed;
import java.util.List;

/** Signs with the node's own key, on all processors. */
record LocalSigner(SigningSeed seed, SignerKind kind) implements ReceiptSigner {
    @Override
    public Digest key() {
        return seed.verifyingKey().id();
    }

    @Override
    public List<byte[]> sign(List<byte[]> bodies) {
        return bodies.parallelStream().map(seed::sign).toList();
    }
}
