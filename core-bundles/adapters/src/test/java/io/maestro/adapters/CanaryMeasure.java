package io.maestro.adapters;

import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.OperationName;
import io.maestro.model.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rolls bad and good versions out over many tenants, all of whom are calling, and looks who notices. */
public final class CanaryMeasure {
    private static final AdapterName ECHO = new AdapterName("echo");
    private static final int CALLERS = 12;
    private static final int ACTING = 16;

    /** Between two calls of one caller: what hangs or computes is then bounded by the callers, as in life. */
    private static final Duration BREATH = Duration.ofMillis(40);

    private final MeasuredHost measured;
    private final List<Scope> canary;
    private final List<Scope> others;
    private final AtomicBoolean calling = new AtomicBoolean(true);
    private final AtomicInteger callsOutside = new AtomicInteger();
    private final AtomicInteger errorsOutside = new AtomicInteger();
    private final Map<String, List<Double>> stopped = new TreeMap<>();
    private final Map<String, Naive> naively = new TreeMap<>();
    private final List<String> falsely = new ArrayList<>();
    private final Consumer<String> progress;
    private int bad;
    private int good;

    /** What a new version can have. */
    private enum Flaw {
        ERRORS,
        SLOW,
        LEAK,
        WRONG,
        HOG,
        OPEN,
        CONFIGURATION,
        PERMISSION;

        /** Those that are open to everybody once they have opened, and that show in single answers. */
        private static final List<Flaw> SEEN_BY_CALLERS = List.of(ERRORS, WRONG, PERMISSION);

        @SuppressWarnings("EnumOrdinal") // versions of this measure only
        private String version() {
            return (ordinal() + 1) + ".0";
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private CanaryMeasure(MeasuredHost measured, int tenants, int inCanary, Consumer<String> progress) {
        this.measured = measured;
        this.progress = progress;
        List<Scope> all = IntStream.range(0, tenants)
                .mapToObj(number -> Scope.of("tenant-" + number, "prod"))
                .toList();
        this.canary = all.subList(0, inCanary);
        this.others = all.subList(inCanary, tenants);
    }

    /**
     * What was seen.
     *
     * @param bad how many bad versions were rolled out
     * @param stopped by the kind and the gate that noticed, or {@code none}: how many seconds it took from the moment in
     *     which the flaw showed until all was back; not a number when it did not go back
     * @param naively by kind, what tenants outside saw when everybody got that version at once
     * @param falsely why good versions went back
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    public record Seen(
            int bad,
            Map<String, List<Double>> stopped,
            int callsOutside,
            int errorsOutside,
            int good,
            List<String> falsely,
            Map<String, Naive> naively) {
        /** Of those that went back. */
        public double[] seconds() {
            return stopped.values().stream()
                    .flatMap(List::stream)
                    .mapToDouble(Double::doubleValue)
                    .filter(Double::isFinite)
                    .toArray();
        }
    }

    /** Calls of tenants outside, and how many of them failed or were answered wrongly. */
    public record Naive(int calls, int errors) {}

    /**
     * Rolls versions out, one after another.
     *
     * @param tenants how many there are, each with one instance
     * @param inCanary how many of them are in the first step
     * @param each how often each of the kinds of bad version; every fifth is to go on to all tenants
     * @param good how many good versions; every tenth goes to all tenants, the others to those in the canary
     * @param progress told of each rollout
     */
    public static Seen measure(Path folder, int tenants, int inCanary, int each, int good, Consumer<String> progress)
            throws Exception {
        MeasuredHost measured = new MeasuredHost(folder);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            return new CanaryMeasure(measured, tenants, inCanary, progress).run(callers, each, good);
        } finally {
            measured.end();
        }
    }

