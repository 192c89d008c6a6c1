package io.maestro.tenancy;

import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.ArrayList;
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

    /** Those of them that are not there now, so that they cannot be asked. */
    Set<String> away() {
        Set<String> away = new TreeSet<>(own.engines());
        away.removeAll(names());
        return away;
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

    /** Lets each engine drop what it keeps of this environment without counting it. */
    void emptied(Scope scope, Actor actor) {
        others().forEach(engine -> engine.emptied(scope, actor));
    }

    /** Returns when nothing belongs to this environment alone, else {@link TenancyProblem#ENVIRONMENT_IN_USE}. */
    void requireNone(Scope scope) {
        Set<String> away = away();
        if (!away.isEmpty()) {
            throw Problem.of(
                            TenancyProblem.ENVIRONMENT_IN_USE,
                            "what the environment " + scope + " has in " + String.join(", ", away)
                                    + " cannot be told, since that does not run",
                            "Start it first: see the log for why its bundle does not run.")
                    .asException();
        }
        List<String> left = new ArrayList<>();
        count(scope.tenant(), scope.environment())
                .values()
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
}
