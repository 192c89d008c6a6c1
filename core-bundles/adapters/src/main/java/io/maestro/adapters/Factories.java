package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapters.Bundles.Started;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.model.DefinitionId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/**
 * The factories of the definitions that are in use: one bundle per version, started when its first instance is wanted and
 * taken out when its last one is closed. The artifact's bytes are checked again whenever its bundle is started. Any thread.
 */
final class Factories implements ServiceListener {
    private final BundleContext host;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Consumer<DefinitionId> lost;
    private final Duration idle;

    /** Starts are work for processors and for the framework's locks: all at once, each would last as long as all. */
    private final Turnstile turnstile =
            new Turnstile(Math.max(2, Runtime.getRuntime().availableProcessors()), Duration.ofSeconds(1));

    private final ConcurrentHashMap<DefinitionId, Place> places = new ConcurrentHashMap<>();

    /**
     * Tells {@code lost} when a bundle goes that nobody here sent away.
     *
     * @param idle how long a bundle that its admission started waits for its first instance
     */
    Factories(BundleContext host, Artifacts artifacts, Bundles bundles, Consumer<DefinitionId> lost, Duration idle) {
        this.host = host;
        this.artifacts = artifacts;
        this.bundles = bundles;
        this.lost = lost;
        this.idle = idle;
    }

    /** A bundle on its way, there, or on its way out, and how many use it. */
    private static final class Place {
        private final CompletableFuture<Started> start = new CompletableFuture<>();
        private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
        private final long since = System.nanoTime();
        private int uses;
        private boolean used;
        private boolean leaving;

        /** Counts one user more; false when the bundle is on its way out. */
        private synchronized boolean enter() {
            if (leaving) {
                return false;
            }
            uses++;
            used = true;
            return true;
        }

        private synchronized void exit() {
            uses--;
        }

        /** From now on nobody enters; false when somebody is there, or it has not come up. */
        private synchronized boolean leave() {
            if (uses > 0 || leaving || !isUp()) {
                return false;
            }
            leaving = true;
            return true;
        }

        private synchronized boolean isIdle(Duration patience) {
            return uses == 0 && (used || System.nanoTime() - since >= patience.toNanos());
        }

        private synchronized boolean isUsedOnce() {
            return uses == 1;
        }

        private boolean isUp() {
            return start.state() == CompletableFuture.State.SUCCESS;
        }
    }

    /** A factory that stays as long as this is not closed. */
    static final class Use implements AutoCloseable {
        private final Place place;
        private final AdapterFactory factory;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Use(Place place, AdapterFactory factory) {
            this.place = place;
            this.factory = factory;
        }

        AdapterFactory factory() {
            return factory;
        }

        /** The factory is no longer used; again does nothing. */
        @Override
        public void close() {
            if (open.getAndSet(false)) {
                place.exit();
            }
        }
    }

    void open() {
        try {
            host.addServiceListener(this, "(" + Constants.OBJECTCLASS + "=" + AdapterFactory.class.getName() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() {
        host.removeServiceListener(this);
    }

    /**
     * Uses the factory; starts the bundle when it does not run. Whoever comes meanwhile waits for the same start, and
     * whoever comes while the bundle is taken out waits for that and starts it anew.
     */
    Use use(Definition definition) {
        while (true) {
            Place mine = new Place();
            Place present = places.putIfAbsent(definition.id(), mine);
            Place place = present == null ? mine : present;
            if (!place.enter()) {
                place.gone.join();
                continue;
            }
            if (present == null) {
                start(definition, mine);
            }
            try {
                return new Use(place, place.start.join().factory());
            } catch (CompletionException e) {
                place.exit();
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }

    private void start(Definition definition, Place place) {
        try (var _ = turnstile.enterPatiently()) {
            place.start.complete(bundles.start(artifacts.require(definition)));
        } catch (RuntimeException e) {
            places.remove(definition.id(), place);
            place.start.completeExceptionally(e);
        }
    }

    /** Whether the definition's bundle is in the framework. */
    boolean isStarted(DefinitionId definition) {
        return running(definition) != null;
    }

    /** Whether the definition's bundle is taken out once the one that uses it does not any more. */
    boolean isUsedOnce(DefinitionId definition) {
        Place place = places.get(definition);
        return place != null && place.isUp() && place.isUsedOnce();
    }

    /** Takes over a bundle that its admission has started. */
    void adopt(DefinitionId definition, Started proven) {
        Place place = new Place();
        place.start.complete(proven);
        places.put(definition, place);
    }

    /**
     * Takes out the bundles that nobody uses, other than those of which an instance is wanted and about to be tried. Blocks
     * for as long as their stop takes, which is limited.
     */
    void retireAllBut(Set<DefinitionId> wanted) {
        places.forEach((definition, place) -> {
            if (!wanted.contains(definition) && place.isIdle(idle)) {
                var _ = retire(definition, place, () -> {});
            }
        });
    }

    /**
     * Takes out the bundle unless somebody uses it. Blocks as {@link #retireAllBut}.
     *
     * @param then done once the bundle is not there, before anybody can start it anew
     * @return whether that was done
     */
    boolean retire(DefinitionId definition, Runnable then) {
        Place absent = new Place();
        absent.leaving = true;
        Place place = places.putIfAbsent(definition, absent);
        if (place != null) {
            return retire(definition, place, then);
        }
        try {
            then.run();
        } finally {
            places.remove(definition, absent);
            absent.gone.complete(true);
        }
        return true;
    }

    private boolean retire(DefinitionId definition, Place place, Runnable then) {
        if (!place.leave()) {
            return false;
        }
        try {
            bundles.retire(definition, place.start.resultNow().bundle());
            then.run();
        } finally {
            places.remove(definition, place);
            place.gone.complete(true);
        }
        return true;
    }

    /** The bundle of the definition; null when it does not run. */
    @Nullable
    Bundle running(DefinitionId definition) {
        Place place = places.get(definition);
        return place == null || !place.isUp() ? null : place.start.resultNow().bundle();
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() != ServiceEvent.UNREGISTERING) {
            return;
        }
        Bundle bundle = event.getServiceReference().getBundle();
        for (Map.Entry<DefinitionId, Place> entry : places.entrySet()) {
            Place place = entry.getValue();
            if (place.isUp() && place.start.resultNow().bundle().equals(bundle) && !isLeaving(place)) {
                if (places.remove(entry.getKey(), place)) {
                    lost.accept(entry.getKey());
                }
            }
        }
    }

    private static boolean isLeaving(Place place) {
        synchronized (place) {
            return place.leaving;
        }
    }
}
