package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Objects: reading, removing, laying over one another, comparing. */
final class ObjectBuiltins {
    private ObjectBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("object.get", "O,X,X", "X", (_, a) -> get((ObjectValue) a[0], a[1], a[2]));
        registry.add("object.keys", "O", "T", (e, a) -> {
            ObjectValue object = (ObjectValue) a[0];
            e.meter().cells(object.size());
            return SetValue.copyOf(object.members().keySet());
        });
        registry.add("object.remove", "O,AOT", "O", (e, a) -> {
            Map<Value, Value> rest = copy(e, (ObjectValue) a[0]);
            keys(a[1]).forEach(rest::remove);
            return ObjectValue.keeping(rest);
        });
        registry.add("object.filter", "O,AOT", "O", (e, a) -> {
            Map<Value, Value> kept = copy(e, (ObjectValue) a[0]);
            kept.keySet().retainAll(new HashSet<>(keys(a[1])));
            return ObjectValue.keeping(kept);
        });
        registry.add("object.union", "O,O", "O", (e, a) -> union(e, (ObjectValue) a[0], (ObjectValue) a[1]));
        registry.add("object.union_n", "A", "O", ObjectBuiltins::unionOfAll);
        registry.add("object.subset", "OAT,OAT", "B", ObjectBuiltins::subset);
    }

    private static @Nullable Value get(ObjectValue object, Value key, Value otherwise) {
        if (!(key instanceof ArrayValue path)) {
            Value member = object.get(key);
            return member == null ? otherwise : member;
        }
        Value value = object;
        for (Value part : path) {
            value = value.get(part);
            if (value == null) {
                return otherwise;
            }
        }
        return value;
    }

    private static Collection<Value> keys(Value value) {
        return value instanceof ObjectValue object ? object.members().keySet() : Registry.members(value);
    }

    private static Map<Value, Value> copy(Evaluation evaluation, ObjectValue object) {
        evaluation.meter().cells(object.size());
        return new HashMap<>(object.members());
    }

    private static ObjectValue union(Evaluation evaluation, ObjectValue under, ObjectValue over) {
        Map<Value, Value> both = copy(evaluation, under);
        evaluation.meter().cells(over.size());
        over.members().forEach((key, value) -> {
            Value before = both.get(key);
            both.put(
                    key,
                    before instanceof ObjectValue one && value instanceof ObjectValue other
                            ? union(evaluation, one, other)
                            : value);
        });
        return ObjectValue.keeping(both);
    }

    private static Value unionOfAll(Evaluation evaluation, Value[] a) {
        ObjectValue all = ObjectValue.EMPTY;
        for (Value member : Registry.members(a[0])) {
            if (!(member instanceof ObjectValue object)) {
                throw BuiltinException.type(
                        "object.union_n",
                        "operand 1 must be array of objects but got array containing " + member.type());
            }
            all = union(evaluation, all, object);
        }
        return all;
    }

    private static Value subset(Evaluation evaluation, Value[] a) {
        if (a[0] instanceof ArrayValue whole && a[1] instanceof SetValue part) {
            evaluation.meter().steps(whole.size());
            Set<Value> members = new HashSet<>(whole.members());
            return BoolValue.of(members.containsAll(part.members()));
        }
        evaluation.meter().steps(a[1].bulk());
        if (!a[0].type().equals(a[1].type())) {
            throw BuiltinException.type(
                    "object.subset", "both arguments object.subset must be of the same type or array and set");
        }
        return BoolValue.of(contains(evaluation, a[0], a[1]));
    }

    private static boolean contains(Evaluation evaluation, Value whole, Value part) {
        evaluation.meter().step();
        if (whole instanceof ObjectValue all && part instanceof ObjectValue some) {
            for (Map.Entry<Value, Value> entry : some.members().entrySet()) {
                Value member = all.get(entry.getKey());
                if (member == null || !contains(evaluation, member, entry.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (whole instanceof SetValue all && part instanceof SetValue some) {
            return all.members().containsAll(some.members());
        }
        if (whole instanceof ArrayValue all && part instanceof ArrayValue some) {
            return containsRun(evaluation, all.members(), some.members());
        }
        return whole.equals(part);
    }

    /** Whether an array contains another as a run without gaps. */
    private static boolean containsRun(Evaluation evaluation, List<Value> all, List<Value> some) {
        for (int begin = 0; begin + some.size() <= all.size(); begin++) {
            evaluation.meter().steps(1 + some.size());
            if (all.subList(begin, begin + some.size()).equals(some)) {
                return true;
            }
        }
        return false;
    }
}
