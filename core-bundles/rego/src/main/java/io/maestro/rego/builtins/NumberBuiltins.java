package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.number;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Operators, rounding, ranges and bits. */
final class NumberBuiltins {
    private static final int MOST_SHIFT = 10_000;

    private NumberBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("equal", "X,X", "B", (_, a) -> BoolValue.of(a[0].equals(a[1])));
        registry.add("neq", "X,X", "B", (_, a) -> BoolValue.of(!a[0].equals(a[1])));
        registry.add("lt", "X,X", "B", (_, a) -> BoolValue.of(a[0].compareTo(a[1]) < 0));
        registry.add("lte", "X,X", "B", (_, a) -> BoolValue.of(a[0].compareTo(a[1]) <= 0));
        registry.add("gt", "X,X", "B", (_, a) -> BoolValue.of(a[0].compareTo(a[1]) > 0));
        registry.add("gte", "X,X", "B", (_, a) -> BoolValue.of(a[0].compareTo(a[1]) >= 0));

        registry.add("plus", "N,N", "N", (_, a) -> Arithmetic.plus(number(a[0]), number(a[1])));
        registry.add("minus", "NT,NT", "NT", NumberBuiltins::minus);
        registry.add("mul", "N,N", "N", (_, a) -> Arithmetic.times(number(a[0]), number(a[1])));
        registry.add("div", "N,N", "N", (_, a) -> Arithmetic.divide(number(a[0]), number(a[1])));
        registry.add("rem", "N,N", "N", (_, a) -> Arithmetic.remainder(number(a[0]), number(a[1])));
        registry.add(
                "abs", "N", "N", (_, a) -> NumberValue.of(number(a[0]).decimal().abs()));
        registry.add("round", "N", "N", (_, a) -> rounded(a[0], RoundingMode.HALF_UP));
        registry.add("ceil", "N", "N", (_, a) -> rounded(a[0], RoundingMode.CEILING));
        registry.add("floor", "N", "N", (_, a) -> rounded(a[0], RoundingMode.FLOOR));
        registry.add("numbers.range", "N,N", "A", (evaluation, a) -> range(evaluation, "numbers.range", a, null));
        registry.add(
                "numbers.range_step",
                "N,N,N",
                "A",
                (evaluation, a) -> range(evaluation, "numbers.range_step", a, a[2]));
        registry.add("rand.intn", "S,N", "N", NumberBuiltins::random);

        registry.add(
                "bits.and",
                "N,N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.and", a, 0).and(bits("bits.and", a, 1))));
        registry.add(
                "bits.or",
                "N,N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.or", a, 0).or(bits("bits.or", a, 1))));
        registry.add(
                "bits.xor",
                "N,N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.xor", a, 0).xor(bits("bits.xor", a, 1))));
        registry.add(
                "bits.negate",
                "N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.negate", a, 0).not()));
        registry.add(
                "bits.lsh",
                "N,N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.lsh", a, 0).shiftLeft(shift("bits.lsh", a))));
        registry.add(
                "bits.rsh",
                "N,N",
                "N",
                (_, a) -> NumberValue.of(bits("bits.rsh", a, 0).shiftRight(shift("bits.rsh", a))));
    }

    private static Value minus(Evaluation evaluation, Value[] a) {
        if (a[0] instanceof NumberValue left && a[1] instanceof NumberValue right) {
            return Arithmetic.minus(left, right);
        }
        if (a[0] instanceof SetValue left && a[1] instanceof SetValue right) {
            evaluation.meter().cells(left.size());
            Set<Value> rest = new HashSet<>();
            for (Value member : left.members()) {
                if (!right.contains(member)) {
                    rest.add(member);
                }
            }
            return SetValue.keeping(rest);
        }
        int operand = a[0] instanceof NumberValue ? 2 : a[1] instanceof NumberValue ? 2 : 1;
        throw BuiltinException.type(
                "minus", "operand " + operand + " must be " + a[0].type() + " but got " + a[1].type());
    }

    private static NumberValue rounded(Value value, RoundingMode mode) {
        BigDecimal number = number(value).decimal();
        return NumberValue.of(number.setScale(0, mode).toBigInteger());
    }

    private static Value range(
            Evaluation evaluation, String name, Value[] a, @org.jspecify.annotations.Nullable Value step) {
        BigInteger from = Registry.whole(name, a[0], 1).integer();
        BigInteger to = Registry.whole(name, a[1], 2).integer();
        BigInteger by =
                step == null ? BigInteger.ONE : Registry.whole(name, step, 3).integer();
        if (by.signum() <= 0) {
            throw BuiltinException.of(name, "step must be a positive number above zero");
        }
        BigInteger count = to.subtract(from).abs().divide(by).add(BigInteger.ONE);
        evaluation.meter().cells(count.bitLength() > 62 ? Long.MAX_VALUE >> 1 : count.longValue());
        BigInteger move = from.compareTo(to) <= 0 ? by : by.negate();
        List<Value> numbers = new ArrayList<>(count.intValue());
        BigInteger next = from;
        for (int i = 0; i < count.intValue(); i++) {
            numbers.add(NumberValue.of(next));
            next = next.add(move);
        }
        return ArrayValue.keeping(numbers);
    }

    private static Value random(Evaluation evaluation, Value[] a) {
        int limit = Math.abs(Registry.index("rand.intn", a[1], 2));
        if (limit == 0) {
            return NumberValue.of(0);
        }
        return NumberValue.of(Math.floorMod(evaluation.random(List.of(a)), limit));
    }

    private static BigInteger bits(String name, Value[] a, int operand) {
        return Registry.whole(name, a[operand], operand + 1).integer();
    }

    private static int shift(String name, Value[] a) {
        BigInteger by = bits(name, a, 1);
        if (by.signum() < 0) {
            throw BuiltinException.type(
                    name, "operand 2 must be an unsigned integer number but got a negative integer");
        }
        if (by.bitLength() > 30 || by.intValue() > MOST_SHIFT) {
            if (name.equals("bits.rsh")) {
                return Integer.MAX_VALUE;
            }
            throw BuiltinException.of(name, "shifts by more than " + MOST_SHIFT + " bits");
        }
        return by.intValue();
    }
}
