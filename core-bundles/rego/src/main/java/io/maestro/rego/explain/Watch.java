package io.maestro.rego.explain;

import io.maestro.rego.error.Location;
import io.maestro.rego.explain.Explanation.Fired;
import io.maestro.rego.explain.Explanation.Missed;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Notes which definitions gave values, what each read of the input, and what was compared. Bounded. */
final class Watch implements Observer {
    private static final int MOST_VALUES = 100;
    private static final int MOST_FACTS = 2_000;
    private static final int MOST_PAIRS = 5_000;

    /** Two values that were compared. */
    record Pair(Value one, Value other) {}

    private record Key(String rule, Location at) {}

    /** What is known of a definition, over all the times that it was tried. */
    private static final class Tried {
        final String rule;
        final Location at;
        final Map<List<Value>, Fact> facts = new LinkedHashMap<>();
        final Set<String> needs = new LinkedHashSet<>();
        final List<Value> values = new ArrayList<>();
        Location goal;

        Tried(String rule, Location at) {
            this.rule = rule;
            this.at = at;
            this.goal = at;
        }
    }

    /** A rule that is being evaluated, with its definition that is being tried. */
    private static final class Open {
        final String rule;

        @Nullable
        Tried tried;

        Open(String rule) {
            this.rule = rule;
        }
    }

    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Key, Tried> tried = new LinkedHashMap<>();
    private final Map<String, List<Tried>> rules = new HashMap<>();
    private final Map<List<Value>, Fact> facts = new LinkedHashMap<>();
    private final List<Pair> pairs = new ArrayList<>();

    @Override
    public void begins(String rule) {
        known(rule);
        open.push(new Open(rule));
    }

    @Override
    public void ends(String rule) {
        open.pop();
    }

    @Override
    public void known(String rule) {
        Tried now = now();
        if (now != null) {
            now.needs.add(rule);
        }
    }

    @Override
    public void rule(String name, Location at) {
        Open rule = open.peek();
        if (rule != null) {
            rule.tried = tried.computeIfAbsent(new Key(rule.rule, at), _ -> {
                Tried made = new Tried(rule.rule, at);
                rules.computeIfAbsent(rule.rule, _ -> new ArrayList<>()).add(made);
                return made;
            });
        }
    }

    @Override
    public void enter(Location at) {
        Tried now = now();
        if (now != null && now.goal.compareTo(at) < 0) {
            now.goal = at;
        }
    }

    @Override
    public void held(Location at) {}

    @Override
    public void print(String text) {}

    @Override
    public void gave(String rule, Location at, Value value) {
        Tried now = now();
        if (now != null && now.values.size() < MOST_VALUES && !now.values.contains(value)) {
            now.values.add(value);
        }
    }

    @Override
    public void read(List<Value> path, @Nullable Value value) {
        if (facts.size() < MOST_FACTS) {
            Fact fact = facts.computeIfAbsent(path, _ -> new Fact(path, value));
            Tried now = now();
            if (now != null) {
                now.facts.putIfAbsent(path, fact);
            }
        }
    }

    @Override
    public void compared(Value one, Value other) {
        if (pairs.size() < MOST_PAIRS) {
            pairs.add(new Pair(one, other));
        }
    }

    private @Nullable Tried now() {
        Open rule = open.peek();
        return rule == null ? null : rule.tried;
    }

    List<Pair> pairs() {
        return pairs;
    }

    List<Fact> facts() {
        return List.copyOf(facts.values());
    }

    Explanation explanation(@Nullable Value value) {
        List<Fired> fired = new ArrayList<>();
        List<Missed> missed = new ArrayList<>();
        for (Tried each : tried.values()) {
            if (each.values.isEmpty()) {
                missed.add(new Missed(each.rule, each.at, each.goal, facts(each)));
            } else {
                fired.add(new Fired(each.rule, each.at, List.copyOf(each.values), facts(each)));
            }
        }
        return new Explanation(value, List.copyOf(fired), List.copyOf(missed), facts());
    }

    private List<Fact> facts(Tried from) {
        Map<List<Value>, Fact> all = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>(Set.of(from.rule));
        Deque<Tried> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            Tried now = next.poll();
            now.facts.forEach(all::putIfAbsent);
            for (String need : now.needs) {
                if (seen.add(need)) {
                    List<Tried> definitions = rules.getOrDefault(need, List.of());
                    List<Tried> gave = definitions.stream()
                            .filter(each -> !each.values.isEmpty())
                            .toList();
                    // one that is undefined is so for what all of its definitions read
                    next.addAll(gave.isEmpty() ? definitions : gave);
                }
            }
        }
        return List.copyOf(all.values());
    }
}
