package io.maestro.adapters;

import io.maestro.adapters.isolation.AdapterBundles;
import io.maestro.adapters.isolation.BundleIsolation;
import io.maestro.adapters.isolation.ServiceIsolation;
import io.maestro.adapters.isolation.WiringIsolation;
import io.maestro.adapters.leaks.LoaderWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.Felix;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A framework within the test's process; the tests stand where the host's bundle stands in the server. */
final class TestFramework {
    private static final String EXPORTS = "io.maestro.adapter.spi;version=1.0.0,"
            + "io.maestro.adapter.spi.storage;version=1.0.0,io.maestro.model;version=1.0.0,"
            + "io.maestro.api.adapters;version=1.0.0,org.osgi.service.component;version=1.5.0,"
            + "org.osgi.service.component.runtime;version=1.5.0,org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0";

    final Felix felix;
    final BundleContext host;
    final AdapterBundles adapters;

    TestFramework(Path data) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("org.osgi.framework.storage", data.resolve("framework").toString());
        settings.put("org.osgi.framework.system.packages.extra", EXPORTS);
        // else the framework guesses, and an adapter may get classes from the class path
        settings.put("felix.bootdelegation.implicit", "false");
        settings.put("ds.loglevel", "error");
        felix = new Felix(settings);
        felix.start();
        host = felix.getBundleContext();
        host.installBundle("file:" + onClassPath("org.apache.felix.scr")).start();
        adapters = AdapterBundles.from(data.resolve("artifacts"));
    }

    /** Puts the fences up as the host does. */
    TestFramework isolated() {
        ServiceIsolation services = new ServiceIsolation(adapters, felix);
        BundleIsolation bundles = new BundleIsolation(adapters, felix);
        host.registerService(
                new String[] {FindHook.class.getName(), EventListenerHook.class.getName()}, services, null);
        host.registerService(
                new String[] {
                    org.osgi.framework.hooks.bundle.FindHook.class.getName(),
                    EventHook.class.getName(),
                    CollisionHook.class.getName()
                },
                bundles,
                null);
        host.registerService(
                ResolverHookFactory.class,
                new WiringIsolation(
                        adapters,
                        name -> name.startsWith("java.")
                                || name.startsWith("io.maestro.adapter.spi")
                                || name.equals("io.maestro.model")
                                // not in the product: lets a test ask what an adapter would see
                                || name.equals("org.osgi.framework")),
                null);
        return this;
    }

    ServiceComponentRuntime components() {
        ServiceReference<ServiceComponentRuntime> reference = host.getServiceReference(ServiceComponentRuntime.class);
        return host.getService(reference);
    }

    Bundles bundles(Duration patience) {
        return bundles(patience, new LoaderWatch(felix, LoaderWatch.Pace.USUAL, InstantSource.system()));
    }

    Bundles bundles(Duration patience, LoaderWatch loaders) {
        return new Bundles(host, adapters, new StartFailures(components(), felix), loaders, patience);
    }

    private static String onClassPath(String artifact) {
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            if (Path.of(entry).getFileName().toString().startsWith(artifact + "-")) {
                return entry;
            }
        }
        throw new IllegalStateException(artifact + " is not on the class path");
    }

    void close() throws Exception {
        felix.stop();
        felix.waitForStop(10_000);
    }
}
