package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.Observations.Observation;
import io.maestro.adapters.Opener.Opened;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.InstanceSecrets.InstanceOf;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the instances of this node what the rows want. One thread owns all state and never waits for an adapter: it reads
 * its mailbox, compares, and sends workers. The rows are read whole every {@code period}; messages only make it sooner.
 */
final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    /** How many instances of one definition are renewed at once; other definitions do not wait for them. */
    private static final int RENEWING_PER_DEFINITION = 16;

    /** How many are sent to open at once while the node waits for them. */
    private static final int MOST_OPENING = 64;

    /** How many, besides those that are called, open at once once the node serves: calls need the processors. */
    private static final int MOST_OPENING_BESIDE_CALLS = 4;

    /** How many moves are worked on at once: each has a thread of the operating system meanwhile. */
    private static final int MOVING = 128;

    /** How many of them may be of one adapter. */
    private static final int MOVING_OF_ONE_ADAPTER = 96;

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final JooqInstances instances;
    private final InstanceSecrets secrets;
    private final Opener opener;
    private final Observations observations;
    private final ObservationWriter writer;
    private final InstanceMetrics metrics;
    private final Consumer<Set<DefinitionId>> looked;
    private final Duration period;

    private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Map<InstanceKey, Hosted> hosted = new HashMap<>();
    private final OpeningOrder order = new OpeningOrder();
    private final MovingOrder moves = new MovingOrder(MOVING, MOVING_OF_ONE_ADAPTER);
    private final Map<DefinitionId, Semaphore> renewing = new HashMap<>();
    private final Removals removals;

    /** Those whose last try failed: the only ones that a clock can wake. */
    private final Set<Hosted> retrying = new HashSet<>();

    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("adapter-worker-", 0).factory());

    private final Movers movers =
            new Movers(Thread.ofPlatform().daemon().name("adapter-mover-", 0).factory(), workers);

    private final Thread thread = new Thread(this::run, "adapter-reconciler");
    private final FirstPass firstPass;
    private long nextPass;

    /** When those that failed are looked through; means nothing while there are none. */
    private long nextTry;

    /** Which keys are revoked, looked at since the last pass. */
    private final Map<Digest, Boolean> revoked = new HashMap<>();

    /** Whether folders may lie here whose removal another node has seen to: after the start, and once something has gone. */
    private boolean sweep = true;

    private sealed interface Message {
        record Look(InstanceKey key) implements Message {}

        record Called(InstanceKey key) implements Message {}

        record LookAtAll() implements Message {}

        record Lost(DefinitionId definition) implements Message {}

        record OpenEnded(
                Target target,
                @Nullable Opened opened,
                @Nullable Problem problem,
                TimeLimit.@Nullable Exceeded exceeded)
                implements Message {}

        record CloseEnded(InstanceKey key) implements Message {}

        record TurnAsked(InstanceKey key, Turn turn) implements Message {}

        record TurnWorked(InstanceKey key) implements Message {}

        record TurnEnded(InstanceKey key, @Nullable Opened opened) implements Message {}

        record Stop() implements Message {}
    }

    /** Work on one instance during which nothing else opens or closes it. */
    interface Turn {
        /**
         * Does the work; a worker's thread, may block. Does not throw.
         *
         * @param before what is open; null when nothing is
         * @return what is open afterwards
         */
        @Nullable
        Opened run(@Nullable Opened before);

        /** Ends what its work has left behind, once it has run; may wait for long, on any thread. Does not throw. */
        void settle();

        /** It will never run: the node is stopping. */
        void abandoned();

        /** It will never run: the instance has gone before its turn came. May block; does not throw. */
        void gone();
    }

    /** Tells {@code looked}, after each look at all rows, of which definitions instances are wanted running. */
    Reconciler(
            JooqInstances instances,
            InstanceSecrets secrets,
            Opener opener,
            InstanceFolders folders,
            Observations observations,
            ObservationWriter writer,
            InstanceMetrics metrics,
            Consumer<Set<DefinitionId>> looked,
            FirstPass firstPass,
            Duration period) {
        this.instances = instances;
        this.secrets = secrets;
        this.opener = opener;
        this.removals = new Removals(instances, folders, workers);
        this.observations = observations;
        this.writer = writer;
        this.metrics = metrics;
        this.looked = looked;
        this.firstPass = firstPass;
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

    /** Somebody waits for this instance to open. */
    void called(InstanceKey key) {
        mailbox.add(new Message.Called(key));
    }

    /** Something has changed that may concern any instance. */
    void lookAtAll() {
        mailbox.add(new Message.LookAtAll());
    }

    /** The bundle of this definition has gone; its instances must be opened anew. */
    void lost(DefinitionId definition) {
        mailbox.add(new Message.Lost(definition));
    }

    /** Gives this work its turn, once what is under way with the instance has ended. */
    void turn(InstanceKey key, Turn turn) {
        mailbox.add(new Message.TurnAsked(key, turn));
    }

    /** Why the node does not serve yet; empty when it does. */
    Optional<String> unready() {
        return firstPass.unready(System.nanoTime());
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
                    moveNext();
                    openNext();
                }
            } catch (InterruptedException e) {
                running = false;
            } catch (RuntimeException | Error e) {
                // nobody else would go on in its place; the rows are read again with the next pass
                LOG.log(Level.WARNING, "reconciling failed; it goes on with the next pass", e);
                nextPass = Math.min(nextPass, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            }
        }
        closeAll();
    }

    private long untilNext() {
        long now = System.nanoTime();
        long until = nextPass - now;
        if (!retrying.isEmpty()) {
            until = Math.min(until, nextTry - now);
        }
        return Math.clamp(order.untilPlace(now), 0, Math.max(0, until));
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Look look -> {
                Hosted one = hosted.computeIfAbsent(look.key(), Hosted::new);
                one.target = instances.find(look.key()).map(InstanceRow::target).orElse(null);
                step(one);
                // whoever has changed it waits for it
                order.call(look.key());
                if (one.target == null) {
                    removals.begin(this::inUse);
                }
            }
            case Message.Called called -> order.call(called.key());
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
                sweepSoon();
                step(one);
                if (one.target == null) {
                    removals.begin(this::inUse);
                }
            }
            case Message.TurnAsked asked -> {
                Hosted one = hosted.computeIfAbsent(asked.key(), Hosted::new);
                one.turns.add(asked.turn());
                if (one.target == null) {
                    // created by another node a moment ago, perhaps
                    one.target =
                            instances.find(one.key).map(InstanceRow::target).orElse(null);
                }
                step(one);
            }
            case Message.TurnWorked worked -> moves.ended(worked.key());
            case Message.TurnEnded ended -> turnEnded(ended);
            case Message.Stop stop -> throw new IllegalStateException("handled by the loop");
        }
    }

    /** In a moment, so that many that go together make it once. */
    private void sweepSoon() {
        sweep = true;
        nextPass = Math.min(nextPass, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
    }

    private void openEnded(Message.OpenEnded ended) {
        Hosted one = hosted.computeIfAbsent(ended.target().key(), Hosted::new);
        one.working = false;
        order.ended(one.key);
        one.opened = ended.opened();
        if (one.opened != null && ended.problem() == null) {
            if (one.isBehind()) {
                // newer secrets meanwhile, or what is known is of an instance of that name before: the rows tell
                nextPass = System.nanoTime();
            }
            one.stamp = one.opened.stamp();
        }
        if (ended.problem() == null) {
            one.succeeded();
            retrying.remove(one);
        } else {
            long now = System.nanoTime();
            one.failed(ended.target(), ended.problem(), ended.exceeded(), now);
            long due = now + Math.min(one.untilTry(now), period.toNanos());
            nextTry = retrying.isEmpty() || due - nextTry < 0 ? due : nextTry;
            retrying.add(one);
        }
        checkSuspect(one);
        step(one);
        firstPass.tried(one.key);
    }

    /** The rows may have changed with it, and tell what is next. */
    @SuppressWarnings("ReferenceEquality") // whether it is the very one that was open before
    private void turnEnded(Message.TurnEnded ended) {
        Hosted one = hosted.computeIfAbsent(ended.key(), Hosted::new);
        one.working = false;
        if (one.opened != ended.opened()) {
            one.opened = ended.opened();
            one.stamp = one.opened == null ? 0 : one.opened.stamp();
            one.succeeded();
            retrying.remove(one);
            // its secrets may be newer than those that it was given
            nextPass = System.nanoTime();
        } else {
            // the bundle that was tried may be used by nobody
            nextPass = Math.min(nextPass, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
        }
        checkSuspect(one);
        firstPass.tried(one.key);
        one.target = instances.find(one.key).map(InstanceRow::target).orElse(null);
        step(one);
    }

    private void passWhenDue() {
        long now = System.nanoTime();
        if (now - nextPass >= 0) {
            nextPass = now + Math.min(period.toNanos(), TimeUnit.SECONDS.toNanos(1));
            pass();
            nextPass = System.nanoTime() + period.toNanos();
        } else if (!retrying.isEmpty() && now - nextTry >= 0) {
            retry(now);
        }
    }

    /** Tries those whose time has come. Looked through at times only: thousands may have failed together. */
    private void retry(long now) {
        long soonest = period.toNanos();
        for (Hosted one : List.copyOf(retrying)) {
            long until = one.untilTry(now);
            if (until <= 0) {
                step(one);
            } else {
                soonest = Math.min(soonest, until);
            }
        }
        nextTry = now + Math.max(soonest, BETWEEN_LOOKS_NANOS);
    }

    /** Compares everything. The rows are the truth: whatever was missed between is made good here. */
    private void pass() {
        Map<InstanceKey, Target> wanted = new HashMap<>();
        for (Target target : instances.targets()) {
            wanted.put(target.key(), target);
            hosted.computeIfAbsent(target.key(), Hosted::new);
        }
        Map<InstanceOf, Long> stamps = secrets.stamps();
        markRevoked();
        firstPass.begin(wanted.keySet(), System.nanoTime());
        for (Hosted one : List.copyOf(hosted.values())) {
            one.target = wanted.get(one.key);
            one.stamp(stamps.getOrDefault(new InstanceOf(one.key.scope(), one.key.instance()), 0L));
            step(one);
        }
        removals.begin(this::inUse);
        if (sweep) {
            removals.sweep(this::inUse);
            sweep = false;
        }
        for (Hosted one : hosted.values()) {
            if (!one.working && !order.isWaiting(one.key)) {
                firstPass.tried(one.key);
            }
        }
        looked.accept(wanted.values().stream()
                .filter(target -> target.wanted() == Wanted.RUNNING)
                .map(Target::definition)
                .collect(Collectors.toSet()));
    }

    private void markRevoked() {
        revoked.clear();
        for (Hosted one : hosted.values()) {
            Opened opened = one.opened;
            one.suspect = one.working;
            if (opened != null && isRevoked(opened)) {
                one.renew = true;
            }
        }
    }

    /** Its key was looked at before the pass, perhaps; what is known since the pass is what counts. */
    private void checkSuspect(Hosted one) {
        Opened opened = one.opened;
        if (one.suspect && opened != null && isRevoked(opened)) {
            one.renew = true;
        }
        one.suspect = false;
    }

    private boolean isRevoked(Opened opened) {
        return revoked.computeIfAbsent(opened.key(), opener::revoked);
    }

    /** The one place that decides what to do about an instance. */
    private void step(Hosted one) {
        if (one.working) {
            return;
        }
        Target target = one.target;
        if (!one.turns.isEmpty() && waitsForItsTurn(one, target)) {
            moveNext();
            if (one.working) {
                return;
            }
        }
        Opened opened = one.opened;
        if (opened != null) {
            if (target == null
                    || target.wanted() == Wanted.STOPPED
                    || target.incarnation() != opened.target().incarnation()
                    || one.renew) {
                close(one, opened);
            } else {
                stayOpen(one, target, opened);
            }
        } else if (target == null) {
            hosted.remove(one.key);
            order.remove(one.key);
            sweepSoon();
            retrying.remove(one);
            observations.gone(one.key);
            metrics.forget(one.key);
        } else if (target.wanted() == Wanted.STOPPED) {
            order.remove(one.key);
            one.succeeded();
            observe(target, Observed.STOPPED, null);
        } else {
            Problem problem = one.problemOf(target);
            observe(target, problem == null ? Observed.PENDING : Observed.FAILED, problem);
            if (one.mayTry(target, System.nanoTime())) {
                order.add(one.key, target.definition());
            }
        }
    }

    /**
     * Has it wait for a place for its move; until it has one, whatever else is wanted of it is done. False when it is not there any
     * more and waits for nothing.
     */
    private boolean waitsForItsTurn(Hosted one, @Nullable Target target) {
        if (target == null) {
            moves.remove(one.key);
            // what a turn has open already may take its time to close
            one.turns.forEach(turn -> workers.execute(turn::gone));
            one.turns.clear();
            return false;
        }
        moves.add(one.key, target.definition().name());
        return true;
    }

    /** Sends those whose move has a place. */
    private void moveNext() {
        InstanceKey next = moves.next();
        while (next != null) {
            Hosted one = hosted.get(next);
            Turn turn = one == null || one.working ? null : one.turns.poll();
            if (one == null || turn == null) {
                // what is under way with it takes it up again when it has ended
                moves.ended(next);
            } else {
                order.remove(next);
                begin(one, turn);
            }
            next = moves.next();
        }
    }

    /** Sends those whose turn it is. */
    private void openNext() {
        InstanceKey next = order.next(mostOpening(), System.nanoTime());
        while (next != null) {
            Hosted one = hosted.get(next);
            Target target = one == null ? null : one.target;
            if (one == null || target == null || one.working) {
                throw new IllegalStateException(next + " waits to be opened and is not to be opened");
            }
            open(one, target);
            next = order.next(mostOpening(), System.nanoTime());
        }
    }

    private int mostOpening() {
        return unready().isPresent() ? MOST_OPENING : MOST_OPENING_BESIDE_CALLS;
    }

    /** It is open and should be; but perhaps not with the configuration or the secrets that it should have. */
    private void stayOpen(Hosted one, Target target, Opened opened) {
        boolean outdated = one.isOutdated();
        Problem problem = outdated || one.isBehind() ? one.problemOf(target) : null;
        // whoever waits for a change is answered when it was tried
        observe(target, outdated && problem == null ? Observed.PENDING : Observed.RUNNING, problem);
        if (!one.mayTry(target, System.nanoTime())) {
            return;
        }
        if (outdated) {
            renew(one, target, opened, () -> opener.replace(opened, target));
        } else if (one.isBehind()) {
            renew(one, target, opened, () -> opener.renewSecrets(opened, target));
        }
    }

    private void observe(Target target, Observed observed, @Nullable Problem problem) {
        if (observations.publish(
                target.key(), new Observation(target.incarnation(), target.revision(), observed, problem))) {
            writer.changed(target.key());
        }
    }

    private void open(Hosted one, Target target) {
        work(one, () -> mailbox.add(worked(target, null, () -> opener.open(target))));
    }

    /** Sends a worker, or leaves everything as it is when there is none: the next pass tries again. */
    private void work(Hosted one, Runnable work) {
        one.working = true;
        boolean begun = false;
        try {
            workers.execute(work);
            begun = true;
        } finally {
            if (!begun) {
                one.working = false;
                order.ended(one.key);
            }
        }
    }

    private void renew(Hosted one, Target target, Opened opened, Opening work) {
        Semaphore places =
                renewing.computeIfAbsent(target.definition(), definition -> new Semaphore(RENEWING_PER_DEFINITION));
        work(
                one,
                () -> mailbox.add(worked(target, opened, () -> {
                    places.acquire();
                    try {
                        return work.run();
                    } finally {
                        places.release();
                    }
                })));
    }

    /** The work of opening, which may fail in any way. */
    private interface Opening {
        Opened run() throws TimeLimit.Exceeded, InterruptedException;
    }

    @SuppressWarnings("CatchingThrowable") // a linkage error of an adapter must not leave its instance pending for ever
    private Message.OpenEnded worked(Target target, @Nullable Opened before, Opening opening) {
        try {
            return new Message.OpenEnded(target, opening.run(), null, null);
        } catch (ProblemException e) {
            return new Message.OpenEnded(target, before, e.problem(), null);
        } catch (TimeLimit.Exceeded e) {
            return new Message.OpenEnded(target, before, opener.tooLong(e), e);
        } catch (InterruptedException e) {
            return new Message.OpenEnded(target, before, unexpected(), null);
        } catch (Throwable e) {
            target.key().log(LOG).log(Level.ERROR, "instance " + target.key() + " cannot be opened", e);
            return new Message.OpenEnded(target, before, unexpected(), null);
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
        work(one, () -> {
            try {
                opener.close(opened);
            } finally {
                mailbox.add(new Message.CloseEnded(one.key));
            }
        });
    }

    private void begin(Hosted one, Turn turn) {
        try {
            one.working = movers.begin(
                    turn,
                    one.opened,
                    () -> mailbox.add(new Message.TurnWorked(one.key)),
                    after -> mailbox.add(new Message.TurnEnded(one.key, after)));
            if (!one.working) {
                moves.ended(one.key);
                one.turns.addFirst(turn);
                nextPass = Math.min(nextPass, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
            }
        } catch (RejectedExecutionException e) {
            moves.ended(one.key);
            turn.abandoned();
        }
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
        movers.stop();
        hosted.values().forEach(one -> one.turns.forEach(Turn::abandoned));
        List<Opened> open = new ArrayList<>();
        for (Hosted one : hosted.values()) {
            Opened opened = one.opened;
            // one that a worker is closing already is left to it
            if (opened != null && !one.working) {
                open.add(opened);
            }
        }
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
            boolean ended = workers.awaitTermination(25, TimeUnit.SECONDS);
            if (!movers.awaitEnd(end - System.nanoTime()) || !ended) {
                LOG.log(Level.WARNING, "some instances are left behind in the middle of opening or closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
            switch (message) {
                case Message.OpenEnded ended when ended.opened() != null -> open.add(ended.opened());
                case Message.TurnEnded ended when ended.opened() != null -> open.add(ended.opened());
                case Message.TurnAsked asked -> asked.turn().abandoned();
                default -> LOG.log(Level.TRACE, "too late for {0}", message);
            }
        }
        try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(opened -> closers.execute(() -> opener.close(opened)));
        }
    }
}
