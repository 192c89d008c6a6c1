package io.maestro.rego.explain;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An input as places with values, and the same with one of them changed. */
final class Inputs {
    private static final int MOST_PLACES = 5_000;

    private final IdentityHashMap<Value, List<List<Value>>> places = new IdentityHashMap<>();
    private int count;

    Inputs(@Nullable Value input) {
        if (input != null) {
            add(input, List.of());
        }
    }

    /** Where this very value stands: one that a rule has in its hand comes from there. */
    List<List<Value>> places(Value value) {
        return places.getOrDefault(value, List.of());
    }

    private void add(Value value, List<Value> path) {
        if (++count > MOST_PLACES) {
            return;
        }
        places.computeIfAbsent(value, _ -> new ArrayList<>()).add(path);
        switch (value) {
            case ObjectValue object -> object.keys().forEach(key -> add(object.at(key), below(path, key)));
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    add(array.at(i), below(path, NumberValue.of(i)));
                }
            }
            default -> {}
        }
    }

    static List<Value> below(List<Value> path, Value key) {
        List<Value> longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }

    static @Nullable Value at(@Nullable Value input, List<Value> path) {
        Value value = input;
        for (Value key : path) {
            value = value == null ? null : value.get(key);
        }
        return value;
    }

    /** The input with another value at a place, or without it; null when the place cannot be. */
    static @Nullable Value with(@Nullable Value input, List<Value> path, @Nullable Value to) {
        if (path.isEmpty()) {
            return to;
        }
        Value key = path.getFirst();
        List<Value> rest = path.subList(1, path.size());
        return switch (input) {
            case null -> {
                Value below = to == null ? null : with(null, rest, to);
                yield below == null ? null : ObjectValue.keeping(Map.of(key, below));
            }
            case ObjectValue object -> {
                Map<Value, Value> members = new HashMap<>(object.members());
                Value below = with(object.get(key), rest, to);
                if (below == null && !(rest.isEmpty() && to == null)) {
                    yield null;
                }
                if (below == null) {
                    members.remove(key);
                } else {
                    members.put(key, below);
                }
                yield ObjectValue.keeping(members);
            }
            case ArrayValue array -> {
                int index = key instanceof NumberValue number ? number.index() : -1;
                if (index < 0 || index >= array.size()) {
                    yield null;
                }
                Value below = with(array.at(index), rest, to);
                List<Value> members = new ArrayList<>(array.members());
                if (below != null) {
                    members.set(index, below);
                } else if (rest.isEmpty() && to == null) {
                    members.remove(index);
                } else {
                    yield null;
                }
                yield ArrayValue.keeping(members);
            }
            default -> null;
        };
    }
}
