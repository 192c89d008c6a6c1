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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that engines keep of tenants: those of the other engines, which come and go, and the tenancy's own. */
final class Holdings {
    private final TenantHoldings own;
    private final List<TenantHoldings> others;

    /**
     * All holdings.
     *
     * @param own of the tenancy itself
     * @param others may change at any time
     */
    Holdings(TenantHoldings own, List<TenantHoldings> others) {
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

    /** The counts of each engine, by its name. */
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
