package io.maestro.adapters;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Operation;
import io.maestro.adapter.spi.Operation.Effect;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls operations by name: finds the instance in the index, and lets its guard bound the call. */
final class GuardedCalls implements Calls {
    private static final Logger LOG = System.getLogger(Calls.class.getName());

    /** How often an instance may be replaced while one call looks for it. */
    private static final int MOST_SUCCESSORS = 5;

    private final Lookup lookup;
    private final Arrivals arrivals;
    private final Questions policy;
    private final OperationCatalogue catalogue;
    private final Expected expected;
    private final Absence absence;
    private final Predicate<Binding> shown;
    private final Retries retries;
    private final InstantSource clock;

    /** Finds the open instance of that name; {@link BindingIndex} does. */
    @FunctionalInterface
    interface Lookup {
        /** The binding, or null when the instance is not open here. */
        @Nullable
        Binding find(Scope scope, InstanceId instance);
    }

    /** Tells of an instance that is about to open what the policy has to know; the slow way, for calls that have to wait anyway. */
    @FunctionalInterface
    interface Expected {
        /** What {@link Binding#facts} will be; null when there is no such instance any more. */
        @Nullable
        Json facts(Scope scope, InstanceId instance);
    }

    /** Says why there is no open instance of that name; the slow way, for calls that fail anyway. */
    @FunctionalInterface
    interface Absence {
        /** The problem to answer with. */
        Problem explain(Scope scope, InstanceId instance);
    }

    /**
     * Calls what {@code lookup} finds.
     *
     * @param shown whether an open instance is what its row shows of it
     */
    GuardedCalls(
            Lookup lookup,
            Arrivals arrivals,
            Questions policy,
            OperationCatalogue catalogue,
            Expected expected,
            Absence absence,
            Predicate<Binding> shown,
            Retries retries,
            InstantSource clock) {
        this.lookup = lookup;
        this.arrivals = arrivals;
        this.policy = policy;
        this.catalogue = catalogue;
        this.expected = expected;
        this.absence = absence;
        this.shown = shown;
        this.retries = retries;
        this.clock = clock;
    }

