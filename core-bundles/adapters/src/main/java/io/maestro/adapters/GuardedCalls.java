package io.maestro.adapters;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Operation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.model.CallerProblem;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls operations by name: finds the instance in the index, and lets its guard bound the call. */
final class GuardedCalls implements Calls {
    private static final Logger LOG = System.getLogger(Calls.class.getName());

    private final Lookup lookup;
    private final OperationCatalogue catalogue;
    private final Absence absence;
    private final InstantSource clock;

    /** Finds the open instance of that name; {@link BindingIndex} does. */
    @FunctionalInterface
    interface Lookup {
        /** The binding, or null when the instance is not open here. */
        @Nullable
        Binding find(Scope scope, InstanceId instance);
    }

    /** Says why there is no open instance of that name; the slow way, for calls that fail anyway. */
    @FunctionalInterface
    interface Absence {
        /** The problem to answer with. */
        Problem explain(Scope scope, InstanceId instance);
    }

    GuardedCalls(Lookup lookup, OperationCatalogue catalogue, Absence absence, InstantSource clock) {
        this.lookup = lookup;
        this.catalogue = catalogue;
        this.absence = absence;
        this.clock = clock;
    }

    @Override
    public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        Binding binding = binding(scope, instance);
        return logged(
                binding,
                operation,
                options,
                () -> inMemory(binding, catalogue.operation(binding.type.name(), operation), input, options));
    }

    @Override
    public byte[] upload(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            byte[] input,
            InputStream content,
            OptionalLong length,
            CallOptions options) {
        Binding binding = binding(scope, instance);
        return logged(binding, operation, options, () -> {
            OperationCodec<?, ?, ?> codec = catalogue.operation(binding.type.name(), operation);
            if (!(codec.operation() instanceof Operation.Upload<?, ?, ?>)) {
                throw streamless(operation, "takes");
            }
            return uploadStream(binding, codec, input, new Content(content, length), options);
        });
    }

    @Override
    public Download download(
            Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        Binding binding = binding(scope, instance);
        return logged(binding, operation, options, () -> {
            OperationCodec<?, ?, ?> codec = catalogue.operation(binding.type.name(), operation);
            if (!(codec.operation() instanceof Operation.Download<?, ?, ?, ?>)) {
                throw streamless(operation, "gives");
            }
            return openDownload(binding, codec, input, options);
        });
    }

    private Binding binding(Scope scope, InstanceId instance) {
        Binding binding = lookup.find(scope, instance);
        if (binding == null) {
            throw absence.explain(scope, instance).asException();
        }
        return binding;
    }

    private <T, I extends Record, O extends Record> byte[] inMemory(
            Binding binding, OperationCodec<T, I, O> codec, byte[] json, CallOptions options) {
        Duration deadline = deadline(binding, options);
        CallContext context = context(options, deadline);
        T adapter = adapter(binding);
        return switch (codec.operation()) {
            case Operation.Plain<T, I, O> plain -> {
                I input = codec.input(json);
                yield codec.output(
                        binding.guard.call(deadline, flight -> plain.call().invoke(adapter, context, input)));
            }
            case Operation.Upload<T, I, O> upload -> {
                OperationCodec.WithContent<I> input = codec.inputWithContent(json);
                Content content =
                        new Content(new ByteArrayInputStream(input.content()), OptionalLong.of(input.content().length));
                yield codec.output(binding.guard.call(
                        deadline, flight -> upload.call().invoke(adapter, context, input.input(), content)));
            }
            case Operation.Download<T, I, ?, O> download -> {
                I input = codec.input(json);
                yield binding.guard.call(deadline, flight -> readWhole(codec, download, adapter, context, input));
            }
        };
    }

    private static <T, I extends Record, D extends Closeable, O extends Record> byte[] readWhole(
            OperationCodec<T, I, O> codec,
            Operation.Download<T, I, D, O> download,
            T adapter,
            CallContext context,
            I input)
            throws Exception {
        try (D opened = download.call().invoke(adapter, context, input)) {
            byte[] bytes = download.content().apply(opened).readNBytes(OperationCodec.LARGEST_CONTENT + 1);
            if (bytes.length > OperationCodec.LARGEST_CONTENT) {
                throw OperationCodec.tooLarge();
            }
            return codec.output(download.head().apply(opened), bytes);
        }
    }

    private <T, I extends Record, O extends Record> byte[] uploadStream(
            Binding binding, OperationCodec<T, I, O> codec, byte[] json, Content content, CallOptions options) {
        if (!(codec.operation() instanceof Operation.Upload<T, I, O> upload)) {
            throw new IllegalStateException("checked before");
        }
        Duration patience = deadline(binding, options);
        Duration latest = binding.guard.settings().longestStream();
        CallContext context = context(options, latest);
        T adapter = adapter(binding);
        I input = codec.input(json);
        return codec.output(binding.guard.call(patience, latest, flight -> {
            InputStream extending = new ExtendingStream(content.bytes(), flight, patience.toNanos());
            return upload.call().invoke(adapter, context, input, new Content(extending, content.length()));
        }));
    }

    private <T, I extends Record, O extends Record> Download openDownload(
            Binding binding, OperationCodec<T, I, O> codec, byte[] json, CallOptions options) {
        if (!(codec.operation() instanceof Operation.Download<T, I, ?, O> download)) {
            throw new IllegalStateException("checked before");
        }
        Duration deadline = deadline(binding, options);
        return open(binding, codec, download, codec.input(json), deadline, context(options, deadline));
    }

    private static <T, I extends Record, D extends Closeable, O extends Record> Download open(
            Binding binding,
            OperationCodec<T, I, O> codec,
            Operation.Download<T, I, D, O> download,
            I input,
            Duration deadline,
            CallContext context) {
        Guard guard = binding.guard;
        T adapter = adapter(binding);
        return guard.call(deadline, flight -> {
            D opened = download.call().invoke(adapter, context, input);
            try {
                byte[] head = codec.output(download.head().apply(opened));
                InputStream content = download.content().apply(opened);
                guard.retainStream();
                return new Download(head, new GuardedStream(guard, content, opened));
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
        });
    }

    /** The host registers an instance only when it implements its type's contract, whose operations take that type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T adapter(Binding binding) {
        return (T) binding.type.contract().cast(binding.adapter);
    }

    private CallContext context(CallOptions options, Duration deadline) {
        return new CallContext(options.correlationId(), clock.instant().plus(deadline), options.idempotencyKey());
    }

    private static Duration deadline(Binding binding, CallOptions options) {
        GuardSettings settings = binding.guard.settings();
        Duration wanted = options.deadline();
        if (wanted == null) {
            return settings.deadline();
        }
        if (wanted.isNegative() || wanted.isZero() || wanted.compareTo(settings.longestDeadline()) > 0) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "a deadline of " + wanted.toMillis() + " ms is out of bounds",
                            "Use 1 to " + settings.longestDeadline().toMillis() + " ms.")
                    .asException();
        }
        return wanted;
    }

    private static ProblemException streamless(OperationName operation, String verb) {
        return Problem.of(
                        AdapterProblem.OPERATION_INPUT_INVALID,
                        "the operation " + operation + " " + verb + " no stream",
                        "Call it with JSON under .../operations/" + operation + ".")
                .asException();
    }

    /** Runs the call and writes one line about it: who, where, what, how it ended. Inputs and outputs are never logged. */
    private static <R> R logged(Binding binding, OperationName operation, CallOptions options, Supplier<R> call) {
        long start = System.nanoTime();
        try {
            R result = call.get();
            if (LOG.isLoggable(Level.DEBUG)) {
                LOG.log(Level.DEBUG, line(binding, operation, options, start, "ok"));
            }
            return result;
        } catch (ProblemException thrown) {
            // what an adapter throws may quote its credentials
            ProblemException e = binding.mask.masked(thrown);
            Level level = e.problem().category() == ProblemCategory.INTERNAL ? Level.WARNING : Level.DEBUG;
            if (LOG.isLoggable(level)) {
                @Nullable Throwable cause = level == Level.WARNING ? e : null;
                LOG.log(
                        level,
                        line(binding, operation, options, start, e.problem().code()),
                        cause);
            }
            throw e;
        }
    }

    private static String line(
            Binding binding, OperationName operation, CallOptions options, long start, String outcome) {
        return "call " + binding + " " + operation + " by " + options.principal() + " [" + options.correlationId()
                + "] " + outcome + " in " + (System.nanoTime() - start) / 1000 + " us";
    }
}
