package io.maestro.provenance.format;

import java.util.Arrays;
import java.util.Optional;

/** Who signed a receipt. */
public enum SignerKind {
    /** The signer that the operator set up apart from the server. */
    REMOTE("remote"),
    /** The server itself; no other signer is set up. */
    LOCAL("local"),
    /** The server itself, because the signer that is set up did not answer. */
    LOCAL_FALLBACK("local-fallback");

    private final String text;

    SignerKind(String text) {
        this.text = text;
    }

    /** As receipts say it. */
    public String text() {
        return text;
    }

    static Optional<SignerKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }
}
