package io.maestro.adapters;

import io.maestro.api.adapters.Calls;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.telemetry.Traces.Kind;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Has each call of an instance be a step of the request that makes it, with all its tries and the policy's answer. That of a
 * download ends once the adapter has opened it; how long its bytes take is the request's time.
 */
record TracedCalls(Calls calls, Traces traces) implements Calls {
    /** The calls themselves where traces are off, so that nobody pays for them. */
    static Calls of(Calls calls, Traces traces) {
        return traces.isOn() ? new TracedCalls(calls, traces) : calls;
    }

    @Override
    public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        return step(scope, instance, operation, () -> calls.call(scope, instance, operation, input, options));
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
        return step(
                scope,
                instance,
                operation,
                () -> calls.upload(scope, instance, operation, input, content, length, options));
    }

    @Override
    public Download download(
            Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        return step(scope, instance, operation, () -> calls.download(scope, instance, operation, input, options));
    }

    @Override
    public Digest fingerprint(Scope scope, InstanceId instance) {
        return calls.fingerprint(scope, instance);
    }

    private <R> R step(Scope scope, InstanceId instance, OperationName operation, Supplier<R> call) {
        return traces.step(Kind.CLIENT, "adapter " + operation, span -> {
            span.tag("maestro.tenant", scope.tenant().value());
            span.tag("maestro.environment", scope.environment().value());
            span.tag("maestro.instance", instance.value());
            span.tag("maestro.operation", operation.toString());
            return call.get();
        });
    }
}
