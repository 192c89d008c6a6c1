package io.maestro.secrets;

import java.security.GeneralSecurityException;
import java.util.function.Consumer;

/** A master key that somebody watches: told the context before each use, and free to fail. */
record MasterKeyOfTests(KeyManagement key, Consumer<byte[]> before) implements KeyManagement {
    /** Throws it, unless it is checked. */
    static void raise(Throwable failure) {
        switch (failure) {
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException(failure);
        }
    }

    @Override
    public String id() {
        return key.id();
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) throws GeneralSecurityException {
        before.accept(context);
        return key.wrap(plain, context);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException {
        before.accept(context);
        return key.unwrap(wrapped, context);
    }
}
