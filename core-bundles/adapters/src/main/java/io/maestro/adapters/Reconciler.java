package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.Observations.Observation;
import io.maestro.adapters.Opener.Opened;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the instances of this node what the rows want. One thread owns all state and never waits for an adapter: it reads
 * its mailbox, compares, and sends workers. The rows are read whole every {@code period}; messages only make it sooner.
 */
final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    /** How many instances of one definition open at once; other definitions do not wait for them. */
    private static final int OPENING_PER_DEFINITION = 16;

    private final JooqInstances instances;
    private final Opener opener;
    private final Observations observations;
    private final ObservationWriter writer;
    private final Duration period;

    private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Map<InstanceKey, Hosted> hosted = new HashMap<>();
    private final Map<DefinitionId, Semaphore> opening = new HashMap<>();
    private final Removals removals;

    /** Those whose last try failed: the only ones that a clock can wake. */
    private final Set<Hosted> retrying = new HashSet<>();

    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("adapter-worker-", 0).factory());
    private final Thread thread = new Thread(this::run, "adapter-reconciler");
    private final FirstPass firstPass = new FirstPass();
    private long nextPass;

    private sealed interface Message {
        record Look(InstanceKey key) implements Message {}

        record LookAtAll() implements Message {}

        record Lost(DefinitionId definition) implements Message {}

        record OpenEnded(
                Target target,
                @Nullable Opened opened,
                @Nullable Problem problem,
                TimeLimit.@Nullable Exceeded exceeded)
                implements Message {}

        record CloseEnded(InstanceKey key) implements Message {}

        record Stop() implements Message {}
    }

    Reconciler(
            JooqInstances instances,
            Opener opener,
            InstanceFolders folders,
            Observations observations,
            ObservationWriter writer,
            Duration period) {
        this.instances = instances;
        this.opener = opener;
        this.removals = new Removals(instances, folders, workers);
        this.observations = observations;
        this.writer = writer;
        this.period = period;
        thread.setDaemon(true);
    }

    void start() {
        nextPass = System.nanoTime();
        thread.start();
    }

    /** Something about this instance's row has changed. */
    void look(InstanceKey key) {
        mailbox.add(new Message.Look(key));
    }

    /** Something has changed that may concern any instance. */
    void lookAtAll() {
        mailbox.add(new Message.LookAtAll());
    }

    /** The bundle of this definition has gone; its instances must be opened anew. */
    void lost(DefinitionId definition) {
        mailbox.add(new Message.Lost(definition));
    }

    /** Why the first pass is not over; empty when it is. */
    Optional<String> unready() {
        return firstPass.unready();
    }

    /** Closes all instances side by side and ends; takes as long as the slowest, which is limited. */
    void stop() {
        mailbox.add(new Message.Stop());
        try {
            thread.join(TimeUnit.SECONDS.toMillis(40));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean running = true;
        while (running) {
            try {
                Message message = mailbox.poll(untilNext(), TimeUnit.NANOSECONDS);
                running = !(message instanceof Message.Stop);
                if (running && message != null) {
                    handle(message);
                }
                if (running) {
                    passWhenDue();
                }
            } catch (InterruptedException e) {
                running = false;
            } catch (RuntimeException e) {
                // the rows are read again with the next pass
                LOG.log(Level.WARNING, "reconciling failed; it goes on with the next pass", e);
                nextPass = Math.min(nextPass, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            }
        }
        closeAll();
    }

    private long untilNext() {
        long now = System.nanoTime();
        long until = nextPass - now;
        for (Hosted one : retrying) {
            until = Math.min(until, one.untilTry(now));
        }
        return Math.max(0, until);
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Look look -> {
                Hosted one = hosted.computeIfAbsent(look.key(), Hosted::new);
                one.target = instances.find(look.key()).map(InstanceRow::target).orElse(null);
                step(one);
                if (one.target == null) {
                    removals.begin(this::inUse);
                }
            }
            case Message.LookAtAll all -> nextPass = System.nanoTime();
            case Message.Lost lost -> {
                for (Hosted one : List.copyOf(hosted.values())) {
                    Opened opened = one.opened;
                    if (opened != null && opened.target().definition().equals(lost.definition())) {
                        one.renew = true;
                        step(one);
                    }
                }
            }
            case Message.OpenEnded ended -> openEnded(ended);
            case Message.CloseEnded ended -> {
                Hosted one = hosted.computeIfAbsent(ended.key(), Hosted::new);
                one.working = false;
                one.opened = null;
                one.renew = false;
                step(one);
                if (one.target == null) {
                    removals.begin(this::inUse);
                }
            }
            case Message.Stop stop -> throw new IllegalStateException("handled by the loop");
        }
    }

    private void openEnded(Message.OpenEnded ended) {
        Hosted one = hosted.computeIfAbsent(ended.target().key(), Hosted::new);
        one.working = false;
        one.opened = ended.opened();
        if (ended.problem() == null) {
            one.succeeded();
            retrying.remove(one);
        } else {
            retrying.add(one);
            one.failed(ended.target(), ended.problem(), ended.exceeded(), System.nanoTime());
        }
        Opened opened = one.opened;
        if (one.suspect && opened != null && opener.revoked(opened.key())) {
            one.renew = true;
        }
        one.suspect = false;
        step(one);
        firstPass.tried(one.key);
    }

    private void passWhenDue() {
        long now = System.nanoTime();
        if (now - nextPass >= 0) {
            nextPass = now + Math.min(period.toNanos(), TimeUnit.SECONDS.toNanos(1));
            pass();
            nextPass = System.nanoTime() + period.toNanos();
        } else {
            for (Hosted one : List.copyOf(retrying)) {
                if (one.untilTry(now) <= 0) {
                    step(one);
                }
            }
        }
    }

    /** Compares everything. The rows are the truth: whatever was missed between is made good here. */
    private void pass() {
        Map<InstanceKey, Target> wanted = new HashMap<>();
        for (Target target : instances.targets()) {
            wanted.put(target.key(), target);
            hosted.computeIfAbsent(target.key(), Hosted::new);
        }
        markRevoked();
        firstPass.begin(wanted.keySet());
        for (Hosted one : List.copyOf(hosted.values())) {
            one.target = wanted.get(one.key);
            step(one);
        }
        removals.begin(this::inUse);
        for (Hosted one : hosted.values()) {
            if (!one.working) {
                firstPass.tried(one.key);
            }
        }
    }

    private void markRevoked() {
        Map<Digest, Boolean> revoked = new HashMap<>();
        for (Hosted one : hosted.values()) {
            Opened opened = one.opened;
            one.suspect = one.working;
            if (opened != null && revoked.computeIfAbsent(opened.key(), opener::revoked)) {
                one.renew = true;
            }
        }
    }

    /** The one place that decides what to do about an instance. */
    private void step(Hosted one) {
        if (one.working) {
            return;
        }
        Target target = one.target;
        Opened opened = one.opened;
        if (opened != null) {
            if (target == null
                    || target.wanted() == Wanted.STOPPED
                    || target.incarnation() != opened.target().incarnation()
                    || one.renew) {
                close(one, opened);
            } else {
                observe(target, Observed.RUNNING, null);
            }
        } else if (target == null) {
            hosted.remove(one.key);
            retrying.remove(one);
            observations.gone(one.key);
        } else if (target.wanted() == Wanted.STOPPED) {
            one.succeeded();
            observe(target, Observed.STOPPED, null);
        } else {
            Problem problem = one.problemOf(target);
            observe(target, problem == null ? Observed.PENDING : Observed.FAILED, problem);
            if (one.mayTry(target, System.nanoTime())) {
                open(one, target);
            }
        }
    }

    private void observe(Target target, Observed observed, @Nullable Problem problem) {
        if (observations.publish(
                target.key(), new Observation(target.incarnation(), target.revision(), observed, problem))) {
            writer.changed(target.key());
        }
    }

    private void open(Hosted one, Target target) {
        one.working = true;
        Semaphore places =
                opening.computeIfAbsent(target.definition(), definition -> new Semaphore(OPENING_PER_DEFINITION));
        workers.execute(() -> mailbox.add(opened(target, places)));
    }

    @SuppressWarnings("CatchingThrowable") // a linkage error of an adapter must not leave its instance pending for ever
    private Message.OpenEnded opened(Target target, Semaphore places) {
        try {
            places.acquire();
            try {
                return new Message.OpenEnded(target, opener.open(target), null, null);
            } finally {
                places.release();
            }
        } catch (ProblemException e) {
            return new Message.OpenEnded(target, null, e.problem(), null);
        } catch (TimeLimit.Exceeded e) {
            return new Message.OpenEnded(target, null, opener.tooLong(e), e);
        } catch (InterruptedException e) {
            return new Message.OpenEnded(target, null, unexpected(), null);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "instance " + target.key() + " cannot be opened", e);
            return new Message.OpenEnded(target, null, unexpected(), null);
        }
    }

    private static Problem unexpected() {
        return Problem.of(
                        AdapterProblem.INSTANCE_OPEN_FAILED,
                        "the node failed to open the instance",
                        "It is tried again by itself; the server's log has the details.")
                .with(Retry.after(Duration.ZERO));
    }

    private void close(Hosted one, Opened opened) {
        one.working = true;
        workers.execute(() -> {
            try {
                opener.close(opened);
            } finally {
                mailbox.add(new Message.CloseEnded(one.key));
            }
        });
    }

    /** Whether something of this incarnation may still be open. */
    private boolean inUse(Removal removal) {
        Hosted one = hosted.get(removal.key());
        if (one == null) {
            return false;
        }
        Opened opened = one.opened;
        return one.working || (opened != null && opened.target().incarnation() == removal.incarnation());
    }

    private void closeAll() {
        workers.shutdownNow();
        List<Opened> open = new ArrayList<>();
        for (Hosted one : hosted.values()) {
            Opened opened = one.opened;
            // one that a worker is closing already is left to it
            if (opened != null && !one.working) {
                open.add(opened);
            }
        }
        try {
            boolean ended = workers.awaitTermination(25, TimeUnit.SECONDS);
            if (!ended) {
                LOG.log(Level.WARNING, "some instances are left behind in the middle of opening or closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
            if (message instanceof Message.OpenEnded ended && ended.opened() != null) {
                open.add(ended.opened());
            }
        }
        try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(opened -> closers.execute(() -> opener.close(opened)));
        }
    }
}
