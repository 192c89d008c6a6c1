package io.maestro.adapters;

import io.maestro.adapters.GateCheck.Breach;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The trying part of one rollout: opens new versions step by step, gives them calls, and watches the gates. One thread. */
final class RolloutRun {
    private static final System.Logger LOG = System.getLogger(RolloutRun.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int OPENING = 8;

    private final UUID id;
    private final Course course;
    private final List<Tried> members;
    private final Parts parts;
    private final RolloutLease lease;
    private final RolloutGates gates;
    private final TriedHealth health;
    private final RolloutEnd end;

    /** What is being asked of the rows; null between two times. */
    private @Nullable Future<List<Present>> asking;

    private long askedAt = System.nanoTime();

    /** What a run works with. */
    record Parts(
            JooqRollouts rows,
            JooqInstances instances,
            Moves moves,
            Opener opener,
            BindingIndex index,
            CallHistories histories,
            Steps steps,
            InstantSource clock) {}

    /** How a run goes on while it tries. */
    interface Pulse {
        /**
         * Looks whether it may go on; several times a second, so it waits for nothing.
         *
         * @throws Ended when it may not
         */
        void beat() throws Ended;
    }

    /** What an instance is now, if it is open. */
    private record Present(Tried member, @Nullable Binding binding) {}

    /** Trying has ended without success; everything is as before. */
    static final class Ended extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;
        private final transient @Nullable Json report;
        private final transient @Nullable InstanceKey member;

        Ended(Problem problem, @Nullable Json report, @Nullable InstanceKey member) {
            super(problem.detail());
            this.problem = problem;
            this.report = report;
            this.member = member;
        }

        Problem problem() {
            return problem;
        }

        @Nullable
        Json report() {
            return report;
        }

        @Nullable
        InstanceKey member() {
            return member;
        }
    }

    RolloutRun(UUID id, Course course, List<Tried> members, Parts parts, RolloutLease lease) {
        this.id = id;
        this.course = course;
        this.members = members;
        this.parts = parts;
        this.lease = lease;
        this.gates = new RolloutGates(members, course.gates(), parts.histories(), parts.clock());
        this.health = new TriedHealth(members, parts.opener());
        this.end = new RolloutEnd(members, health, parts.opener());
    }

    /** Returns when all have proven themselves, with their new versions open. */
    void tryAll(Pulse pulse) throws Ended, InterruptedException {
        for (Tried member : members) {
            member.attach(parts.index().find(member.key().scope(), member.key().instance()));
        }
        health.start();
        for (int number = 1; number <= course.steps().size(); number++) {
            int begun = number;
            var _ = asked(
                    () -> {
                        parts.rows().step(id, begun);
                        return true;
                    },
                    pulse);
            parts.steps().reached("step");
            step(number, course.steps().get(number - 1), pulse);
        }
    }

    /** Returns when nothing that is not a call speaks against it: its key is trusted, and all instances are as they were. */
    void requireFit(Pulse pulse) throws Ended, InterruptedException {
        // what takes over or is closed from here on must not be asked meanwhile
        health.end();
        while (!health.hasEnded()) {
            look(pulse);
            Thread.sleep(LOOK);
        }
        requireHealthy();
        var _ = asked(
                () -> {
                    requireTrusted();
                    requireUnchanged(members);
                    return true;
                },
                pulse);
    }

    /**
     * Decides that all move, and looks at the gates until the database has answered. Once one is breached it is not decided any more;
     * where the database was a moment faster, whoever tells the rows of the breach takes the decision back.
     */
    boolean decide(Actor actor, Pulse pulse) throws Ended, InterruptedException {
        AtomicBoolean wanted = new AtomicBoolean(true);
        try {
            return asked(() -> parts.rows().decide(id, actor, wanted::get), pulse);
        } finally {
            wanted.set(false);
        }
    }

