package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import org.osgi.framework.BundleContext;

/** Tells, when opened, what it sees of the framework. Its activate method gets a context that adapters should not ask for. */
public final class SpyFactory implements AdapterFactory {
    @SuppressWarnings("NullAway.Init") // by activate
    private BundleContext context;

    /** Called by the runtime of declarative services. */
    public void activate(BundleContext given) {
        context = given;
    }

    @Override
    public AdapterInstance open(AdapterContext ignored) {
        throw Problem.of(CallerProblem.INVALID_REQUEST, "unused", null).asException();
    }

    /** What it sees: how many bundles, and whether the system bundle. */
    @Override
    public String toString() {
        try {
            var services = context.getAllServiceReferences(null, null);
            return "bundles=" + context.getBundles().length + " system=" + (context.getBundle(0) != null) + " services="
                    + (services == null ? 0 : services.length);
        } catch (Exception e) {
            return e.toString();
        }
    }
}
