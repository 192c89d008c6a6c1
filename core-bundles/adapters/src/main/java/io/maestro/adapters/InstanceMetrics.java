package io.maestro.adapters;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.telemetry.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What this node tells of its instances. Any thread. */
final class InstanceMetrics implements AutoCloseable {
    private final Metrics metrics;
    private final CallHistories histories;
    private final List<Metrics.Gauge> gauges = new ArrayList<>();

    InstanceMetrics(Metrics metrics, CallHistories histories) {
        this.metrics = metrics;
        this.histories = histories;
    }

    /** What counts the calls into this instance. */
    CallMeter calls(InstanceKey key) {
        return new CallMeter(metrics, key, histories);
    }

    /** Shows how many instances are in each state, until {@link #close}. */
    void show(Observations observations) {
        for (Observed observed : Observed.values()) {
            gauges.add(metrics.gauge(
                    "mc_instances",
                    "Instances by what this node observes of them.",
                    () -> observations.count(observed),
                    "observed",
                    observed.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** The instance is no more; another one of its name begins anew. */
    void forget(InstanceKey key) {
        histories.forget(key);
        metrics.forget(
                "tenant",
                key.scope().tenant().value(),
                "environment",
                key.scope().environment().value(),
                "instance",
                key.instance().value());
    }

    @Override
    public void close() {
        gauges.forEach(Metrics.Gauge::close);
        gauges.clear();
    }
}
