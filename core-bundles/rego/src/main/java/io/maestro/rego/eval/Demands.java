package io.maestro.rego.eval;

import io.maestro.rego.compile.Form;
import io.maestro.rego.compile.Goal;
import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which constants must stand at which places of the input or of the arguments, for a definition to have a value. */
final class Demands {
    /** A place of the input, or of an argument. */
    record Place(int argument, List<Value> path) {
        static final int INPUT = -1;

        /** What is there; null when nothing is. */
        @Nullable
        Value read(Context context, Value[] arguments) {
            Value value = argument == INPUT ? context.input() : arguments[argument];
            for (int i = 0; i < path.size() && value != null; i++) {
                value = value.get(path.get(i));
            }
            return value;
        }
    }

    private final int arity;
    private final Map<Integer, Place> aliases = new HashMap<>();
    private final Map<Place, Set<Value>> found = new LinkedHashMap<>();

    private Demands(int arity) {
        this.arity = arity;
    }

    /** What a definition demands: each of its alternatives must, or it could still have a value. */
    static Map<Place, Set<Value>> of(Definition definition, int arity) {
        Map<Place, Set<Value>> all = new LinkedHashMap<>();
        boolean first = true;
        for (Alternative alternative : definition.alternatives()) {
            Map<Place, Set<Value>> each = of(alternative, arity);
            if (first) {
                all.putAll(each);
            } else {
                all.keySet().retainAll(each.keySet());
                all.replaceAll((place, constants) -> {
                    Set<Value> joined = new HashSet<>(constants);
                    joined.addAll(each.getOrDefault(place, Set.of()));
                    return joined;
                });
            }
            first = false;
        }
        return all;
    }

    private static Map<Place, Set<Value>> of(Alternative alternative, int arity) {
        Demands demands = new Demands(arity);
        alternative.body().goals().forEach(demands::goal);
        return demands.found;
    }

    private void goal(Goal goal) {
        switch (goal) {
            case Goal.Unify(var _, Form left, Form right) -> equation(left, right);
            case Goal.Test(var _, Form.Call(var _, var builtin, List<Form> sides)) -> {
                switch (builtin.name()) {
                    case "equal" -> equation(sides.get(0), sides.get(1));
                    case "internal.member_2" -> demand(place(sides.get(0)), members(sides.get(1)));
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private void equation(Form left, Form right) {
        if (right instanceof Form.Const(Value value)) {
            demand(place(left), Set.of(value));
        } else if (left instanceof Form.Const(Value value)) {
            demand(place(right), Set.of(value));
        } else if (left instanceof Form.Slot(int slot) && slot >= arity) {
            Place place = place(right);
            if (place != null) {
                aliases.putIfAbsent(slot, place);
            }
        }
    }

    /** Only scalars: to look a collection up costs what it holds. */
    private void demand(@Nullable Place place, @Nullable Collection<Value> constants) {
        if (place != null && constants != null && constants.stream().noneMatch(Value::isCollection)) {
            found.merge(place, new HashSet<>(constants), (before, more) -> {
                before.retainAll(more);
                return before;
            });
        }
    }

    private @Nullable Place place(Form form) {
        return switch (form) {
            case Form.Input(List<Form> path) -> path.isEmpty() ? null : below(new Place(Place.INPUT, List.of()), path);
            case Form.Slot(int slot) -> slot < arity ? new Place(slot, List.of()) : aliases.get(slot);
            case Form.Get(Form head, List<Form> path) -> {
                Place place = place(head);
                yield place == null ? null : below(place, path);
            }
            default -> null;
        };
    }

    private static @Nullable Place below(Place place, List<Form> path) {
        List<Value> keys = new java.util.ArrayList<>(place.path());
        for (Form part : path) {
            if (!(part instanceof Form.Const(Value key)) || key.isCollection()) {
                return null;
            }
            keys.add(key);
        }
        return new Place(place.argument(), List.copyOf(keys));
    }

    private static @Nullable Collection<Value> members(Form form) {
        return switch (form) {
            case Form.Const(ArrayValue array) -> array.members();
            case Form.Const(SetValue set) -> set.members();
            case Form.Array(List<Form> members) -> constants(members);
            case Form.Set(List<Form> members) -> constants(members);
            default -> null;
        };
    }

    private static @Nullable Collection<Value> constants(List<Form> forms) {
        Set<Value> values = new HashSet<>();
        for (Form form : forms) {
            if (!(form instanceof Form.Const(Value value))) {
                return null;
            }
            values.add(value);
        }
        return values;
    }
}