    @Override
    public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions wanted) {
        Supplier<PolicyInput.Content> whole = () -> Questions.arguments(input);
        Found found = found(scope, instance, operation, wanted, whole);
        CallOptions options = found.options();
        return logged(found.binding(), operation, options, whole, (binding, use) -> {
            OperationCodec<?, ?, ?> codec = catalogue.operation(binding.type.name(), operation);
            byte[] output = inMemory(binding, codec, input, options, use);
            requireStill(binding, options);
            shadow(binding, codec, input, output, options);
            return output;
        });
    }

    @Override
    public byte[] upload(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            byte[] input,
            InputStream content,
            OptionalLong length,
            CallOptions wanted) {
        Supplier<PolicyInput.Content> whole = () -> Questions.arguments(input, wanted.content());
        Found found = found(scope, instance, operation, wanted, whole);
        CallOptions options = found.options();
        return logged(found.binding(), operation, options, whole, (binding, use) -> {
            OperationCodec<?, ?, ?> codec = catalogue.operation(binding.type.name(), operation);
            if (!(codec.operation() instanceof Operation.Upload<?, ?, ?>)) {
                throw streamless(operation, "takes");
            }
            byte[] output = uploadStream(binding, codec, input, new Content(content, length), options, use);
            requireStill(binding, options);
            return output;
        });
    }

    @Override
    public Download download(
            Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions wanted) {
        Supplier<PolicyInput.Content> whole = () -> Questions.arguments(input);
        Found found = found(scope, instance, operation, wanted, whole);
        CallOptions options = found.options();
        return logged(found.binding(), operation, options, whole, (binding, use) -> {
            OperationCodec<?, ?, ?> codec = catalogue.operation(binding.type.name(), operation);
            if (!(codec.operation() instanceof Operation.Download<?, ?, ?, ?>)) {
                throw streamless(operation, "gives");
            }
            Download download = openDownload(binding, codec, input, options, use);
            try {
                requireStill(binding, options);
            } catch (RuntimeException e) {
                closeUnread(download, e);
                throw e;
            }
            return download;
        });
    }

    private static void closeUnread(Download download, RuntimeException why) {
        try {
            download.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public Digest fingerprint(Scope scope, InstanceId instance) {
        if (lookup.find(scope, instance) == null) {
            arrivals.await(scope, instance);
        }
        Binding binding = binding(scope, instance);
        // whoever agrees to an instance looks at its row; one that could not be opened as that says goes on as it was
        // before
        if (!shown.test(binding)) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_UNSETTLED,
                            "the instance \"" + instance + "\" in " + scope
                                    + " does not run with the configuration that it shows",
                            "Wait a moment; if it lasts, see what its problem is, and mend its configuration.")
                    .with(Retry.after(Duration.ofSeconds(1)))
                    .asException();
        }
        return binding.fingerprint;
    }

    /**
     * Whom a call reaches.
     *
     * @param options with what is left of its time, should it have waited
     */
    private record Found(Binding binding, CallOptions options) {}

    /** The instance to call, waited for when it is about to open; but whoever may not call it neither waits nor has it opened sooner. */
    private Found found(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            CallOptions options,
            Supplier<PolicyInput.Content> content) {
        Binding open = lookup.find(scope, instance);
        if (open != null) {
            return new Found(wanted(open, options), options);
        }
        CallOptions left = arrivals.await(scope, instance, options, () -> {
            Json facts = expected.facts(scope, instance);
            if (facts == null) {
                throw absence.explain(scope, instance).asException();
            }
            // asked again once it is open: until then much may change
            var _ = policy.call(scope, instance, facts, operation, options, content);
        });
        return new Found(binding(scope, instance, left), left);
    }

    /** The very binding whose fingerprint is compared is the one that is called: nothing comes in between. */
    private static Binding wanted(Binding binding, CallOptions options) {
        Digest wanted = options.fingerprint();
        if (wanted != null && !wanted.equals(binding.fingerprint)) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_CHANGED,
                            "the instance \"" + binding.instance + "\" in " + binding.scope
                                    + " is not what it was when this was agreed upon",
                            "Look at its adapter, configuration and secrets, and agree to it as it is.")
                    .asException();
        }
        // what somebody agreed to is not what is being tried
        Trial trial = wanted == null ? binding.trial : null;
        return trial == null ? binding : trial.choose(binding);
    }

    /**
     * Has the version that is being tried answer as well what changes nothing, and compares; nobody waits for it. Not what
     * somebody agreed to or approved: that holds for one call of one instance.
     */
    private void shadow(
            Binding called, OperationCodec<?, ?, ?> codec, byte[] input, byte[] output, CallOptions options) {
        Trial trial = called.trial;
        if (trial == null
                || !trial.shadows()
                || options.fingerprint() != null
                || options.caller().approval() != null
                || codec.operation().effect() != Effect.READ
                || !(codec.operation() instanceof Operation.Plain<?, ?, ?>)) {
            return;
        }
        var _ = Thread.startVirtualThread(() -> {
            try {
                byte[] other = inMemory(trial.candidate(), codec, input, options, Questions::usesNothing);
                trial.compared(isSame(output, other));
            } catch (ProblemException e) {
                if (!Guard.hasNotBegun(e)) {
                    trial.compared(false);
                }
            }
        });
    }

    private static boolean isSame(byte[] one, byte[] other) {
        return Arrays.equals(one, other)
                || Documents.tree(new String(one, StandardCharsets.UTF_8))
                        .equals(Documents.tree(new String(other, StandardCharsets.UTF_8)));
    }

    /**
     * Returns if the answer is that of what was wanted: an instance can take other secrets in the middle of a call, and is
     * known as another before it is offered them.
     */
    private void requireStill(Binding called, CallOptions options) {
        if (options.fingerprint() != null) {
            binding(called.scope, called.instance, options);
        }
    }

    private Binding binding(Scope scope, InstanceId instance, CallOptions options) {
        return wanted(binding(scope, instance), options);
    }

    private Binding binding(Scope scope, InstanceId instance) {
        Binding binding = lookup.find(scope, instance);
        if (binding == null) {
            throw absence.explain(scope, instance).asException();
        }
        return binding;
    }

    private <T, I extends Record, O extends Record> byte[] inMemory(
            Binding binding, OperationCodec<T, I, O> codec, byte[] json, CallOptions options, Runnable use) {
        Duration deadline = deadline(binding, options);
        CallContext context = context(options, deadline);
        T adapter = adapter(binding);
        boolean repeatable = isRepeatable(codec.operation(), options);
        Guard guard = binding.guard;
        return switch (codec.operation()) {
            case Operation.Plain<T, I, O> plain -> {
                I input = codec.input(json);
                yield codec.output(retries.call(
                        guard,
                        repeatable,
                        deadline,
                        (number, left) -> guard.call(asked(codec, options, number), left, flight -> {
                            use.run();
                            return plain.call().invoke(adapter, context, input);
                        })));
            }
            case Operation.Upload<T, I, O> upload -> {
                OperationCodec.WithContent<I> input = codec.inputWithContent(json);
                yield codec.output(retries.call(
                        guard,
                        repeatable,
                        deadline,
                        (number, left) -> guard.call(asked(codec, options, number), left, flight -> {
                            use.run();
                            return upload.call().invoke(adapter, context, input.input(), content(input.content()));
                        })));
            }
            case Operation.Download<T, I, ?, O> download -> {
                I input = codec.input(json);
                yield retries.call(
                        guard,
                        repeatable,
                        deadline,
                        (number, left) -> guard.call(asked(codec, options, number), left, flight -> {
                            use.run();
                            return readWhole(codec, download, adapter, context, input);
                        }));
            }
        };
    }

    private static Content content(byte[] bytes) {
        return new Content(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length));
    }

    /** An approval, and what somebody agreed to by its fingerprint, hold for one call. */
    private static boolean isRepeatable(Operation<?, ?, ?> operation, CallOptions options) {
        boolean harmless = switch (operation.effect()) {
            case READ, IDEMPOTENT -> true;
            case CHANGE -> false;
        };
        return harmless && options.caller().approval() == null && options.fingerprint() == null;
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
            Binding binding,
            OperationCodec<T, I, O> codec,
            byte[] json,
            Content content,
            CallOptions options,
            Runnable use) {
        if (!(codec.operation() instanceof Operation.Upload<T, I, O> upload)) {
            throw new IllegalStateException("checked before");
        }
        Duration patience = deadline(binding, options);
        Duration latest = binding.guard.settings().longestStream();
        CallContext context = context(options, latest);
        T adapter = adapter(binding);
        I input = codec.input(json);
        return codec.output(binding.guard.call(asked(codec, options, 1), patience, latest, flight -> {
            use.run();
            InputStream extending = new ExtendingStream(content.bytes(), flight, patience.toNanos());
            Digest declared = options.content();
            if (declared == null) {
                return upload.call().invoke(adapter, context, input, new Content(extending, content.length()));
            }
            DeclaredContent compared = new DeclaredContent(extending, declared, content.length());
            try {
                compared.requireRight();
                return upload.call().invoke(adapter, context, input, new Content(compared, content.length()));
            } catch (Exception e) {
                throw compared.isOther() ? otherContent(compared, e) : e;
            }
        }));
    }

    /** The sender's fault, whatever the adapter made of it. */
    private static ProblemException otherContent(DeclaredContent compared, Exception cause) {
        return Problem.of(
                        AdapterProblem.CONTENT_DIGEST_MISMATCH,
                        "the content is not the one whose digest was sent: " + compared.difference(),
                        "Send the content that the header Content-Digest tells, or another header.")
                .asException(cause);
    }

    private <T, I extends Record, O extends Record> Download openDownload(
            Binding binding, OperationCodec<T, I, O> codec, byte[] json, CallOptions options, Runnable use) {
        if (!(codec.operation() instanceof Operation.Download<T, I, ?, O> download)) {
            throw new IllegalStateException("checked before");
        }
        Duration deadline = deadline(binding, options);
        I input = codec.input(json);
        CallContext context = context(options, deadline);
        // nothing of it has reached the caller before it is open
        return retries.call(
                binding.guard,
                isRepeatable(download, options),
                deadline,
                (number, left) ->
                        open(binding, codec, download, input, asked(codec, options, number), left, context, use));
    }

    private static <T, I extends Record, D extends Closeable, O extends Record> Download open(
            Binding binding,
            OperationCodec<T, I, O> codec,
            Operation.Download<T, I, D, O> download,
            I input,
            Asked asked,
            Duration deadline,
            CallContext context,
            Runnable use) {
        Guard guard = binding.guard;
        T adapter = adapter(binding);
        return guard.call(asked, deadline, flight -> {
            use.run();
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

    private static Asked asked(OperationCodec<?, ?, ?> codec, CallOptions options, int number) {
        return new Asked(codec.operation().name().value(), options.principal(), options.correlationId(), number);
    }

    private CallContext context(CallOptions options, Duration deadline) {
        return new CallContext(options.correlationId(), clock.instant().plus(deadline), options.idempotencyKey());
    }

    private static Duration deadline(Binding binding, CallOptions options) {
        return binding.guard.settings().deadlineOf(options.deadline());
    }

    private static ProblemException streamless(OperationName operation, String verb) {
        return Problem.of(
                        AdapterProblem.OPERATION_INPUT_INVALID,
                        "the operation " + operation + " " + verb + " no stream",
                        "Call it with JSON under .../operations/" + operation + ".")
                .asException();
    }

    /**
     * Asks the policy, runs the call and writes one line about it: who, where, what, how it ended. Inputs and outputs are
     * never logged.
     */
    private <R> R logged(
            Binding binding,
            OperationName operation,
            CallOptions options,
            Supplier<PolicyInput.Content> content,
            BiFunction<Binding, Runnable, R> call) {
        long start = System.nanoTime();
        try {
            R result = called(binding, operation, options, content, call);
            if (LOG.isLoggable(Level.DEBUG)) {
                log(binding, options).log(Level.DEBUG, line(binding, operation, options, start, "ok"));
            }
            return result;
        } catch (ProblemException e) {
            Level level = e.problem().category() == ProblemCategory.INTERNAL ? Level.WARNING : Level.DEBUG;
            if (LOG.isLoggable(level)) {
                @Nullable Throwable cause = level == Level.WARNING ? e : null;
                log(binding, options)
                        .log(
                                level,
                                line(
                                        binding,
                                        operation,
                                        options,
                                        start,
                                        e.problem().code()),
                                cause);
            }
            throw e;
        }
    }

    /**
     * Calls the binding that was found; when another one has taken its place between the look and the call, that one. A call
     * that has begun is never made again, and only one that begins uses an approval.
     */
    private <R> R called(
            Binding found,
            OperationName operation,
            CallOptions options,
            Supplier<PolicyInput.Content> content,
            BiFunction<Binding, Runnable, R> call) {
        Binding binding = found;
        Runnable use = policy.call(binding, operation, options, content);
        for (int left = MOST_SUCCESSORS; ; left--) {
            try {
                return call.apply(binding, use);
            } catch (ProblemException thrown) {
                Binding next = Guard.hasNotBegun(thrown) ? lookup.find(found.scope, found.instance) : null;
                if (next == null || next == binding || left == 0) {
                    // what an adapter throws may quote its credentials
                    throw binding.mask.masked(thrown);
                }
                Binding before = binding;
                binding = binding(found.scope, found.instance, options);
                if (!binding.definition.equals(before.definition)) {
                    // it was asked about another version; nothing has begun, so no approval is used yet
                    use = policy.call(binding, operation, options, content);
                }
            }
        }
    }

    private static ScopedLog log(Binding binding, CallOptions options) {
        return ScopedLog.of(LOG, binding.scope, binding.instance, options.correlationId());
    }

    private static String line(
            Binding binding, OperationName operation, CallOptions options, long start, String outcome) {
        return "call " + binding + " " + operation + " by " + options.principal() + " [" + options.correlationId()
                + "] " + outcome + " in " + (System.nanoTime() - start) / 1000 + " us";
    }
}
