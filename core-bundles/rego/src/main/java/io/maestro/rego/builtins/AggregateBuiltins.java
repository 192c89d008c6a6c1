package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.members;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Counting, sums, order, arrays, sets and membership. */
final class AggregateBuiltins {
    private AggregateBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("count", "SAOT", "N", (_, a) -> NumberValue.of(count(a[0])));
        registry.add("sum", "AT", "N", (e, a) -> fold(e, "sum", a[0], NumberValue.of(0), Arithmetic::plus));
        registry.add("product", "AT", "N", (e, a) -> fold(e, "product", a[0], NumberValue.of(1), Arithmetic::times));
        registry.add("max", "AT", "X", (e, a) -> extreme(e, a[0], 1));
        registry.add("min", "AT", "X", (e, a) -> extreme(e, a[0], -1));
        registry.add("sort", "AT", "A", AggregateBuiltins::sort);
        registry.add("array.concat", "A,A", "A", AggregateBuiltins::concat);
        registry.add("array.reverse", "A", "A", (e, a) -> {
            e.meter().cells(members(a[0]).size());
            return ArrayValue.keeping(List.copyOf(members(a[0]).reversed()));
        });
        registry.add("array.slice", "A,N,N", "A", AggregateBuiltins::slice);
        registry.add("array.flatten", "A", "A", AggregateBuiltins::flatten);
        registry.add("and", "T,T", "T", (e, a) -> intersection(e, List.of(a)));
        registry.add("or", "T,T", "T", (e, a) -> union(e, List.of(a)));
        registry.add("intersection", "T", "T", (e, a) -> intersection(e, sets("intersection", a[0])));
        registry.add("union", "T", "T", (e, a) -> union(e, sets("union", a[0])));
        registry.add("internal.member_2", "X,X", "B", (e, a) -> BoolValue.of(isMember(e, a[0], a[1])));
        registry.add("internal.member_3", "X,X,X", "B", (_, a) -> {
            Value member = a[2].get(a[0]);
            return BoolValue.of(member != null && member.equals(a[1]));
        });
    }

    private static int count(Value value) {
        return switch (value) {
            case StringValue text -> text.value().codePointCount(0, text.value().length());
            case ArrayValue array -> array.size();
            case ObjectValue object -> object.size();
            default -> ((SetValue) value).size();
        };
    }

    private static Value fold(
            Evaluation evaluation, String name, Value of, NumberValue zero, BinaryOperator<NumberValue> operator) {
        NumberValue result = zero;
        for (Value member : members(of)) {
            evaluation.meter().step();
            if (!(member instanceof NumberValue number)) {
                throw BuiltinException.type(
                        name,
                        "operand 1 must be " + of.type() + " of numbers but got " + of.type() + " containing "
                                + member.type());
            }
            result = operator.apply(result, number);
        }
        return result;
    }

    private static @Nullable Value extreme(Evaluation evaluation, Value of, int sign) {
        Value best = null;
        evaluation.meter().steps(of.bulk() >> 2);
        for (Value member : of instanceof SetValue set ? set.members() : members(of)) {
            evaluation.meter().step();
            if (best == null || Integer.signum(member.compareTo(best)) == sign) {
                best = member;
            }
        }
        return best;
    }

    private static Value sort(Evaluation evaluation, Value[] a) {
        evaluation.meter().steps(a[0].bulk());
        List<Value> sorted = new ArrayList<>(members(a[0]));
        evaluation.meter().cells(sorted.size());
        Collections.sort(sorted);
        return ArrayValue.keeping(sorted);
    }

    private static Value concat(Evaluation evaluation, Value[] a) {
        List<Value> both = new ArrayList<>();
        evaluation.meter().cells(members(a[0]).size() + (long) members(a[1]).size());
        both.addAll(members(a[0]));
        both.addAll(members(a[1]));
        return ArrayValue.keeping(both);
    }

    private static Value slice(Evaluation evaluation, Value[] a) {
        List<Value> all = members(a[0]);
        int from = Math.clamp(Registry.index("array.slice", a[1], 2), 0, all.size());
        int to = Math.clamp(Registry.index("array.slice", a[2], 3), 0, all.size());
        if (to <= from) {
            return ArrayValue.EMPTY;
        }
        evaluation.meter().cells(to - from);
        return ArrayValue.keeping(List.copyOf(all.subList(from, to)));
    }

    private static Value flatten(Evaluation evaluation, Value[] a) {
        List<Value> flat = new ArrayList<>();
        for (Value member : members(a[0])) {
            if (member instanceof ArrayValue inner) {
                evaluation.meter().cells(inner.size());
                flat.addAll(inner.members());
            } else {
                flat.add(member);
            }
        }
        return ArrayValue.keeping(flat);
    }

    private static List<Value> sets(String name, Value of) {
        for (Value member : members(of)) {
            if (!(member instanceof SetValue)) {
                throw BuiltinException.type(
                        name, "operand 1 must be set of sets but got set containing " + member.type());
            }
        }
        return members(of);
    }

    private static Value intersection(Evaluation evaluation, List<Value> sets) {
        if (sets.isEmpty()) {
            return SetValue.EMPTY;
        }
        Set<Value> common = new HashSet<>();
        evaluation.meter().cells(((SetValue) sets.getFirst()).size());
        for (Value member : ((SetValue) sets.getFirst()).members()) {
            if (sets.stream().allMatch(set -> ((SetValue) set).contains(member))) {
                common.add(member);
            }
        }
        return SetValue.keeping(common);
    }

    private static Value union(Evaluation evaluation, List<Value> sets) {
        Set<Value> all = new HashSet<>();
        for (Value set : sets) {
            evaluation.meter().cells(((SetValue) set).size());
            all.addAll(((SetValue) set).members());
        }
        return SetValue.keeping(all);
    }

    private static boolean isMember(Evaluation evaluation, Value member, Value in) {
        return switch (in) {
            case SetValue set -> set.contains(member);
            case ArrayValue array -> {
                evaluation.meter().steps(array.bulk() >> 3);
                yield array.members().contains(member);
            }
            case ObjectValue object -> {
                evaluation.meter().steps(object.bulk() >> 3);
                yield object.members().containsValue(member);
            }
            default -> false;
        };
    }
}
