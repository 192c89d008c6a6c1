package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NullValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What type a value has, and making another of it; printing. */
final class TypeBuiltins {
    private TypeBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("type_name", "X", "S", (_, a) -> StringValue.of(a[0].type()));
        for (String type : List.of("number", "string", "boolean", "array", "set", "object", "null")) {
            registry.add(
                    "is_" + type, "X", "B", (_, a) -> BoolValue.of(a[0].type().equals(type)));
        }
        registry.add("to_number", "ZBNS", "N", (_, a) -> toNumber(a[0]));
        registry.add("cast_array", "X", "A", (e, a) -> switch (a[0]) {
            case ArrayValue array -> array;
            case SetValue set -> {
                e.meter().cells(set.size());
                yield ArrayValue.keeping(set.sorted());
            }
            default -> throw refused("cast_array", "one of {array, set}", a[0]);
        });
        registry.add("cast_set", "X", "T", (e, a) -> switch (a[0]) {
            case SetValue set -> set;
            case ArrayValue array -> {
                e.meter().cells(array.size());
                yield SetValue.copyOf(array.members());
            }
            default -> throw refused("cast_set", "one of {array, set}", a[0]);
        });
        registry.add(
                "cast_string", "X", "S", (_, a) -> same("cast_string", a[0], a[0] instanceof StringValue, "string"));
        registry.add(
                "cast_boolean", "X", "B", (_, a) -> same("cast_boolean", a[0], a[0] instanceof BoolValue, "boolean"));
        registry.add("cast_null", "X", "Z", (_, a) -> same("cast_null", a[0], a[0] instanceof NullValue, "null"));
        registry.add(
                "cast_object", "X", "O", (_, a) -> same("cast_object", a[0], a[0] instanceof ObjectValue, "object"));
        registry.add("print", "X", "B", (e, a) -> {
            e.print(a[0]);
            return BoolValue.TRUE;
        });
        registry.add("trace", "S", "B", (e, a) -> {
            e.print(a[0]);
            return BoolValue.TRUE;
        });
        for (String name : List.of("http.send", "net.lookup_ip_addr")) {
            // known, so that tests of policies can replace them
            registry.add(name, name.startsWith("http") ? "O" : "S", "X", (_, _) -> {
                throw BuiltinException.of(name, "this engine talks to no network");
            });
        }
        registry.add("opa.runtime", "", "O", (_, _) -> ObjectValue.EMPTY);
    }

    private static BuiltinException refused(String name, String wanted, Value value) {
        return BuiltinException.type(name, "operand 1 must be " + wanted + " but got " + value.type());
    }

    private static Value same(String name, Value value, boolean fits, String wanted) {
        if (!fits) {
            throw refused(name, wanted, value);
        }
        return value;
    }

    private static @Nullable Value toNumber(Value value) {
        return switch (value) {
            case NullValue _ -> NumberValue.of(0);
            case BoolValue bool -> NumberValue.of(bool.value() ? 1 : 0);
            case NumberValue number -> number;
            case StringValue text -> parse(text.value());
            default -> throw refused("to_number", "one of {null, boolean, number, string}", value);
        };
    }

    private static Value parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean plain = !text.isEmpty() && lower.chars().allMatch(c -> "0123456789+-.e".indexOf(c) >= 0);
        try {
            if (plain) {
                return NumberValue.parse(text);
            }
        } catch (NumberFormatException e) {
            throw BuiltinException.of("to_number", "invalid syntax: " + e.getMessage());
        }
        String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
        if (Set.of("inf", "infinity", "nan").contains(unsigned)) {
            throw BuiltinException.type("to_number", "operand 1 must be valid number string");
        }
        throw BuiltinException.of("to_number", "invalid syntax");
    }
}
