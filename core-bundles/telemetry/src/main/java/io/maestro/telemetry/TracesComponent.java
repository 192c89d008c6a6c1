package io.maestro.telemetry;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.maestro.api.telemetry.Traces;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers traces: those that are sent where the node's values say, or none. Immediate, so that it outlives its users. */
@Component(service = Traces.class, immediate = true)
public final class TracesComponent implements Traces {
    private final Traces traces;
    private final Runnable end;

    /** Nothing of OpenTelemetry is loaded where nobody wants traces. */
    @Activate
    public TracesComponent(@Reference NodeSettings node, @Reference Values values) {
        String url = values.text(Setting.TRACES_URL);
        if (url.isEmpty()) {
            traces = Traces.NONE;
            end = () -> {};
        } else {
            OtlpTraces sent = OtlpTraces.to(url, node.node(), values.number(Setting.TRACES_PERCENT));
            traces = sent;
            end = sent::close;
        }
    }

    /** Sends what is left, for a few seconds at most. */
    @Deactivate
    public void stop() {
        end.run();
    }

    @Override
    public boolean isOn() {
        return traces.isOn();
    }

    @Override
    public <R, E extends Exception> R request(String name, Origin origin, Work<R, E> work) throws E {
        return traces.request(name, origin, work);
    }

    @Override
    public <R, E extends Exception> R step(Kind kind, String name, Work<R, E> work) throws E {
        return traces.step(kind, name, work);
    }
}
