package io.maestro.telemetry;

import io.maestro.api.telemetry.Metrics;
import java.io.IOException;
import java.util.function.DoubleSupplier;
import org.osgi.service.component.annotations.Component;

/** Offers metrics; needs nobody, so that everybody may need it. */
@Component
public final class TelemetryComponent implements Metrics {
    private final Metrics metrics = new Meters();

    @Override
    public Counter counter(String name, String help, String... tags) {
        return metrics.counter(name, help, tags);
    }

    @Override
    public Timer timer(String name, String help, String... tags) {
        return metrics.timer(name, help, tags);
    }

    @Override
    public Gauge gauge(String name, String help, DoubleSupplier value, String... tags) {
        return metrics.gauge(name, help, value, tags);
    }

    @Override
    public void forget(String... tags) {
        metrics.forget(tags);
    }

    @Override
    public void write(Appendable out, Format format, Selection selection) throws IOException {
        metrics.write(out, format, selection);
    }
}
