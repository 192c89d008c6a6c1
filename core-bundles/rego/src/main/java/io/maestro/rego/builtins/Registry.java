package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the built-in functions, and reads arguments whose types were checked. */
final class Registry {
    private static final int MOST_SHOWN = 40;

    private final Map<String, Builtin> builtins = new HashMap<>();

    /**
     * Adds one.
     *
     * @param arguments the letters of {@link Kinds} for each argument, parted by commas
     */
    void add(String name, String arguments, String result, Builtin.Body body) {
        List<Integer> kinds = new ArrayList<>();
        for (String letters : arguments.isEmpty() ? new String[0] : arguments.split(",", -1)) {
            kinds.add(Kinds.letters(letters));
        }
        builtins.put(name, new Builtin(name, List.copyOf(kinds), Kinds.letters(result), body));
    }

    Map<String, Builtin> builtins() {
        return builtins;
    }

    static String text(Value value) {
        return ((StringValue) value).value();
    }

    static NumberValue number(Value value) {
        return (NumberValue) value;
    }

    /** A whole number that an {@code int} holds; anything beyond is cut to the nearest. */
    static int index(String name, Value value, int operand) {
        NumberValue number = whole(name, value, operand);
        return number.integer()
                .max(java.math.BigInteger.valueOf(Integer.MIN_VALUE))
                .min(java.math.BigInteger.valueOf(Integer.MAX_VALUE))
                .intValue();
    }

    static NumberValue whole(String name, Value value, int operand) {
        NumberValue number = (NumberValue) value;
        if (!number.isWhole()) {
            throw BuiltinException.type(
                    name, "operand " + operand + " must be integer number but got floating-point number");
        }
        return number;
    }

    /** The members of an array or a set that must all be strings. */
    static List<String> texts(String name, Value value, int operand) {
        List<String> texts = new ArrayList<>();
        for (Value member : members(value)) {
            if (!(member instanceof StringValue text)) {
                throw BuiltinException.type(
                        name,
                        "operand " + operand + " must be " + value.type() + " of strings but got " + value.type()
                                + " containing " + member.type());
            }
            texts.add(text.value());
        }
        return texts;
    }

    /** The members of an array or a set, in their order. */
    static List<Value> members(Value value) {
        return value instanceof ArrayValue array ? array.members() : ((io.maestro.rego.value.SetValue) value).sorted();
    }

    /** A value as a message shows it: only its type when it is large. */
    static String shown(Value value) {
        return value.bulk() > MOST_SHOWN ? "a large " + value.type() : value.toString();
    }
}
