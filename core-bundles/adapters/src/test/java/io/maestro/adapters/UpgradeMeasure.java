package io.maestro.adapters;

import io.maestro.adapters.SteadyLoad.Done;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What becomes of the calls of several tenants while their instances go to another version and back. */
public final class UpgradeMeasure {
    private static final List<Scope> SCOPES = IntStream.range(0, 4)
            .mapToObj(number -> Scope.of("tenant-" + number, "prod"))
            .toList();

    private UpgradeMeasure() {}

    /** How the instances go to another version. */
    public enum Way {
        /** The new version beside the old one, then a switch. */
        SWITCH,
        /** Stopped, moved, started: what a plugin server does in place. */
        IN_PLACE
    }

    /**
     * What was seen.
     *
     * @param failed calls that had no answer, and streams that broke
     * @param doubled calls that the adapter had twice
     * @param losing upgrades in which a call failed
     * @param steady how long calls took that began outside of upgrades, in milliseconds
     * @param switching how long calls took that began within one
     * @param steadyBeyond the same, without the time that the adapter was asked to take
     * @param switchingBeyond as {@code steadyBeyond}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    public record Seen(
            int upgrades,
            int calls,
            int streams,
            int failed,
            int doubled,
            int losing,
            double[] steady,
            double[] switching,
            double[] steadyBeyond,
            double[] switchingBeyond,
            Set<String> failures) {}

    private record Span(long begin, long end) {
        private boolean has(Done call) {
            return call.begun() >= begin && call.begun() <= end;
        }
    }

    /**
     * Upgrades under load. Each upgrade moves the instances of all tenants at once.
     *
     * @param perSecond how many calls begin each second
     * @param between how long it is waited after each
     */
    public static Seen measure(Path folder, Way way, int upgrades, int perSecond, Duration between) throws Exception {
        MeasuredHost measured = new MeasuredHost(folder);
        try {
            measured.admit("1.0.0", "1.0.0");
            measured.admit("1.1.0", "1.1.0");
            SCOPES.forEach(scope -> measured.create(scope, "1.0.0"));
            SteadyLoad load = new SteadyLoad(measured.host, SCOPES, perSecond);
            load.start();
            List<Span> spans = new ArrayList<>();
            long warm;
            try {
                // the first ones load classes: they count for what is lost, not for the time
                for (int i = 0; i < 2; i++) {
                    MeasuredHost.pause(between);
                    upgrade(measured.host, way, i % 2 == 0);
                }
                MeasuredHost.pause(between.multipliedBy(2));
                warm = System.nanoTime();
                for (int i = 0; i < upgrades; i++) {
                    MeasuredHost.pause(between);
                    long begin = System.nanoTime();
                    upgrade(measured.host, way, i % 2 == 0);
                    spans.add(new Span(begin, System.nanoTime()));
                }
                MeasuredHost.pause(between);
            } finally {
                load.end();
            }
            return seen(load, spans, warm);
        } finally {
            measured.end();
        }
    }

    private static Seen seen(SteadyLoad load, List<Span> spans, long warm) {
        List<Done> all = load.done();
        List<Done> failed = all.stream().filter(call -> call.failure() != null).toList();
        List<Done> switching = new ArrayList<>();
        List<Done> steady = new ArrayList<>();
        for (Done call : all) {
            if (call.failure() == null && call.begun() >= warm) {
                boolean within = spans.stream().anyMatch(span -> span.has(call));
                (within ? switching : steady).add(call);
            }
        }
        Set<String> failures = new HashSet<>(load.brokenStreams());
        failed.forEach(call -> failures.add(String.valueOf(call.failure())));
        return new Seen(
                spans.size(),
                all.size(),
                load.streams(),
                failed.size() + load.brokenStreams().size(),
                load.doubled(),
                (int) spans.stream()
                        .filter(span -> failed.stream().anyMatch(span::has))
                        .count(),
                times(steady, Done::millis),
                times(switching, Done::millis),
                times(steady, Done::beyond),
                times(switching, Done::beyond),
                failures);
    }

    private static double[] times(List<Done> calls, ToDoubleFunction<Done> of) {
        return calls.stream().mapToDouble(of).toArray();
    }

    private static void upgrade(TestHost host, Way way, boolean up) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> moves = new ArrayList<>();
            for (Scope scope : SCOPES) {
                moves.add(threads.submit(() -> {
                    switch (way) {
                        case SWITCH -> move(host, scope, up);
                        case IN_PLACE -> {
                            want(host, scope, Wanted.STOPPED);
                            move(host, scope, up);
                            want(host, scope, Wanted.RUNNING);
                        }
                    }
                }));
            }
            for (Future<?> move : moves) {
                var _ = move.get();
            }
        }
    }

    private static void want(TestHost host, Scope scope, Wanted wanted) {
        host.instances().want(scope, MeasuredHost.MAIN, wanted, null, MeasuredHost.ADA);
        var _ = host.instances().await(scope, MeasuredHost.MAIN, MeasuredHost.PATIENCE);
    }

    private static void move(TestHost host, Scope scope, boolean up) {
        InstanceAct act = up
                ? new InstanceAct.Upgrade(scope, MeasuredHost.MAIN, new AdapterVersion("1.1.0"), null, null)
                : new InstanceAct.Rollback(scope, MeasuredHost.MAIN, null, null);
        var _ = host.acts().carryOut(act, null, MeasuredHost.ADA).orElseThrow();
    }
}
