package io.maestro.adapters.leaks;

import io.maestro.api.adapters.Leaks;
import io.maestro.model.DefinitionId;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Waits for the class loaders of bundles that were taken out to be collected, and reports those that are not. Any thread may
 * call; the waiting is done by one daemon thread, which ends when there is nothing to wait for.
 */
public final class LoaderWatch implements Leaks, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LoaderWatch.class.getName());

    /** Beyond this, further ones are not watched: the node has other troubles then. */
    private static final int MOST = 1000;

    private final HolderSearch search;
    private final Pace pace;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Watched> watched = new ArrayList<>();
    private @Nullable Thread thread;
    private boolean closed;
    private long lastCollection = System.nanoTime();

    /**
     * How often something is done.
     *
     * @param look how often it is looked whether loaders are collected
     * @param collect how long to wait at least before and between garbage collections that are asked for. Each stops all
     *     threads for as long as a full collection takes
     * @param patience how long a loader may stay before it counts as held
     * @param again how often it is looked anew for what holds a loader
     */
    public record Pace(Duration look, Duration collect, Duration patience, Duration again) {
        /** Four collections at most for each time that bundles go. */
        public static final Pace USUAL =
                new Pace(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5));
    }

    /** A loader that is waited for; guarded by the lock. */
    private static final class Watched {
        private final DefinitionId definition;
        private final WeakReference<ClassLoader> loader;
        private final Instant removedAt;
        private final long since = System.nanoTime();
        private int collections;
        private State state = State.WAITING;
        private Instant searchedAt;
        private long searched;
        private List<Holder> holders = List.of();

        private Watched(DefinitionId definition, ClassLoader loader, Instant removedAt) {
            this.definition = definition;
            this.loader = new WeakReference<>(loader);
            this.removedAt = removedAt;
            this.searchedAt = removedAt;
        }

        private Leak leak() {
            return new Leak(definition, removedAt, state, searchedAt, holders);
        }
    }

    /** Watches nothing yet. Looks also through the framework of this system bundle, unless it is null. */
    public LoaderWatch(@Nullable Bundle framework, Pace pace, InstantSource clock) {
        this.search = new HolderSearch(framework);
        this.pace = pace;
        this.clock = clock;
    }

    /** The loader should go from now on. */
    public void watch(DefinitionId definition, ClassLoader loader) {
        lock.lock();
        try {
            if (closed || watched.size() >= MOST) {
                return;
            }
            watched.add(new Watched(definition, loader, clock.instant()));
            if (thread == null) {
                thread = Thread.ofPlatform()
                        .daemon()
                        .name("adapter-loader-watch")
                        .start(this::run);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Leak> leaks() {
        lock.lock();
        try {
            dropCollected();
            return watched.stream().map(Watched::leak).toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many loaders are held. */
    public long held() {
        return leaks().stream().filter(leak -> leak.state() == State.HELD).count();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed && !watched.isEmpty()) {
                dropCollected();
                boolean waiting = watched.stream().anyMatch(one -> one.state == State.WAITING);
                var _ = changed.await((waiting ? pace.look() : pace.again()).toNanos(), TimeUnit.NANOSECONDS);
                collect();
                dropCollected();
                report();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread = null;
            lock.unlock();
        }
    }

    /** Asks for a collection when one that is waited for has waited long enough, and the last one is long enough ago. */
    private void collect() {
        long now = System.nanoTime();
        boolean due = now - lastCollection >= pace.collect().toNanos()
                && watched.stream()
                        .anyMatch(one -> one.state == State.WAITING
                                && now - one.since >= pace.collect().toNanos());
        if (!due || closed) {
            return;
        }
        lock.unlock();
        try {
            System.gc();
        } finally {
            lock.lock();
        }
        lastCollection = System.nanoTime();
        watched.forEach(one -> one.collections++);
    }

    private void dropCollected() {
        for (Iterator<Watched> all = watched.iterator(); all.hasNext(); ) {
            Watched one = all.next();
            if (one.loader.refersTo(null)) {
                all.remove();
                LOG.log(
                        one.state == State.HELD ? Level.INFO : Level.DEBUG,
                        "the class loader of " + one.definition + " is collected");
            }
        }
    }

    /** Looks for the holders of those that stay; without the lock, since it takes a while. */
    private void report() {
        long now = System.nanoTime();
        for (Watched one : List.copyOf(watched)) {
            boolean late = one.state == State.WAITING
                    && now - one.since >= pace.patience().toNanos()
                    && one.collections >= 2;
            boolean again = one.state == State.HELD
                    && now - one.searched >= pace.again().toNanos();
            if ((late || again) && !closed) {
                lock.unlock();
                List<Holder> found;
                try {
                    found = search(one);
                } finally {
                    lock.lock();
                }
                one.holders = found;
                one.searchedAt = clock.instant();
                one.searched = System.nanoTime();
                if (late) {
                    one.state = State.HELD;
                    LOG.log(Level.WARNING, sentence(one));
                }
            }
        }
    }

    private List<Holder> search(Watched one) {
        ClassLoader loader = one.loader.get();
        return loader == null ? List.of() : search.of(loader);
    }

    private static String sentence(Watched one) {
        StringBuilder text = new StringBuilder("the adapter ")
                .append(one.definition)
                .append(" was taken out, but its classes stay in memory:");
        for (Holder holder : one.holders) {
            text.append(' ')
                    .append(holder.name())
                    .append(" (")
                    .append(holder.way())
                    .append("). ")
                    .append(holder.rule().sentence());
        }
        return text.toString();
    }
}
