package io.maestro.tenancy;

import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that engines keep of tenants: those of the other engines, which come and go, and the tenancy's own. One that has ever been
 * there may have something, whether it runs now or not.
 */
final class Holdings {
    private final JooqDepartures own;
    private final List<TenantHoldings> others;
    private volatile Set<String> remembered = Set.of();

    /**
     * All holdings.
     *
     * @param own of the tenancy itself
     * @param others may change at any time
     */
    Holdings(JooqDepartures own, List<TenantHoldings> others) {
        this.own = own;
        this.others = others;
    }

    /** Of the tenancy itself, which go last. */
    TenantHoldings own() {
        return own;
    }

    /** Those of the other engines. */
    List<TenantHoldings> others() {
        return List.copyOf(others);
    }

    /** Writes down who is there, so that none is forgotten when it is away; asks the database only when there is a new one. */
    void remember() {
        Set<String> present = names();
        if (!remembered.containsAll(present)) {
            own.remember(present);
            remembered = present;
        }
    }

    /** The names of the other engines that have ever been there. */
    Set<String> engines() {
        Set<String> all = new TreeSet<>(own.engines());
        all.addAll(names());
        return all;
    }

    private Set<String> names() {
        return others().stream().map(TenantHoldings::name).collect(Collectors.toSet());
    }

    /** The counts of each engine that is there, by its name. */
    Map<String, Map<String, Long>> count(TenantId tenant, @Nullable Environment environment) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        counts.put(own.name(), own.count(tenant, environment));
        others().forEach(engine -> counts.put(engine.name(), engine.count(tenant, environment)));
        return counts;
    }

    /**
     * Lets each engine drop what it keeps of this environment without counting it; {@link TenancyProblem#ENVIRONMENT_IN_USE} when
     * one could not be asked.
     */
    void emptied(Scope scope, Actor actor) {
        Set<String> engines = engines();
        Set<String> asked = new HashSet<>();
        others().forEach(engine -> {
            engine.emptied(scope, actor);
            asked.add(engine.name());
        });
        requireAll(scope, engines, asked);
    }

    /** Returns when nothing belongs to this environment alone, else {@link TenancyProblem#ENVIRONMENT_IN_USE}. */
    void requireNone(Scope scope) {
        Set<String> engines = engines();
        Map<String, Map<String, Long>> found = count(scope.tenant(), scope.environment());
        requireAll(scope, engines, found.keySet());
        List<String> left = new ArrayList<>();
        found.values()
                .forEach(counts -> new TreeMap<>(counts).forEach((kind, count) -> {
                    if (count > 0) {
                        left.add(count + " " + kind);
                    }
                }));
        if (!left.isEmpty()) {
            throw Problem.of(
                            TenancyProblem.ENVIRONMENT_IN_USE,
                            "the environment " + scope + " still has " + String.join(", ", left),
                            "Delete those first.")
                    .asException();
        }
    }

    /** Who answered counts, and not who was there a moment before: engines come and go at any time. */
    private static void requireAll(Scope scope, Set<String> engines, Set<String> answered) {
        Set<String> silent = new TreeSet<>(engines);
        silent.removeAll(answered);
        if (!silent.isEmpty()) {
            throw Problem.of(
                            TenancyProblem.ENVIRONMENT_IN_USE,
                            "what the environment " + scope + " has in " + String.join(", ", silent)
                                    + " cannot be told, since that does not run",
                            "Start it first: see the log for why its bundle does not run. If it never will again, see \"When it"
                                    + " does not end\" in docs/how-to/offboard-a-tenant.md.")
                    .asException();
        }
    }
}
