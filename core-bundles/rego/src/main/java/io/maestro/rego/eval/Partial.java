package io.maestro.rego.eval;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the definitions of a partial rule have found so far: a set, or an object that may hold objects and sets. */
final class Partial {
    /** A place in the object that can still grow. */
    private sealed interface Growing {
        record Leaf(Value value) implements Growing {}

        record Members(Set<Value> members) implements Growing {}

        record Branch(Map<Value, Growing> children) implements Growing {}
    }

    private final Set<Value> members = new HashSet<>();
    private final Map<Value, Growing> children = new HashMap<>();

    void addToSet(Value member) {
        members.add(member);
    }

    /** Puts a value, or a member of a set, below keys. */
    void put(Value[] keys, Value value, boolean intoSet, Location at) {
        Map<Value, Growing> place = children;
        for (int i = 0; i < keys.length - 1; i++) {
            Growing below = place.computeIfAbsent(keys[i], _ -> new Growing.Branch(new HashMap<>()));
            if (!(below instanceof Growing.Branch(Map<Value, Growing> next))) {
                throw conflict(at);
            }
            place = next;
        }
        Value last = keys[keys.length - 1];
        Growing before = place.get(last);
        if (intoSet) {
            if (before == null) {
                before = new Growing.Members(new HashSet<>());
                place.put(last, before);
            }
            if (!(before instanceof Growing.Members(Set<Value> set))) {
                throw conflict(at);
            }
            set.add(value);
        } else if (before == null) {
            place.put(last, new Growing.Leaf(value));
        } else if (!(before instanceof Growing.Leaf(Value same)) || !same.equals(value)) {
            throw conflict(at);
        }
    }

    private static RegoException conflict(Location at) {
        return new RegoException(ErrorCode.CONFLICT, at, "object keys must be unique");
    }

    Value set() {
        return SetValue.keeping(members);
    }

    Value object() {
        return object(children);
    }

    private static Value object(Map<Value, Growing> children) {
        Map<Value, Value> made = HashMap.newHashMap(children.size());
        children.forEach((key, growing) -> made.put(
                key,
                switch (growing) {
                    case Growing.Leaf(Value value) -> value;
                    case Growing.Members(Set<Value> set) -> SetValue.keeping(set);
                    case Growing.Branch(Map<Value, Growing> below) -> object(below);
                }));
        return ObjectValue.keeping(made);
    }
}
