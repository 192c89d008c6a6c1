package io.maestro.secrets;

import java.security.GeneralSecurityException;

/**
 * A master key, wherever it is. Wraps and unwraps data keys; what is wrapped is bound to a context and opens with the same
 * one only. May block, also on a device; any thread, also several at once.
 */
interface KeyManagement {
    /** Tells this master key from others. Follows from the key alone, but nothing of the key follows from it. */
    String id();

    /**
     * Wraps a key.
     *
     * @throws GeneralSecurityException when the master key does not answer
     */
    byte[] wrap(byte[] key, byte[] context) throws GeneralSecurityException;

    /**
     * Unwraps a key.
     *
     * @throws javax.crypto.AEADBadTagException when it was wrapped by another master key or with another context, or was
     *     changed
     * @throws GeneralSecurityException when the master key does not answer
     */
    byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException;
}
