package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.DeletedObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.telemetry.TelemetryComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the guard costs: the same operation called directly, through the guard with and without metrics, and by name with JSON.
 * Run on virtual threads ({@code -Djmh.executor=VIRTUAL}), as requests are.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GuardedCallBenchmark {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId FILES = new InstanceId("files");
    private static final InstanceKey KEY = new InstanceKey(ACME, FILES);
    private static final OperationName DELETE = new OperationName("delete_object");
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Asked ASKED = new Asked("delete_object", "token:t", "c-1", 1);

    private final FlightTable flights = new FlightTable();
    private final ObjectStorage adapter = new IdleStorage();
    private final Guard guard = guard(new TelemetryComponent());
    private final Guard unmetered = guard(Metrics.NONE);
    private final CallContext context = new CallContext("c-1", Instant.MAX, null);
    private final DeleteObject request = new DeleteObject("key");
    private final byte[] json = "{\"key\":\"key\"}".getBytes(StandardCharsets.UTF_8);
    private final CallOptions options = new CallOptions("token:t", "c-1", null, null);
    private final Binding binding =
            new Binding(ACME, FILES, DefinitionId.parse("idle@1.0.0"), ObjectStorage.TYPE, adapter, guard);
    private final GuardedCalls calls = new GuardedCalls(
            (scope, instance) -> binding,
            new Arrivals(new Observations(), instance -> {}, GuardSettings.USUAL),
            new Questions(new AllowingPolicy()),
            new OperationCatalogue(AdapterType.all(), Wire.mapper()),
            (scope, instance) -> Json.EMPTY_OBJECT,
            (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no " + instance, null),
            open -> true,
            new Retries(Thread::sleep, () -> 1),
            InstantSource.system());

    private Guard guard(Metrics metrics) {
        return new Guard(
                KEY,
                GuardSettings.USUAL,
                flights,
                new CallMeter(metrics, KEY, new CallHistories()),
                InstantSource.system());
    }

    /** Stops the watchdog. */
    @TearDown
    public void stop() {
        flights.close();
    }

    /** The plain Java call. */
    @Benchmark
    public DeletedObject direct() {
        return adapter.deleteObject(context, request);
    }

    /** The same call, guarded. */
    @Benchmark
    public DeletedObject guarded() {
        return guard.call(ASKED, DEADLINE, flight -> adapter.deleteObject(context, request));
    }

    /** The same call on a thread of its own and nothing else: what no guard with deadlines can do without. */
    @Benchmark
    public DeletedObject hop() {
        Hop hop = new Hop(Thread.currentThread());
        Thread.startVirtualThread(hop);
        DeletedObject answer = hop.answer;
        while (answer == null) {
            LockSupport.park(hop);
            answer = hop.answer;
        }
        return answer;
    }

    private final class Hop implements Runnable {
        private final Thread caller;
        private volatile @Nullable DeletedObject answer;

        Hop(Thread caller) {
            this.caller = caller;
        }

        @Override
        public void run() {
            answer = adapter.deleteObject(context, request);
            LockSupport.unpark(caller);
        }
    }

    /** The same call, guarded where nothing is exported. */
    @Benchmark
    public DeletedObject guardedUnmetered() {
        return unmetered.call(ASKED, DEADLINE, flight -> adapter.deleteObject(context, request));
    }

    /** The same call, guarded and by name, from JSON bytes to JSON bytes. */
    @Benchmark
    public byte[] guardedByName() {
        return calls.call(ACME, FILES, DELETE, json, options);
    }
}
