package io.maestro.rego.compile;

import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.error.Location;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Where the goals and heads of a program are written. */
public final class Places {
    private Places() {}

    /** Each place once, in order. */
    public static List<Location> of(Program program) {
        Set<Location> places = new TreeSet<>();
        for (RuleGroup group : program.tree().groups()) {
            for (Definition definition : group.definitions()) {
                for (Alternative alternative : definition.alternatives()) {
                    places.add(alternative.at());
                    alternative.body().goals().forEach(goal -> add(goal, places));
                }
            }
        }
        return List.copyOf(places);
    }

    private static void add(Goal goal, Set<Location> places) {
        places.add(goal.at());
        Uses.everywhere(goal, form -> {
            if (form instanceof Form.Collect collect) {
                collect.body().goals().forEach(inner -> places.add(inner.at()));
            }
        });
        if (goal instanceof Goal.Every every) {
            every.body().goals().forEach(inner -> add(inner, places));
        }
    }
}
