package io.maestro.provenance;

import org.jspecify.annotations.Nullable;

/** A signer apart from the server did not sign; the message says why, for the log. */
final class SignerUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    SignerUnavailable(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
