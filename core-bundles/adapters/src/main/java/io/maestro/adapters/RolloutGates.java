package io.maestro.adapters;

import io.maestro.adapters.CallWindow.Counts;
import io.maestro.adapters.GateCheck.Breach;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.adapters.RolloutRun.Ended;
import io.maestro.adapters.leaks.OwnThreads;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what is counted on this node while new versions are tried, and says which gate is breached. Asks nobody and waits for
 * nothing, so that what a new version holds up does not hold up what takes it back. Belongs to the thread of the rollout.
 */
final class RolloutGates {
    private static final Duration STILL = Duration.ofSeconds(2);

    private final List<Tried> members;
    private final Gates wanted;
    private final GateCheck gates;
    private final InstantSource clock;
    private final ThreadGate threads = new ThreadGate();
    private final Before before;

    /**
     * Calls of the old versions in the minutes before the rollout.
     *
     * @param usual how long the one at the percentile of the gate took, in nanoseconds
     */
    private record Before(long calls, long usual) {}

    /** Looks at these members; what they did before is looked up now. */
    RolloutGates(List<Tried> members, Gates wanted, CallHistories histories, InstantSource clock) {
        this.members = members;
        this.wanted = wanted;
        this.gates = new GateCheck(wanted);
        this.clock = clock;
        this.before = before(members, wanted, histories);
    }

    private static Before before(List<Tried> members, Gates wanted, CallHistories histories) {
        long now = System.nanoTime();
        long calls = 0;
        long[] times = new long[Latencies.BUCKETS];
        for (Tried member : members) {
            CallHistory history = histories.present(member.key());
            if (history != null) {
                long[] own = history.window(CallHistory.MINUTES, now).histogram();
                for (int bucket = 0; bucket < times.length; bucket++) {
                    times[bucket] += own[bucket];
                    calls += own[bucket];
                }
            }
        }
        return new Before(calls, Latencies.quantile(times, wanted.percentile()));
    }

    /** Each against its own old version, or against all old ones when its own is hardly called; then all together. */
    void check() throws Ended {
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
        List<Tried> still = new ArrayList<>();
        Ended first = null;
        for (Tried member : members) {
            if (member.candidate() != null) {
                Counts own = member.old();
                Counts old = own.calls() >= wanted.samples() ? own : allOld;
                Optional<Breach> breach = gates.check(old, member.fresh(), member.compared(), member.different());
                if (breach.isPresent()) {
                    throw breached(breach.get(), member.key());
                }
                Optional<Breach> standing = standstill(member, old);
                if (standing.isPresent()) {
                    still.add(member);
                    first = first == null ? breached(standing.get(), member.key()) : first;
                }
            }
        }
        if (first != null) {
            // their calls have been waited for already
            still.forEach(Tried::giveUpCalls);
            throw first;
        }
        Optional<Breach> breach = gates.check(allOld, allFresh, compared, different);
        if (breach.isPresent()) {
            throw breached(breach.get(), null);
        }
    }

    /** A call that hangs has no time that could be compared. */
    private Optional<Breach> standstill(Tried member, Counts old) {
        long still = member.standstill();
        long usual = usual(old);
        long limit = gates.limit(usual) + STILL.toNanos();
        return usual < 0 || still <= limit
                ? Optional.empty()
                : Optional.of(new Breach(
                        "standstill",
                        GateCheck.seconds(usual),
                        GateCheck.seconds(still),
                        GateCheck.seconds(limit),
                        member.fresh().calls()));
    }

    /**
     * How long calls of the old version take, in nanoseconds; less than 0 when that is not known. When whoever calls is waiting for new
     * versions, the old ones are not called: what they did since the rollout began tells, or else what they did before it.
     */
    private long usual(Counts old) {
        if (old.calls() >= wanted.samples()) {
            return old.percentile(wanted.percentile());
        }
        Counts ever = Counts.none();
        for (Tried member : members) {
            ever = ever.plus(member.oldEver());
        }
        if (ever.calls() >= wanted.samples()) {
            return ever.percentile(wanted.percentile());
        }
        return before.calls() >= wanted.samples() ? before.usual() : -1;
    }

    /** Threads that are left behind harm only later, when nothing can be compared any more. Once a second. */
    void checkThreads() throws Ended {
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

    /** The end of a rollout that breaches a gate: by one member, or null by all together. */
    Ended breached(Breach breach, @Nullable InstanceKey member) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("gate", breach.gate());
        report.put("member", member == null ? "all" : member);
        report.put("old", new Json(Double.toString(breach.old())));
        report.put("new", new Json(Double.toString(breach.fresh())));
        report.put("limit", new Json(Double.toString(breach.limit())));
        report.put("calls", breach.calls());
        report.put("at", clock.instant());
        Problem problem = Problem.of(
                AdapterProblem.ROLLOUT_BREACHED,
                (member == null ? "taken together, " : member + ": ") + breach.sentence(),
                "Everything is as before. Mend the new version, or widen the gate if it is too narrow, and begin again.");
        return new Ended(problem, Json.object(report), member);
    }

    /** What is compared, as people see it. */
    Json numbers() {
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
        return Json.object(Map.of(
                "at",
                clock.instant(),
                "old",
                numbers(old),
                "new",
                numbers(fresh),
                "compared",
                compared,
                "different",
                different));
    }

    private Map<String, Object> numbers(Counts counts) {
        double seconds = GateCheck.seconds(counts.percentile(wanted.percentile()));
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
}
