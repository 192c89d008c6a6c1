package io.maestro.api.adapters;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Calls operations of instances by name. Every call is bounded by deadline, bulkhead and circuit breaker. Takes no lock
 * and does no I/O of its own on the way to the adapter; best called from a virtual thread.
 */
@ProviderType
public interface Calls {
    /**
     * Calls an operation with JSON in and out. The content of an upload stands in the input as {@code contentBase64}, the
     * content of a download comes back in the output under the same name; both up to 1 MiB.
     *
     * @param input a JSON document in UTF-8, checked against the operation's input record
     * @return the output as JSON in UTF-8
     * @throws io.maestro.model.ProblemException of the host ({@link AdapterProblem}) or of the adapter
     */
    byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options);

    /**
     * Calls an upload operation with a stream. Returns when the adapter has read it.
     *
     * @param content read on the adapter's thread; not closed
     */
    byte[] upload(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            byte[] input,
            InputStream content,
            OptionalLong length,
            CallOptions options);

    /** Calls a download operation; the caller reads and closes the answer. */
    Download download(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options);

    /**
     * What the open instance is: changes for good when it is made anew, also under its old name, when its adapter has other
     * bytes, its configuration is another, or one of its secrets has another value. The same on all nodes, and nothing
     * follows from it about a secret. Blocks on the database.
     *
     * @throws io.maestro.model.ProblemException when it is not open; {@link AdapterProblem#INSTANCE_UNSETTLED} when what is
     *     open is not what {@link Instances} shows of it, so that nobody takes the one for the other
     */
    Digest fingerprint(Scope scope, InstanceId instance);

    /**
     * What comes along with a call.
     *
     * @param caller who calls
     * @param idempotencyKey names the act; null when the caller gave none
     * @param deadline how long it may take; null for the usual 30 seconds, at most 5 minutes
     * @param fingerprint what the instance must still be, else {@link AdapterProblem#INSTANCE_CHANGED}; null for anything
     * @param content the digest that the content of an upload must have, else {@link
     *     AdapterProblem#CONTENT_DIGEST_MISMATCH} before the adapter has all of it; null for any
     */
    record CallOptions(
            Actor caller,
            @Nullable String idempotencyKey,
            @Nullable Duration deadline,
            @Nullable Digest fingerprint,
            @Nullable Digest content) {
        /** Calls the instance whatever it has become. */
        public CallOptions(Actor caller, @Nullable String idempotencyKey, @Nullable Duration deadline) {
            this(caller, idempotencyKey, deadline, null, null);
        }

        /** Calls the instance if it still is this. */
        public CallOptions(
                Actor caller,
                @Nullable String idempotencyKey,
                @Nullable Duration deadline,
                @Nullable Digest fingerprint) {
            this(caller, idempotencyKey, deadline, fingerprint, null);
        }

        /** The same call, with content of this digest. */
        public CallOptions of(@Nullable Digest wanted) {
            return new CallOptions(caller, idempotencyKey, deadline, fingerprint, wanted);
        }

        /** A call of somebody of whom policies know nothing but the id. */
        public CallOptions(
                String principal, String correlationId, @Nullable String idempotencyKey, @Nullable Duration deadline) {
            this(new Actor(principal, correlationId), idempotencyKey, deadline, null, null);
        }

        /** Its id, for the log. */
        public String principal() {
            return caller.id();
        }

        /** Follows the request through logs. */
        public String correlationId() {
            return caller.correlationId();
        }
    }

    /**
     * An answer with a stream.
     *
     * @param output the output record as JSON in UTF-8
     * @param content the bytes; the call counts as running until they are closed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared: a copy would cost every call
    record Download(byte[] output, InputStream content) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}
