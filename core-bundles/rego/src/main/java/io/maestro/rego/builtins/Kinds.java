package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NullValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Sets of types, as letters: null {@code Z}, boolean {@code B}, number {@code N}, string {@code S}, array {@code A}, object {@code O}, set {@code T}; {@code X} for any. */
public final class Kinds {
    private static final String LETTERS = "ZBNSAOT";
    private static final List<String> NAMES = List.of("null", "boolean", "number", "string", "array", "object", "set");

    /** Every type. */
    public static final int ANY = (1 << LETTERS.length()) - 1;

    private Kinds() {}

    /** The set that letters name. */
    public static int letters(String letters) {
        int mask = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            mask |= letter == 'X' ? ANY : 1 << LETTERS.indexOf(letter);
        }
        return mask;
    }

    /** The set of one value's type alone. */
    public static int of(Value value) {
        return 1
                << switch (value) {
                    case NullValue _ -> 0;
                    case BoolValue _ -> 1;
                    case NumberValue _ -> 2;
                    case StringValue _ -> 3;
                    case ArrayValue _ -> 4;
                    case ObjectValue _ -> 5;
                    case SetValue _ -> 6;
                };
    }

    /** Names them for a message. */
    public static String names(int mask) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if ((mask & 1 << i) != 0) {
                names.add(NAMES.get(i));
            }
        }
        return mask == ANY ? "any" : names.size() == 1 ? names.getFirst() : "one of {" + String.join(", ", names) + "}";
    }
}
