package io.maestro.adapters;

import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Rolls bad and good versions out over many tenants, all of whom are calling, and looks who notices. */
public final class CanaryMeasure {
    private static final AdapterName ECHO = new AdapterName("echo");
    private static final int CALLERS = 12;

    /** Between two calls of one caller: what hangs or computes is then bounded by the callers, as in life. */
    private static final Duration BREATH = Duration.ofMillis(40);

    private final MeasuredHost measured;
    private final List<Scope> canary;
    private final List<Scope> others;
    private final AtomicBoolean calling = new AtomicBoolean(true);
    private final AtomicInteger callsOutside = new AtomicInteger();
    private final AtomicInteger errorsOutside = new AtomicInteger();
    private final List<Double> seconds = new ArrayList<>();
    private final Map<String, Integer> stopped = new TreeMap<>();
    private int bad;
    private int good;
    private int falsely;

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

        @SuppressWarnings("EnumOrdinal") // versions of this measure only
        private String version() {
            return "1." + (ordinal() + 1) + ".0";
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private CanaryMeasure(MeasuredHost measured, int tenants, int inCanary) {
        this.measured = measured;
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
     * @param stopped how many of each kind went back by themselves, by the kind and the gate that noticed
     * @param seconds from the moment in which the flaw showed until all was back, for each that went back
     * @param falsely how many good versions went back
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    public record Seen(
            int bad,
            int rolledBack,
            Map<String, Integer> stopped,
            double[] seconds,
            int callsOutside,
            int errorsOutside,
            int good,
            int falsely) {}

    /**
     * Rolls versions out, one after another.
     *
     * @param tenants how many there are, each with one instance
     * @param inCanary how many of them are in the first step
     * @param each how often each of the kinds of bad version
     * @param good how many good versions
     */
    public static Seen measure(Path folder, int tenants, int inCanary, int each, int good) throws Exception {
        MeasuredHost measured = new MeasuredHost(folder);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            return new CanaryMeasure(measured, tenants, inCanary).run(callers, each, good);
        } finally {
            measured.end();
        }
    }

    private Seen run(ExecutorService callers, int each, int goodOnes) throws Exception {
        measured.admit("1.0.0", "1.0.0");
        for (Flaw flaw : Flaw.values()) {
            measured.admit(flaw.version(), "1.0.0 " + flaw.text());
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
                    bad(flaw);
                }
            }
            for (int number = 1; number <= goodOnes; number++) {
                good("2.0." + number);
            }
        } finally {
            calling.set(false);
        }
        int rolledBack = seconds.size();
        return new Seen(
                bad,
                rolledBack,
                stopped,
                seconds.stream().mapToDouble(Double::doubleValue).toArray(),
                callsOutside.get(),
                errorsOutside.get(),
                good,
                falsely);
    }

    private void bad(Flaw flaw) {
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
        Rollout ended = rollOut(flaw.version(), gates, shadow ? 0 : 50);
        long now = System.nanoTime();
        String first = System.getProperty(WorkingStorage.FLAWED);
        if (ended.state() == State.ROLLED_BACK && first != null) {
            seconds.add((now - Long.parseLong(first)) / 1e9);
        }
        String gate = ended.report() == null
                ? "none"
                : Documents.tree(ended.report().text()).path("gate").asText();
        stopped.merge(flaw.text() + " → " + gate, 1, Integer::sum);
        System.clearProperty(WorkingStorage.FLAWED);
    }

    private void good(String version) throws Exception {
        measured.admit(version, version);
        good++;
        Rollout ended = rollOut(version, Gates.USUAL, 50);
        if (ended.state() != State.DONE) {
            falsely++;
            stopped.merge("good → " + ended.report(), 1, Integer::sum);
        }
    }

    private Rollout rollOut(String version, Gates gates, int percent) {
        Step first = new Step(
                canary.stream().map(Scope::tenant).toList(), List.of(), percent, Duration.ofSeconds(8), percent);
        Step rest = new Step(List.of(), List.of(), 100, Duration.ZERO, 0);
        Rollout rollout = measured.host
                .rollouts()
                .start(new Course(ECHO, new AdapterVersion(version), List.of(first, rest), gates), MeasuredHost.ADA);
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
                var _ = measured.host
                        .calls()
                        .call(
                                scopes.get(number % scopes.size()),
                                MeasuredHost.MAIN,
                                new OperationName("list"),
                                input.getBytes(StandardCharsets.UTF_8),
                                new CallOptions("test", "c", null, null));
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
