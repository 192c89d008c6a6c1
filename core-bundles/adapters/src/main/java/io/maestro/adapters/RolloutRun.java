package io.maestro.adapters;

import io.maestro.adapters.CallWindow.Counts;
import io.maestro.adapters.GateCheck.Breach;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.adapters.leaks.OwnThreads;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The trying part of one rollout: opens new versions step by step, gives them calls, and watches the gates. One thread. */
final class RolloutRun {
    private static final System.Logger LOG = System.getLogger(RolloutRun.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration STILL = Duration.ofSeconds(2);
    private static final int OPENING = 8;
    private static final int CLOSING = 64;

    private final UUID id;
    private final Course course;
    private final List<Tried> members;
    private final Parts parts;
    private final GateCheck gates;
    private final List<Candidate> left = new ArrayList<>();
    private final ThreadGate threads = new ThreadGate();
    private final TriedHealth health;

    /** What a run works with. */
    record Parts(
            JooqRollouts rows,
            JooqInstances instances,
            Moves moves,
            Opener opener,
            BindingIndex index,
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

    RolloutRun(UUID id, Course course, List<Tried> members, Parts parts) {
        this.id = id;
        this.course = course;
        this.members = members;
        this.parts = parts;
        this.gates = new GateCheck(course.gates());
        this.health = new TriedHealth(members, parts.opener());
    }

    /** Returns when all have proven themselves, with their new versions open. */
    void tryAll(Pulse pulse) throws Ended, InterruptedException {
        for (Tried member : members) {
            member.attach(parts.index().find(member.key().scope(), member.key().instance()));
        }
        health.start();
        for (int number = 1; number <= course.steps().size(); number++) {
            parts.rows().step(id, number);
            parts.steps().reached("step");
            step(number, course.steps().get(number - 1), pulse);
        }
    }

    /** Returns when nothing that is not a call speaks against it: its key is trusted, and all instances are as they were. */
    void requireFit() throws Ended {
        // what takes over or is closed from here on must not be asked meanwhile
        health.end();
        health.awaitEnd();
        requireHealthy();
        requireTrusted();
        for (Tried member : members) {
            requireUnchanged(member);
        }
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
                    member.opened(parts.moves().prove(member.course()));
                    parts.rows().progress(id, member.key(), Progress.TRYING, null);
                    return true;
                }));
            }
            openers.shutdown();
            boolean ended;
            do {
                ended = openers.awaitTermination(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                pulse.beat();
                for (Map.Entry<Tried, Future<?>> one : opening.entrySet()) {
                    if (one.getValue().state() == Future.State.FAILED) {
                        throw cannotOpen(one.getKey(), one.getValue().exceptionNow());
                    }
                }
            } while (!ended);
            all = true;
        } finally {
            if (!all) {
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
            pulse.beat();
            try {
                check();
            } catch (Ended e) {
                // what is kept of the numbers is what the report is about
                tell();
                throw e;
            }
            requireHealthy();
            long now = System.nanoTime();
            if (now - beat >= BEAT.toNanos()) {
                beat = now;
                requireFewThreads();
                requireTrusted();
                requirePresent();
                tell();
            }
            long answered = calls + sum(begun);
            if (now - start >= step.hold().toNanos() && answered >= step.calls() && !health.isDoubtful()) {
                requireHealthy();
                return;
            }
            if (now - start
                    > Math.max(PATIENCE.toNanos(), step.hold().multipliedBy(10).toNanos())) {
                throw breached(new Breach("calls", 0, answered, step.calls(), answered), null);
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

    /** Has everybody see the numbers that are compared; when the database is away they are told in a second. */
    private void tell() {
        Counts old = Counts.none();
        Counts fresh = Counts.none();
        long compared = 0;
        long different = 0;
        for (Tried member : members) {
            old = old.plus(member.old());
            fresh = fresh.plus(member.fresh());
            compared += member.compared();
            different += member.different();
        }
        try {
            parts.rows()
                    .seen(
                            id,
                            Json.object(Map.of(
                                    "at",
                                    parts.clock().instant(),
                                    "old",
                                    numbers(old),
                                    "new",
                                    numbers(fresh),
                                    "compared",
                                    compared,
                                    "different",
                                    different)));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the numbers of rollout " + id + " cannot be told now", e);
        }
    }

    private Map<String, Object> numbers(Counts counts) {
        double seconds = GateCheck.seconds(counts.percentile(course.gates().percentile()));
        return Map.of(
                "calls",
                counts.calls(),
                "failed",
                counts.failed(),
                "refused",
                counts.refused(),
                "seconds",
                new Json(counts.calls() == 0 ? "null" : Double.toString(seconds)));
    }

    private static long sum(List<Tried> begun) {
        return begun.stream().mapToLong(member -> member.fresh().calls()).sum();
    }

    /** Each against its own old version, or against all old ones when its own is hardly called; then all together. */
    private void check() throws Ended {
        Counts allOld = Counts.none();
        Counts allFresh = Counts.none();
        long compared = 0;
        long different = 0;
        for (Tried member : members) {
            allOld = allOld.plus(member.old());
            allFresh = allFresh.plus(member.fresh());
            compared += member.compared();
            different += member.different();
        }
        // when whoever calls is waiting for new versions, the old ones are not called: what they did before tells
        boolean called = allOld.calls() >= course.gates().samples();
        Counts ever = called ? allOld : oldEver();
        for (Tried member : members) {
            if (member.candidate() != null) {
                Counts own = member.old();
                Counts old = own.calls() >= course.gates().samples() ? own : allOld;
                Optional<Breach> breach = gates.check(old, member.fresh(), member.compared(), member.different());
                if (breach.isPresent()) {
                    throw breached(breach.get(), member.key());
                }
                requireMoving(member, called ? old : ever);
            }
        }
        Optional<Breach> breach = gates.check(allOld, allFresh, compared, different);
        if (breach.isPresent()) {
            throw breached(breach.get(), null);
        }
    }

    private Counts oldEver() {
        Counts all = Counts.none();
        for (Tried member : members) {
            all = all.plus(member.oldEver());
        }
        return all;
    }

    /** A call that hangs has no time that could be compared. */
    private void requireMoving(Tried member, Counts old) throws Ended {
        long still = member.standstill();
        long limit = gates.limit(old) + STILL.toNanos();
        if (old.calls() >= course.gates().samples() && still > limit) {
            throw breached(
                    new Breach(
                            "standstill",
                            GateCheck.seconds(old.percentile(course.gates().percentile())),
                            GateCheck.seconds(still),
                            GateCheck.seconds(limit),
                            member.fresh().calls()),
                    member.key());
        }
    }

    private Ended breached(Breach breach, @Nullable InstanceKey member) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("gate", breach.gate());
        report.put("member", member == null ? "all" : member);
        report.put("old", new Json(Double.toString(breach.old())));
        report.put("new", new Json(Double.toString(breach.fresh())));
        report.put("limit", new Json(Double.toString(breach.limit())));
        report.put("calls", breach.calls());
        report.put("at", parts.clock().instant());
        Problem problem = Problem.of(
                AdapterProblem.ROLLOUT_BREACHED,
                (member == null ? "taken together, " : member + ": ") + breach.sentence(),
                "Everything is as before. Mend the new version, or widen the gate if it is too narrow, and begin again.");
        return new Ended(problem, Json.object(report), member);
    }

    /** Threads that are left behind harm only later, when nothing can be compared any more. */
    private void requireFewThreads() throws Ended {
        Map<ClassLoader, Long> oldInstances = new HashMap<>();
        Map<ClassLoader, Long> freshInstances = new HashMap<>();
        long calls = 0;
        for (Tried member : members) {
            Binding present = member.present();
            if (present != null) {
                oldInstances.merge(loader(present), 1L, Long::sum);
            }
            Candidate candidate = member.candidate();
            if (candidate != null) {
                freshInstances.merge(loader(candidate.binding()), 1L, Long::sum);
                calls += member.fresh().calls();
            }
        }
        Set<ClassLoader> loaders = new HashSet<>(oldInstances.keySet());
        loaders.addAll(freshInstances.keySet());
        Map<ClassLoader, Long> counts = OwnThreads.of(loaders);
        Optional<Breach> breach = threads.look(
                sum(oldInstances.keySet(), counts),
                sum(oldInstances.keySet(), oldInstances),
                sum(freshInstances.keySet(), counts),
                sum(freshInstances.keySet(), freshInstances),
                calls);
        if (breach.isPresent()) {
            throw breached(breach.get(), null);
        }
    }

    private static ClassLoader loader(Binding binding) {
        return binding.adapter.getClass().getClassLoader();
    }

    private static long sum(Set<ClassLoader> loaders, Map<ClassLoader, Long> of) {
        return loaders.stream().mapToLong(loader -> of.getOrDefault(loader, 0L)).sum();
    }

    private void requireHealthy() throws Ended {
        Tried down = health.down();
        if (down != null) {
            throw breached(new Breach("health", 1, 0, 1, down.fresh().calls()), down.key());
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

    /**
     * What was opened anew meanwhile, for example with newer secrets, is shared in its place; what is not there any more was
     * deleted or stopped, or will be opened anew.
     */
    private void requirePresent() throws Ended {
        for (Tried member : members) {
            Binding now = parts.index().find(member.key().scope(), member.key().instance());
            if (!Objects.equals(now, member.present())) {
                requireUnchanged(member);
                member.attach(now);
            }
        }
    }

    private void requireUnchanged(Tried member) throws Ended {
        InstanceRow then = member.course().row();
        boolean same = parts.instances()
                .find(member.key())
                .filter(row -> row.incarnation() == then.incarnation() && row.revision() == then.revision())
                .isPresent();
        if (!same) {
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

    /** All calls go to the old versions from now on; the new ones stay open until {@link #backOut}. */
    void release() {
        health.end();
        for (Tried member : members) {
            Candidate candidate = member.detach();
            if (candidate != null) {
                left.add(candidate);
            }
        }
    }

    /** Ends all that is being tried: calls go to the old versions, the new ones drain and are closed. */
    void backOut() {
        release();
        health.awaitEnd();
        List<Candidate> closing = List.copyOf(left);
        left.clear();
        if (closing.isEmpty()) {
            return;
        }
        // platform threads, as those of the runner; each waits for the calls of one
        try (ExecutorService closers = Executors.newFixedThreadPool(
                Math.min(CLOSING, closing.size()),
                Thread.ofPlatform().daemon().name("rollout-close-", 0).factory())) {
            closing.forEach(candidate -> closers.execute(() -> parts.opener().discard(candidate)));
        }
    }
}
