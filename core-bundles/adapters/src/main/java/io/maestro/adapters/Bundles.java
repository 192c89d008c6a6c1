package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapters.context.InstanceContext;
import io.maestro.adapters.isolation.AdapterBundles;
import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.model.DefinitionId;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Puts adapter bundles into the framework and takes them out again. What runs in a bundle at its start runs on a thread
 * of its own for a limited time, so that a bundle that hangs holds up nobody but itself. A platform thread: code that
 * spins must not take a carrier from the virtual threads.
 */
final class Bundles {
    private static final System.Logger LOG = System.getLogger(Bundles.class.getName());

    private final BundleContext host;
    private final AdapterBundles adapters;
    private final StartFailures failures;
    private final BlastRadius radius;
    private final LoaderWatch loaders;
    private final Duration patience;
    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("adapter-start-", 0).factory();

    /**
     * A bundle that runs.
     *
     * @param factory the one that it offers
     */
    record Started(Bundle bundle, AdapterFactory factory) {}

    Bundles(
            BundleContext host,
            AdapterBundles adapters,
            StartFailures failures,
            LoaderWatch loaders,
            Duration patience) {
        this.host = host;
        this.adapters = adapters;
        this.failures = failures;
        this.radius = new BlastRadius(host.getBundle(0));
        this.loaders = loaders;
        this.patience = patience;
    }

    /**
     * Installs the artifact by reference, starts it and makes its factory. On failure the bundle is taken out again.
     *
     * @throws ProblemException {@link AdapterProblem#BUNDLE_UNRESOLVED}, {@link AdapterProblem#BUNDLE_START_FAILED},
     *     {@link AdapterProblem#BUNDLE_START_TIMEOUT}, {@link AdapterProblem#BUNDLE_WITHOUT_FACTORY}, {@link
     *     AdapterProblem#BLAST_RADIUS_EXCEEDED}
     */
    Started start(Path artifact) {
        Bundle bundle;
        try {
            bundle = host.installBundle(adapters.location(artifact));
            // below the host: may start at any time, and stops after the host has closed its instances
            BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
            if (level != null && level.getStartLevel() > 1) {
                level.setStartLevel(1);
            }
        } catch (BundleException e) {
            throw failures.of(e);
        }
        try {
            radius.require(bundle, "install");
            return TimeLimit.run(threads, patience, () -> startNow(bundle), late -> {});
        } catch (ProblemException e) {
            uninstall(bundle);
            throw e;
        } catch (ExecutionException e) {
            // before it goes, for it is asked what it lacks
            ProblemException failure = failures.of(bundle, e.getCause() == null ? e : e.getCause());
            uninstall(bundle);
            throw failure;
        } catch (TimeLimit.Exceeded e) {
            uninstallAside(bundle);
            throw Evidence.of(CauseCode.BUNDLE_HANGS, Map.of("seconds", patience.toSeconds(), "place", e.place()))
                    .behind(Problem.of(
                            AdapterProblem.BUNDLE_START_TIMEOUT,
                            "the bundle or its factory did not come up within " + patience.toSeconds()
                                    + " seconds; it was at " + e.place(),
                            "Do nothing that waits in an activate method or a constructor; open connections when an"
                                    + " instance is opened or called."))
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            uninstallAside(bundle);
            throw Evidence.of(CauseCode.NODE_STOPPING)
                    .behind(Problem.of(AdapterProblem.BUNDLE_START_FAILED, "the node is stopping", "Try again later."))
                    .asException(e);
        }
    }

    private Started startNow(Bundle bundle) throws BundleException {
        bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        List<ServiceReference<?>> offered = factories(bundle);
        failures.check(bundle, offered.size());
        AdapterFactory factory = (AdapterFactory) host.getService(offered.getFirst());
        if (factory == null) {
            throw failures.withoutFactory(bundle);
        }
        radius.require(bundle, "start");
        return new Started(bundle, factory);
    }

    private static List<ServiceReference<?>> factories(Bundle bundle) {
        List<ServiceReference<?>> offered = new ArrayList<>();
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        if (registered != null) {
            for (ServiceReference<?> reference : registered) {
                if (reference.getProperty(Constants.OBJECTCLASS) instanceof String[] names
                        && List.of(names).contains(AdapterFactory.class.getName())) {
                    offered.add(reference);
                }
            }
        }
        return offered;
    }

    /**
     * Takes out a bundle that served, and watches whether its classes go. Blocks for as long as its stop takes, up to a limit.
     *
     * @throws ProblemException {@link AdapterProblem#BLAST_RADIUS_EXCEEDED}; the bundle stays
     */
    void retire(DefinitionId definition, Bundle bundle) {
        radius.require(bundle, "uninstall");
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
        try {
            var _ = TimeLimit.<Boolean>run(
                    threads,
                    patience,
                    () -> {
                        uninstall(bundle);
                        return true;
                    },
                    late -> {});
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeLimit.Exceeded e) {
            LOG.log(Level.WARNING, "bundle " + bundle + " does not stop; it is at " + e.place());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // what was made to read its configuration knows its classes
        InstanceContext.forgetTypes();
        if (loader != null) {
            loaders.watch(definition, loader);
        }
    }

    /** Takes the bundle out; may block as long as its stop does. One on which others depend stays, stopped. */
    void uninstall(Bundle bundle) {
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                radius.require(bundle, "uninstall");
                bundle.uninstall();
            }
        } catch (ProblemException e) {
            stop(bundle);
        } catch (BundleException | IllegalStateException e) {
            LOG.log(Level.WARNING, "bundle " + bundle + " cannot be taken out; a restart of the node does", e);
        }
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            LOG.log(Level.WARNING, "bundle " + bundle + " cannot be stopped; a restart of the node does", e);
        }
    }

    /** Takes out a bundle that may hang: its lock is held until it lets go. */
    void uninstallAside(Bundle bundle) {
        threads.newThread(() -> uninstall(bundle)).start();
    }

    /** Takes out every adapter bundle, as far as there is time: the next start is then not held up by them. */
    void leave(Duration time) {
        try {
            var _ = TimeLimit.<Boolean>run(
                    threads,
                    time,
                    () -> {
                        sweep();
                        return true;
                    },
                    late -> {});
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "adapter bundles are taken out by the next start", e);
        } catch (TimeLimit.Exceeded e) {
            LOG.log(Level.INFO, "adapter bundles are taken out by the next start; this one was at " + e.place());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes out every adapter bundle that an earlier life of this node left; they come back when they are needed. */
    void sweep() {
        for (Bundle bundle : host.getBundles()) {
            if (adapters.contains(bundle)) {
                uninstall(bundle);
            }
        }
    }

    /** The installed bundle of this artifact, or null. */
    @Nullable
    Bundle installed(Path artifact) {
        return host.getBundle(adapters.location(artifact));
    }
}