    private Seen run(ExecutorService callers, int each, int goodOnes) throws Exception {
        measured.admit("1.0.0", "1.0.0");
        for (Flaw flaw : Flaw.values()) {
            measured.admit("1." + flaw.version(), "1.0.0 " + flaw.text());
        }
        canary.forEach(scope -> measured.create(scope, "1.0.0"));
        others.forEach(scope -> measured.create(scope, "1.0.0"));
        for (Scope scope : canary) {
            callers.execute(() -> calls(List.of(scope), false));
        }
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            callers.execute(() -> calls(
                    IntStream.range(0, others.size())
                            .filter(number -> number % CALLERS == first)
                            .mapToObj(others::get)
                            .toList(),
                    true));
        }
        try {
            for (int round = 0; round < each; round++) {
                for (Flaw flaw : Flaw.values()) {
                    bad(flaw, round % 5 == 0);
                }
            }
            for (int number = 1; number <= goodOnes; number++) {
                good("2.0." + number, number % 10 == 1);
            }
            int calls = callsOutside.get();
            int errors = errorsOutside.get();
            // last: what they do to those outside must not count for the others
            for (Flaw flaw : Flaw.SEEN_BY_CALLERS) {
                naive(flaw, "3." + flaw.version());
            }
            return new Seen(bad, stopped, calls, errors, good, falsely, naively);
        } finally {
            calling.set(false);
        }
    }

    private void bad(Flaw flaw, boolean all) {
        bad++;
        System.clearProperty(WorkingStorage.FLAWED);
        // what answers wrongly is asked beside, before anybody gets its answers
        boolean shadow = flaw == Flaw.WRONG;
        Gates usual = Gates.USUAL;
        Gates gates = new Gates(
                usual.errors(),
                usual.percentile(),
                usual.slowdown(),
                usual.slack(),
                usual.refusals(),
                shadow,
                usual.differences(),
                usual.samples());
        Rollout ended = rollOut("1." + flaw.version(), gates, shadow ? 0 : 50, Duration.ofSeconds(6), all);
        long now = System.nanoTime();
        String first = System.getProperty(WorkingStorage.FLAWED);
        boolean back = ended.state() == State.ROLLED_BACK && first != null;
        double took = back ? (now - Long.parseLong(first)) / 1e9 : Double.NaN;
        String gate = ended.report() == null
                ? "none"
                : Documents.tree(ended.report().text()).path("gate").asText();
        stopped.computeIfAbsent(flaw.text() + " → " + gate, any -> new ArrayList<>())
                .add(took);
        System.clearProperty(WorkingStorage.FLAWED);
        progress.accept(String.format(Locale.ROOT, "bad %d: %s → %s, %.2f s", bad, flaw.text(), gate, took));
    }

    private void good(String version, boolean all) throws Exception {
        measured.admit(version, version);
        good++;
        Rollout ended = rollOut(version, Gates.USUAL, 50, Duration.ofSeconds(4), all);
        if (ended.state() != State.DONE) {
            falsely.add(String.valueOf(ended.report()));
        }
        progress.accept("good " + good + ": " + ended.state());
    }

    /** As if there were no rollouts: everybody gets it at once, and somebody takes it back after two seconds. */
    private void naive(Flaw flaw, String version) throws Exception {
        measured.admit(version, "1.0.0 " + flaw.text());
        int calls = callsOutside.get();
        int errors = errorsOutside.get();
        everywhere(scope -> new InstanceAct.Upgrade(scope, MeasuredHost.MAIN, new AdapterVersion(version), null, null));
        MeasuredHost.pause(Duration.ofSeconds(2));
        everywhere(scope -> new InstanceAct.Rollback(scope, MeasuredHost.MAIN, null, null));
        Naive seen = new Naive(callsOutside.get() - calls, errorsOutside.get() - errors);
        naively.put(flaw.text(), seen);
        System.clearProperty(WorkingStorage.FLAWED);
        progress.accept("everybody at once: " + flaw.text() + ", " + seen);
    }

    private void everywhere(Function<Scope, InstanceAct> act) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(ACTING)) {
            List<Future<?>> acts = new ArrayList<>();
            for (Scope scope : Stream.concat(canary.stream(), others.stream()).toList()) {
                acts.add(threads.submit(() -> measured.host.acts().carryOut(act.apply(scope), null, MeasuredHost.ADA)));
            }
            for (Future<?> one : acts) {
                var _ = one.get();
            }
        }
    }

    private Rollout rollOut(String version, Gates gates, int percent, Duration hold, boolean all) {
        Step first = new Step(canary.stream().map(Scope::tenant).toList(), List.of(), percent, hold, percent);
        Step rest = new Step(List.of(), List.of(), 100, Duration.ZERO, 0);
        Rollout rollout = measured.host
                .rollouts()
                .start(
                        new Course(
                                ECHO, new AdapterVersion(version), all ? List.of(first, rest) : List.of(first), gates),
                        MeasuredHost.ADA);
        while (rollout.endedAt() == null) {
            MeasuredHost.pause(Duration.ofMillis(50));
            rollout = measured.host.rollouts().rollout(rollout.id());
        }
        return rollout;
    }

    private void calls(List<Scope> scopes, boolean outside) {
        for (int number = 0; calling.get() && !scopes.isEmpty(); number++) {
            String input = "{\"prefix\":\"" + (1 + number % 5) + "\"}";
            try {
                byte[] answer = measured.host
                        .calls()
                        .call(
                                scopes.get(number % scopes.size()),
                                MeasuredHost.MAIN,
                                new OperationName("list"),
                                input.getBytes(StandardCharsets.UTF_8),
                                new CallOptions("test", "c", null, null));
                if (outside && !new String(answer, StandardCharsets.UTF_8).contains("answer")) {
                    errorsOutside.incrementAndGet();
                }
            } catch (RuntimeException e) {
                if (outside) {
                    errorsOutside.incrementAndGet();
                }
            }
            if (outside) {
                callsOutside.incrementAndGet();
            }
            MeasuredHost.pause(BREATH);
        }
    }
}
