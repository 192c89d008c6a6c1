package io.maestro.adapters;

import io.maestro.adapter.spi.Health;
import io.maestro.api.adapters.InstanceHealth.Probe;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.telemetry.Metrics;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the open instances every so often how they are. Few are asked at once and all have a deadline; one that does not come
 * back keeps none but itself from being asked. Owns one thread, and one for each question under way.
 */
final class Probes {
    private static final System.Logger LOG = System.getLogger(Probes.class.getName());
    private static final int LONGEST_REASON = 300;
    private static final Probe NEVER = new Probe(ProbeState.UNKNOWN, null, null, null);

    private final Supplier<Iterable<Binding>> open;
    private final InstantSource clock;
    private final Pace pace;
    private final Metrics metrics;
    private final Semaphore places;
    private final Map<InstanceKey, Probed> known = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("adapter-probes").unstarted(this::run);

    /**
     * How it keeps time.
     *
     * @param every how often an instance is asked, a fifth more or less
     * @param deadline how long it may take to answer
     * @param look how often it is looked for those whose time has come
     * @param apart how long to wait between two questions: many instances are asked less often, not faster
     * @param atOnce how many are asked at the same time
     */
    record Pace(Duration every, Duration deadline, Duration look, Duration apart, int atOnce) {
        static final Pace USUAL = new Pace(
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMillis(10), 16);

        /** The same, asking so often. */
        Pace asking(Duration often) {
            return new Pace(often, deadline, look, apart, atOnce);
        }
    }

    /** What is known of an opening of an instance. */
    private static final class Probed {
        final Binding binding;
        volatile Probe last = NEVER;
        volatile boolean asking;
        long due;

        Probed(Binding binding, long due) {
            this.binding = binding;
            this.due = due;
        }
    }

    /** Asks those that {@code open} gives. */
    Probes(Supplier<Iterable<Binding>> open, InstantSource clock, Pace pace, Metrics metrics) {
        this.open = open;
        this.clock = clock;
        this.pace = pace;
        this.metrics = metrics;
        this.places = new Semaphore(pace.atOnce());
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** What the instance answered last. */
    Probe of(InstanceKey key) {
        Probed probed = known.get(key);
        return probed == null ? NEVER : probed.last;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                round();
                Thread.sleep(pace.look());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws InterruptedException {
        long now = System.nanoTime();
        known.values().removeIf(probed -> probed.binding.guard.isClosing());
        for (Binding binding : open.get()) {
            InstanceKey key = new InstanceKey(binding.scope, binding.instance);
            Probed probed = known.compute(
                    key,
                    (any, present) -> present != null && present.binding == binding
                            ? present
                            // asked soon, for whoever has opened an instance wants to know
                            : new Probed(binding, now + spread(pace.look())));
            if (probed.due - now <= 0 && !probed.asking) {
                probed.due = now + spread(pace.every());
                ask(key, probed);
                Thread.sleep(pace.apart());
            }
        }
    }

    /** A fifth more or less, so that instances that were opened together are not asked together for ever. */
    private static long spread(Duration time) {
        return (long) (time.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
    }

    private void ask(InstanceKey key, Probed probed) throws InterruptedException {
        places.acquire();
        if (!probed.binding.guard.retainBeside()) {
            places.release();
            return;
        }
        probed.asking = true;
        Thread.ofVirtual().name("adapter-probe-" + key).start(() -> {
            try {
                wait(key, probed);
            } finally {
                places.release();
            }
        });
    }

    private void wait(InstanceKey key, Probed probed) {
        try {
            Health health = TimeLimit.run(
                    Thread.ofVirtual().name("adapter-health-" + key).factory(),
                    pace.deadline(),
                    () -> answer(probed),
                    late -> {});
            publish(key, probed, health);
        } catch (TimeLimit.Exceeded e) {
            publish(
                    key,
                    probed,
                    new Health.Down(
                            "does not say how it is within " + pace.deadline().toMillis() + " ms"));
        } catch (ExecutionException e) {
            key.log(LOG).log(Level.DEBUG, "the instance failed to say how it is", e);
            publish(key, probed, new Health.Down("failed to say how it is"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the thread of the question, which may outlast the deadline: only then may the instance be asked again, or closed. */
    private static Health answer(Probed probed) {
        try {
            return probed.binding.adapter.health();
        } finally {
            probed.asking = false;
            probed.binding.guard.release();
        }
    }

    private void publish(InstanceKey key, Probed probed, @Nullable Health health) {
        Probe before = probed.last;
        Instant now = clock.instant();
        ProbeState state = switch (health) {
            case null -> ProbeState.DOWN;
            case Health.Up up -> ProbeState.UP;
            case Health.Degraded degraded -> ProbeState.DEGRADED;
            case Health.Down down -> ProbeState.DOWN;
        };
        String reason = switch (health) {
            case null -> "said nothing of how it is";
            case Health.Up up -> null;
            case Health.Degraded(String why) -> shown(probed, why);
            case Health.Down(String why) -> shown(probed, why);
        };
        Instant since = before.state() == state && before.since() != null ? before.since() : now;
        probed.last = new Probe(state, reason, now, since);
        metrics.counter(
                        "mc_adapter_probes_total",
                        "Questions to instances how they are, by the answer.",
                        "tenant",
                        key.scope().tenant().value(),
                        "environment",
                        key.scope().environment().value(),
                        "instance",
                        key.instance().value(),
                        "state",
                        state.name().toLowerCase(Locale.ROOT))
                .add(1);
    }

    /** The adapter's words, without its secrets and of bounded length. */
    private static String shown(Probed probed, @Nullable String reason) {
        String masked = probed.binding.mask.masked(reason == null ? "" : reason);
        return masked.length() <= LONGEST_REASON ? masked : masked.substring(0, LONGEST_REASON);
    }
}
