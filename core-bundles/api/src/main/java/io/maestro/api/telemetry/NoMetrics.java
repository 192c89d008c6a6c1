package io.maestro.api.telemetry;

import java.util.function.DoubleSupplier;

/** Keeps nothing and shows nothing. */
final class NoMetrics implements Metrics {
    @Override
    public Counter counter(String name, String help, String... tags) {
        return count -> {};
    }

    @Override
    public Timer timer(String name, String help, String... tags) {
        return nanos -> {};
    }

    @Override
    public Gauge gauge(String name, String help, DoubleSupplier value, String... tags) {
        return () -> {};
    }

    @Override
    public void forget(String... tags) {
        // there is nothing
    }

    @Override
    public void write(Appendable out, Format format, Selection selection) {
        // there is nothing
    }
}
