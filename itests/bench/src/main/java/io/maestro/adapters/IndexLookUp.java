package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import org.apache.felix.framework.Felix;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** How long it takes to find one of many instances: by the index, and by the filter of the service registry. */
public final class IndexLookUp {
    private static final int LOOK_UPS = 200_000;
    private static final int REGISTRY_LOOK_UPS = 300;

    private IndexLookUp() {}

    /**
     * Samples of both, in nanoseconds.
     *
     * @param index one look-up in the index each
     * @param registry one look-up in the service registry each
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    public record Samples(double[] index, double[] registry) {}

    /** Registers {@code bindings} instances in a real framework and looks for random ones. */
    public static Samples measure(int bindings, Path folder) throws Exception {
        Felix framework = new Felix(Map.of("org.osgi.framework.storage", folder.toString()));
        framework.start();
        try (FlightTable flights = new FlightTable()) {
            BundleContext context = framework.getBundleContext();
            BindingIndex index = new BindingIndex(context);
            index.open();
            InstanceKey any = new InstanceKey(scope(0), new InstanceId("bench"));
            Guard guard = new Guard(
                    any,
                    GuardSettings.USUAL,
                    flights,
                    new CallMeter(Metrics.NONE, any, new CallHistories()),
                    InstantSource.system());
            IdleStorage adapter = new IdleStorage();
            for (int i = 0; i < bindings; i++) {
                Binding binding = new Binding(
                        scope(i),
                        new InstanceId("files-" + i),
                        DefinitionId.parse("idle@1.0.0"),
                        ObjectStorage.TYPE,
                        adapter,
                        guard);
                context.registerService(binding.interfaces(), adapter, binding.properties());
            }
            for (int round = 0; round < 5; round++) {
                sample(index, bindings, new Random(round));
            }
            Samples samples = new Samples(sample(index, bindings, new Random(42)), registry(context, bindings));
            index.close();
            return samples;
        } finally {
            framework.stop();
            framework.waitForStop(60_000);
        }
    }

    private static Scope scope(int i) {
        return Scope.of("tenant-" + i % 1000, "prod");
    }

    private static double[] sample(BindingIndex index, int bindings, Random random) {
        // names made beforehand: a request brings its own
        int[] wanted = random.ints(LOOK_UPS, 0, bindings).toArray();
        Scope[] scopes = Arrays.stream(wanted).mapToObj(IndexLookUp::scope).toArray(Scope[]::new);
        InstanceId[] names = Arrays.stream(wanted)
                .mapToObj(i -> new InstanceId("files-" + i))
                .toArray(InstanceId[]::new);
        double[] nanos = new double[LOOK_UPS];
        int found = 0;
        for (int i = 0; i < LOOK_UPS; i++) {
            long start = System.nanoTime();
            Binding binding = index.find(scopes[i], names[i]);
            nanos[i] = System.nanoTime() - start;
            found += binding == null ? 0 : 1;
        }
        if (found != LOOK_UPS) {
            throw new IllegalStateException("found only " + found);
        }
        return nanos;
    }

    private static double[] registry(BundleContext context, int bindings) throws Exception {
        Random random = new Random(42);
        double[] nanos = new double[REGISTRY_LOOK_UPS];
        for (int i = -20; i < REGISTRY_LOOK_UPS; i++) {
            int wanted = random.nextInt(bindings);
            String filter = "(&(maestro.tenant=" + scope(wanted).tenant() + ")(maestro.environment=prod)"
                    + "(maestro.instance=files-" + wanted + "))";
            long start = System.nanoTime();
            Collection<ServiceReference<AdapterInstance>> found =
                    context.getServiceReferences(AdapterInstance.class, filter);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
            if (found.size() != 1) {
                throw new IllegalStateException("found " + found.size());
            }
        }
        return nanos;
    }
}
