package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks through documents and graphs. */
final class GraphBuiltins {
    private GraphBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("walk", "X", "A", (e, a) -> {
            List<Value> pairs = new ArrayList<>();
            walk(e, a[0], new ArrayList<>(), pairs);
            return ArrayValue.keeping(pairs);
        });
        registry.add("graph.reachable", "O,AT", "T", (e, a) -> reachable(e, (ObjectValue) a[0], a[1]));
        registry.add("graph.reachable_paths", "O,AT", "T", (e, a) -> paths(e, (ObjectValue) a[0], a[1]));
    }

    private static void walk(Evaluation evaluation, Value value, List<Value> path, List<Value> pairs) {
        evaluation.meter().cells(3L + path.size());
        pairs.add(ArrayValue.of(ArrayValue.keeping(List.copyOf(path)), value));
        switch (value) {
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    inside(evaluation, NumberValue.of(i), array.at(i), path, pairs);
                }
            }
            case ObjectValue object -> {
                for (Value key : object.keys()) {
                    inside(evaluation, key, object.at(key), path, pairs);
                }
            }
            case SetValue set -> {
                for (Value member : set.sorted()) {
                    inside(evaluation, member, member, path, pairs);
                }
            }
            default -> {}
        }
    }

    private static void inside(Evaluation evaluation, Value key, Value value, List<Value> path, List<Value> pairs) {
        path.add(key);
        walk(evaluation, value, path, pairs);
        path.removeLast();
    }

    private static @Nullable Collection<Value> neighbours(ObjectValue graph, Value node) {
        Value edges = graph.get(node);
        return switch (edges) {
            case ArrayValue array -> array.members();
            case SetValue set -> set.sorted();
            case null -> null;
            default -> List.of();
        };
    }

    private static Value reachable(Evaluation evaluation, ObjectValue graph, Value from) {
        Set<Value> reached = new HashSet<>();
        Deque<Value> open = new ArrayDeque<>(Registry.members(from));
        while (!open.isEmpty()) {
            Value node = open.pop();
            Collection<Value> edges = neighbours(graph, node);
            evaluation.meter().step();
            if (edges != null && reached.add(node)) {
                evaluation.meter().cells(1 + edges.size());
                open.addAll(edges);
            }
        }
        return SetValue.keeping(reached);
    }

    private static Value paths(Evaluation evaluation, ObjectValue graph, Value from) {
        Set<Value> found = new HashSet<>();
        for (Value root : Registry.members(from)) {
            Collection<Value> edges = neighbours(graph, root);
            if (edges != null) {
                List<Value> path = new ArrayList<>(List.of(root));
                paths(evaluation, graph, path, new HashSet<>(List.of(root)), found);
            }
        }
        return SetValue.keeping(found);
    }

    private static void paths(
            Evaluation evaluation, ObjectValue graph, List<Value> path, Set<Value> on, Set<Value> found) {
        evaluation.meter().enter(4);
        Collection<Value> edges = neighbours(graph, path.getLast());
        if (edges == null || edges.isEmpty()) {
            add(evaluation, path, found);
        }
        for (Value next : edges == null ? List.<Value>of() : edges) {
            evaluation.meter().step();
            if (graph.get(next) == null || on.contains(next)) {
                add(evaluation, path, found);
                continue;
            }
            path.add(next);
            on.add(next);
            paths(evaluation, graph, path, on, found);
            on.remove(next);
            path.removeLast();
        }
        evaluation.meter().leave(4);
    }

    private static void add(Evaluation evaluation, List<Value> path, Set<Value> found) {
        evaluation.meter().cells(path.size());
        found.add(ArrayValue.keeping(List.copyOf(path)));
    }
}