    /** Has the thread of the lease ask the database, and looks at the gates until it has. */
    private <T> T asked(Callable<T> question, Pulse pulse) throws Ended, InterruptedException {
        Future<T> answer = lease.ask(question);
        try {
            while (!answer.isDone()) {
                look(pulse);
                await(answer);
            }
            return answer.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Ended ended -> throw ended;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            answer.cancel(false);
        }
    }

    private static void await(Future<?> answer) throws ExecutionException, InterruptedException {
        try {
            var _ = answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.TRACE, "the database has not answered yet", e);
        }
    }

    /** What is looked at several times a second, whatever else is under way; waits for nothing. */
    private void look(Pulse pulse) throws Ended {
        pulse.beat();
        gates.check();
        requireHealthy();
    }

    private void step(int number, Step step, Pulse pulse) throws Ended, InterruptedException {
        List<Tried> begun =
                members.stream().filter(member -> member.step() == number).toList();
        openAll(begun, pulse);
        for (Tried member : members) {
            if (member.candidate() != null) {
                member.attach(
                        parts.index().find(member.key().scope(), member.key().instance()));
                member.share(member.step() == number ? step.percent() : 100);
            }
            member.mark();
        }
        hold(step, begun, pulse);
    }

    /** Whichever way it ends, nothing is opened any more when it returns, and all that was opened is known. */
    private void openAll(List<Tried> begun, Pulse pulse) throws Ended, InterruptedException {
        // platform threads: what bundles load and resolve must not take the processors that calls run on
        ExecutorService openers = Executors.newFixedThreadPool(
                OPENING, Thread.ofPlatform().daemon().name("rollout-open-", 0).factory());
        boolean all = false;
        try {
            Map<Tried, Future<?>> opening = new LinkedHashMap<>();
            for (Tried member : begun) {
                opening.put(member, openers.submit(() -> {
                    member.opened(parts.moves().prove(member.course()), lease::isLost);
                    parts.rows().progress(id, member.key(), Progress.TRYING, null);
                    return true;
                }));
            }
            openers.shutdown();
            boolean ended;
            do {
                ended = openers.awaitTermination(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                look(pulse);
                for (Map.Entry<Tried, Future<?>> one : opening.entrySet()) {
                    if (one.getValue().state() == Future.State.FAILED) {
                        throw cannotOpen(one.getKey(), one.getValue().exceptionNow());
                    }
                }
            } while (!ended);
            all = true;
        } finally {
            if (!all) {
                // what opens may take long to end; those of earlier steps get no call meanwhile
                members.forEach(Tried::rest);
                openers.shutdownNow();
            }
            openers.close();
        }
    }

    private Ended cannotOpen(Tried member, @Nullable Throwable why) {
        Problem problem = switch (why) {
            case ProblemException known -> known.problem();
            case TimeLimit.Exceeded late -> parts.opener().tooLong(late);
            case null, default ->
                Problem.of(
                        AdapterProblem.INSTANCE_OPEN_FAILED,
                        "the node failed to open " + member.course().to().id() + " as " + member.key(),
                        "The server's log has the details.");
        };
        Json report = Json.object(Map.of(
                "gate", "open",
                "member", member.key(),
                "code", problem.code(),
                "at", parts.clock().instant()));
        return new Ended(problem, report, member.key());
    }

    private void hold(Step step, List<Tried> begun, Pulse pulse) throws Ended, InterruptedException {
        long start = System.nanoTime();
        long beat = start;
        long window = start;
        long calls = 0;
        while (true) {
            look(pulse);
            long now = System.nanoTime();
            if (now - beat >= BEAT.toNanos()) {
                beat = now;
                gates.checkThreads();
            }
            requireRows(now);
            long answered = calls + sum(begun);
            if (now - start >= step.hold().toNanos() && answered >= step.calls() && !health.isDoubtful()) {
                requireHealthy();
                return;
            }
            if (now - start
                    > Math.max(PATIENCE.toNanos(), step.hold().multipliedBy(10).toNanos())) {
                throw gates.breached(new Breach("calls", 0, answered, step.calls(), answered), null);
            }
            if (now - window > WINDOW.toNanos()) {
                // what has gone well for long must not hide what goes wrong now
                window = now;
                calls = answered;
                members.forEach(Tried::mark);
            }
            Thread.sleep(LOOK);
        }
    }

    private static long sum(List<Tried> begun) {
        return begun.stream().mapToLong(member -> member.fresh().calls()).sum();
    }

    /**
     * Has the rows looked at each second, and heeds what they said; waits for nothing. What was opened anew meanwhile, for
     * example with newer secrets, is shared in its place; what is not there any more was deleted or stopped, or will be opened
     * anew.
     */
    private void requireRows(long now) throws Ended {
        Future<List<Present>> running = asking;
        if (running == null && now - askedAt >= BEAT.toNanos()) {
            askedAt = now;
            List<Present> changed = changed();
            Json numbers = gates.numbers();
            asking = lease.ask(() -> {
                requireTrusted();
                requireUnchanged(changed.stream().map(Present::member).toList());
                tell(numbers);
                return changed;
            });
        }
        if (running == null || !running.isDone()) {
            return;
        }
        asking = null;
        if (running.state() == Future.State.SUCCESS) {
            running.resultNow().forEach(one -> one.member().attach(one.binding()));
            return;
        }
        Throwable failure = running.exceptionNow();
        if (failure instanceof Ended ended) {
            throw ended;
        }
        // the lease tells for how long that is bearable
        LOG.log(System.Logger.Level.DEBUG, "rollout " + id + " cannot look at the rows now", failure);
    }

    private List<Present> changed() {
        List<Present> changed = new ArrayList<>();
        for (Tried member : members) {
            Binding now = parts.index().find(member.key().scope(), member.key().instance());
            if (!Objects.equals(now, member.present())) {
                changed.add(new Present(member, now));
            }
        }
        return changed;
    }

    /** What is compared now. */
    Json numbers() {
        return gates.numbers();
    }

    /** Has everybody see these numbers; when the database is away they are told in a second. */
    void tell(Json numbers) {
        try {
            parts.rows().seen(id, numbers);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the numbers of rollout " + id + " cannot be told now", e);
        }
    }

    private void requireHealthy() throws Ended {
        Tried down = health.down();
        if (down != null) {
            throw gates.breached(new Breach("health", 1, 0, 1, down.fresh().calls()), down.key());
        }
    }

    private void requireTrusted() throws Ended {
        Definition to = members.getFirst().course().to();
        if (parts.opener().revoked(to.key())) {
            throw new Ended(
                    Opener.keyRevoked(to.id(), to.key()),
                    Json.object(Map.of("gate", "key", "at", parts.clock().instant())),
                    null);
        }
    }

    private void requireUnchanged(List<Tried> some) throws Ended {
        if (some.isEmpty()) {
            return;
        }
        Map<InstanceKey, InstanceRow> rows =
                parts.instances().find(some.stream().map(Tried::key).collect(Collectors.toSet()));
        for (Tried member : some) {
            requireUnchanged(member, rows.get(member.key()));
        }
    }

    private void requireUnchanged(Tried member, @Nullable InstanceRow now) throws Ended {
        InstanceRow then = member.course().row();
        if (now == null || now.incarnation() != then.incarnation() || now.revision() != then.revision()) {
            Problem problem = Problem.of(
                    AdapterProblem.ROLLOUT_BREACHED,
                    member.key() + " was changed by somebody else while the new version was being tried",
                    "Everything is as before, but for that change. Begin again.");
            throw new Ended(
                    problem,
                    Json.object(Map.of(
                            "gate",
                            "unchanged",
                            "member",
                            member.key(),
                            "at",
                            parts.clock().instant())),
                    member.key());
        }
    }

    /** How it is taken back, or what is left of it closed. */
    RolloutEnd end() {
        return end;
    }
}
