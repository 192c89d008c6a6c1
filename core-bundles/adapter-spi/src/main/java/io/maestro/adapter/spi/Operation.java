package io.maestro.adapter.spi;

import io.maestro.model.OperationName;
import java.io.Closeable;
import java.io.InputStream;
import java.util.function.Function;

/**
 * One operation of an adapter type, so that it can be called typed from Java and by name with JSON. Input and output are
 * records; their JSON Schemas stand under {@code partner-devkit/contracts}.
 *
 * @param <T> the interface of the adapter type
 * @param <I> the input record
 * @param <O> the output record
 */
public sealed interface Operation<T, I extends Record, O extends Record> {
    /** The name in paths and documents. */
    OperationName name();

    /** The input record. */
    Class<I> input();

    /** The output record. */
    Class<O> output();

    /** What the operation does outside. */
    Effect effect();

    /** What an operation does to the outside system. */
    enum Effect {
        /** Changes nothing; may be repeated and shadowed. */
        READ,
        /**
         * Changes something, and done again with the same input leaves what one time leaves, as in RFC 9110, section 9.2.2;
         * may be repeated, also when nobody knows whether it was done.
         */
        IDEMPOTENT,
        /** Changes something; carries an idempotency key. */
        CHANGE
    }

    /** Record in, record out. */
    record Plain<T, I extends Record, O extends Record>(
            OperationName name, Class<I> input, Class<O> output, Effect effect, Call<T, I, O> call)
            implements Operation<T, I, O> {}

    /** Record and a stream of bytes in, record out. */
    record Upload<T, I extends Record, O extends Record>(
            OperationName name, Class<I> input, Class<O> output, Effect effect, UploadCall<T, I, O> call)
            implements Operation<T, I, O> {}

    /** Record in, record and a stream of bytes out. {@code D} is what the adapter returns. */
    record Download<T, I extends Record, D extends Closeable, O extends Record>(
            OperationName name,
            Class<I> input,
            Class<O> output,
            Effect effect,
            Call<T, I, D> call,
            Function<D, O> head,
            Function<D, InputStream> content)
            implements Operation<T, I, O> {}

    /** The call of a {@link Plain} or {@link Download} operation. */
    @FunctionalInterface
    interface Call<T, I, R> {
        /** Performs the operation; may block. */
        R invoke(T adapter, CallContext context, I input);
    }

    /** The call of an {@link Upload} operation. */
    @FunctionalInterface
    interface UploadCall<T, I, O> {
        /** Performs the operation; may block. Reads {@code content} to its end, the caller closes it. */
        O invoke(T adapter, CallContext context, I input, Content content);
    }
}
