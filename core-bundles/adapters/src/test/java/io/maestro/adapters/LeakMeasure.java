package io.maestro.adapters;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Scope;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** What stays in memory of an adapter that behaves, when it goes to another version and back again and again. */
public final class LeakMeasure {
    private static final Scope ACME = Scope.of("acme", "prod");

    private LeakMeasure() {}

    /**
     * What was seen.
     *
     * @param alive class loaders of bundles that were taken out and are not collected
     * @param before bytes of classes after the warm-up
     * @param after bytes of classes at the end
     */
    public record Seen(int cycles, int alive, long before, long after) {
        /** By which share of what they were at first the classes grew. */
        public double growth() {
            return (double) (after - before) / before;
        }
    }

    /**
     * Upgrades one instance up and back; each time, the bundle that is not used any more is taken out.
     *
     * @param warmUp how often before it is counted: what is loaded once for all is no growth
     * @param cycles how often then
     */
    public static Seen measure(Path folder, int warmUp, int cycles) throws Exception {
        MeasuredHost measured = new MeasuredHost(folder);
        try {
            measured.admit("1.0.0", "1.0.0");
            measured.create(ACME, "1.0.0");
            measured.admit("1.1.0", "1.1.0");
            for (int i = 0; i < warmUp; i++) {
                cycle(measured.host, i % 2 == 0);
            }
            // the same version as at the end
            if (warmUp % 2 != cycles % 2) {
                throw new IllegalArgumentException(warmUp + " and " + cycles);
            }
            var _ = alive(measured.host);
            long before = metaspace();
            for (int i = 0; i < cycles; i++) {
                cycle(measured.host, (i + warmUp) % 2 == 0);
            }
            int alive = alive(measured.host);
            return new Seen(cycles, alive, before, metaspace());
        } finally {
            measured.end();
        }
    }

    private static void cycle(TestHost host, boolean up) throws TimeoutException {
        InstanceAct act = up
                ? new InstanceAct.Upgrade(ACME, MeasuredHost.MAIN, new AdapterVersion("1.1.0"), null, null)
                : new InstanceAct.Rollback(ACME, MeasuredHost.MAIN, null, null);
        var _ = host.acts().carryOut(act, null, MeasuredHost.ADA).orElseThrow();
        await(() -> bundles(host) == 1);
    }

    /** How many loaders are left when they have had the time to go. */
    private static int alive(TestHost host) {
        try {
            await(() -> host.leaks().leaks().isEmpty());
            return 0;
        } catch (TimeoutException e) {
            return host.leaks().leaks().size();
        }
    }

    private static void await(BooleanSupplier condition) throws TimeoutException {
        long end = System.nanoTime() + MeasuredHost.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException();
            }
            MeasuredHost.pause(Duration.ofMillis(5));
        }
    }

    private static long bundles(TestHost host) {
        return Arrays.stream(host.framework.host.getBundles())
                .filter(host.framework.adapters::contains)
                .count();
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .findFirst()
                .orElseThrow()
                .getUsed();
    }
}
