package io.maestro.launcher;

import io.maestro.api.node.ListenAddress;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.Values;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.util.tracker.ServiceTracker;

/** The framework with our bundles in it. */
final class Container {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
    private static final Duration LISTEN_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Framework framework;

    private Container(Framework framework) {
        this.framework = framework;
    }

    /**
     * Starts the framework and its bundles. They wait for {@link #go}.
     *
     * @throws LaunchFailure when a bundle does not start, with the reason of each
     */
    static Container start(Home home, BundleCache cache) throws LaunchFailure, InterruptedException {
        try {
            SortedMap<Integer, List<Path>> bundles = home.bundles();
            boolean cached = cache.claim();
            Framework framework = new Felix(configuration(home, cache.folder(), bundles.lastKey(), cached));
            List<String> failures = new ArrayList<>();
            framework.init(event -> record(event, failures));
            BundleContext context = framework.getBundleContext();
            if (!cached) {
                install(bundles, context);
            }
            framework.start();
            Container container = new Container(framework);
            List<String> stuck = container.stuck(bundles);
            if (!stuck.isEmpty()) {
                stuck.addAll(failures);
                container.stop();
                throw new LaunchFailure(
                        LaunchFailure.FAILED, "bundles do not start; the distribution is broken", stuck, null);
            }
            return container;
        } catch (IOException | BundleException e) {
            throw new LaunchFailure("the framework does not start: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> configuration(Home home, Path cache, int level, boolean cached)
            throws IOException {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        if (!cached) {
            configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        }
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, home.systemPackages());
        configuration.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        configuration.put(FelixConstants.IMPLICIT_BOOT_DELEGATION_PROP, "false");
        // The data folder is locked already.
        configuration.put("felix.cache.locking", "false");
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(level));
        configuration.put(FelixConstants.LOG_LOGGER_PROP, new FrameworkLog());
        configuration.put(FelixConstants.LOG_LEVEL_PROP, "2");
        configuration.put("ds.loglevel", "1");
        return configuration;
    }

    private static void install(SortedMap<Integer, List<Path>> bundles, BundleContext context) throws BundleException {
        for (Map.Entry<Integer, List<Path>> level : bundles.entrySet()) {
            for (Path jar : level.getValue()) {
                Bundle bundle = context.installBundle(location(jar));
                bundle.adapt(BundleStartLevel.class).setStartLevel(level.getKey());
                bundle.start();
            }
        }
    }

    /** Bundles are read where they lie; nothing is copied. */
    private static String location(Path jar) {
        return "reference:" + jar.toUri();
    }

    private static void record(FrameworkEvent event, List<String> failures) {
        if (event.getType() == FrameworkEvent.ERROR && event.getThrowable() != null) {
            failures.add(String.valueOf(event.getThrowable().getMessage()));
        }
    }

    private List<String> stuck(SortedMap<Integer, List<Path>> bundles) {
        List<String> stuck = new ArrayList<>();
        for (List<Path> level : bundles.values()) {
            for (Path jar : level) {
                Bundle bundle = framework.getBundleContext().getBundle(location(jar));
                if (bundle == null || bundle.getState() != Bundle.ACTIVE) {
                    stuck.add(jar.getFileName() + " is " + (bundle == null ? "missing" : "not active"));
                }
            }
        }
        return stuck;
    }

    /**
     * Gives the bundles their settings, which sets them going, and waits until the node listens.
     *
     * @return the address
     * @throws LaunchFailure when it does not come to that, with what each component lacks
     */
    URI go(NodeSettings settings, Values values) throws LaunchFailure, InterruptedException {
        BundleContext context = framework.getBundleContext();
        context.registerService(Values.class, values, null);
        context.registerService(NodeSettings.class, settings, null);
        ServiceTracker<ListenAddress, ListenAddress> tracker = new ServiceTracker<>(context, ListenAddress.class, null);
        tracker.open();
        try {
            Diagnosis diagnosis = new Diagnosis(context);
            long end = System.nanoTime() + LISTEN_LIMIT.toNanos();
            while (System.nanoTime() < end) {
                ListenAddress address = tracker.waitForService(POLL.toMillis());
                if (address != null) {
                    return address.base();
                }
                if (diagnosis.hopeless()) {
                    break;
                }
            }
            throw diagnosis.failure();
        } finally {
            tracker.close();
        }
    }

    /** Stops the bundles from the highest start level to the lowest, so HTTP first; then the framework. */
    void stop() throws BundleException, InterruptedException {
        framework.stop();
        FrameworkEvent event = framework.waitForStop(STOP_LIMIT.toMillis());
        if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            throw new BundleException("the framework did not stop within " + STOP_LIMIT.toSeconds() + " s");
        }
    }
}
