package io.maestro.adapters;

import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a steady rate, whether the ones before have ended or not, of 1 ms to 2 s, and one stream after another for each
 * tenant. Every call is made once, and bears a name under which the adapter counts it.
 */
final class SteadyLoad {
    /** In milliseconds: one call of a second and one of two in each twenty, a quarter of a second on average. */
    private static final int[] DURATIONS = {1, 20, 5, 100, 1, 2000, 10, 50, 2, 200, 1, 20, 1000, 5, 10, 500, 2, 50, 1, 5
    };

    private static final int GENTLE = 100;
    private static final int STREAMED = 10;

    private final TestHost host;
    private final List<Scope> scopes;
    private final long interval;
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final Queue<String> brokenStreams = new ConcurrentLinkedQueue<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicBoolean calling = new AtomicBoolean(true);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A call that has ended.
     *
     * @param begun by {@link System#nanoTime}
     * @param took in nanoseconds
     * @param asked how long the adapter was asked to take, in milliseconds
     * @param failure null when it was answered
     */
    record Done(
            String name,
            long begun,
            long took,
            int asked,
            @Nullable String failure) {
        double millis() {
            return took / 1e6;
        }

        double beyond() {
            return millis() - asked;
        }
    }

    SteadyLoad(TestHost host, List<Scope> scopes, int perSecond) {
        this.host = host;
        this.scopes = scopes;
        this.interval = Duration.ofSeconds(1).toNanos() / perSecond;
    }

    void start() {
        scopes.forEach(scope -> callers.execute(() -> streams(scope)));
        var _ = Thread.ofPlatform().daemon().name("steady-load").start(this::pace);
    }

    /** Returns when all that was begun has ended. */
    void end() {
        calling.set(false);
        callers.close();
    }

    List<Done> done() {
        return List.copyOf(done);
    }

    List<String> brokenStreams() {
        return List.copyOf(brokenStreams);
    }

    int streams() {
        return streams.get();
    }

    /** How many of the calls the adapter has had more than once; forgets what was counted. */
    int doubled() {
        int doubled = 0;
        for (Done call : done) {
            String times = String.valueOf(System.getProperties().remove(WorkingStorage.CALLED + call.name()));
            if (times.length() > 1 && !times.equals("null")) {
                doubled++;
            }
        }
        return doubled;
    }

    private void pace() {
        long next = System.nanoTime();
        for (int number = 0; calling.get(); number++) {
            // gently at first: what is loaded with the first calls holds up those behind them
            next += number < GENTLE ? interval * 4 : interval;
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int mine = number;
            try {
                callers.execute(() -> call(mine));
            } catch (java.util.concurrent.RejectedExecutionException e) {
                // ended between the look and the call
                return;
            }
        }
    }

    private void call(int number) {
        Scope scope = scopes.get(number % scopes.size());
        // another duration for the same tenant each time
        int asked = DURATIONS[number / scopes.size() % DURATIONS.length];
        String name = scope.tenant() + "." + Integer.toHexString(hashCode()) + "." + number;
        String input = "{\"prefix\":\"" + asked + "-" + name + "\"}";
        long begun = System.nanoTime();
        String failure = null;
        try {
            var _ = host.calls().call(scope, MeasuredHost.MAIN, new OperationName("list"), bytes(input), options());
        } catch (RuntimeException e) {
            failure = String.valueOf(e.getMessage());
        }
        done.add(new Done(name, begun, System.nanoTime() - begun, asked, failure));
    }

    private void streams(Scope scope) {
        while (calling.get()) {
            try (Download download = host.calls()
                    .download(
                            scope,
                            MeasuredHost.MAIN,
                            new OperationName("get_object"),
                            bytes("{\"key\":\"k\"}"),
                            options())) {
                if (download.content().readAllBytes().length != STREAMED) {
                    brokenStreams.add("a stream broke off");
                }
                streams.incrementAndGet();
            } catch (IOException | RuntimeException e) {
                brokenStreams.add(String.valueOf(e.getMessage()));
                // an instance that is not there answers at once: not as fast as it can
                LockSupport.parkNanos(interval);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CallOptions options() {
        return new CallOptions("test", "c", null, null);
    }
}
