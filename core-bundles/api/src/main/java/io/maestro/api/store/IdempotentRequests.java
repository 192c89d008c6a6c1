package io.maestro.api.store;

import io.maestro.model.Digest;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Remembers for 24 hours which requests were done, so that a repeated one is answered and not done again. Blocks on the
 * database; any thread.
 */
@ProviderType
public interface IdempotentRequests {
    /**
     * Claims the key for this request.
     *
     * @param principal whose key; keys of two principals never meet
     * @param key as sent, at most 255 characters
     * @param request digest of method, path and body
     * @return what to do now
     */
    Claim claim(String principal, String key, Digest request);

    /** Keeps the answer of a claimed request. A null body stands for one with a secret, which is not kept. */
    void complete(String principal, String key, int status, @Nullable String location, byte @Nullable [] body);

    /** Gives the key back, because the request failed and may be tried again with it. */
    void release(String principal, String key);

    /** What to do with a request. */
    sealed interface Claim {
        /** Do it, then complete or release. */
        record Fresh() implements Claim {}

        /** Another one with this key is running. */
        record Busy() implements Claim {}

        /** The key was used for another request. */
        record Reused() implements Claim {}

        /** It was done; this was the answer. The body is null when it held a secret. */
        @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
        record Done(int status, @Nullable String location, byte @Nullable [] body) implements Claim {}
    }
}
