package io.maestro.rego.value;

import java.util.List;

/** Writes values: as JSON, or as Rego, which knows sets and keys of any type and puts spaces behind commas. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final boolean rego;

    private JsonWriter(boolean rego) {
        this.rego = rego;
    }

    static String json(Value value) {
        return text(value, false);
    }

    static String rego(Value value) {
        return text(value, true);
    }

    private static String text(Value value, boolean rego) {
        JsonWriter writer = new JsonWriter(rego);
        writer.write(value);
        return writer.out.toString();
    }

    private void write(Value value) {
        switch (value) {
            case NullValue _ -> out.append("null");
            case BoolValue bool -> out.append(bool.value());
            case NumberValue number -> out.append(number.text());
            case StringValue string -> quote(out, string.value());
            case ArrayValue array -> list(array.members(), '[', ']');
            case ObjectValue object -> object(object);
            case SetValue set -> {
                if (!rego) {
                    list(set.sorted(), '[', ']');
                } else if (set.size() == 0) {
                    out.append("set()");
                } else {
                    list(set.sorted(), '{', '}');
                }
            }
        }
    }

    private void list(List<Value> members, char open, char close) {
        out.append(open);
        for (int i = 0; i < members.size(); i++) {
            comma(i);
            write(members.get(i));
        }
        out.append(close);
    }

    private void object(ObjectValue object) {
        out.append('{');
        List<Value> keys = object.keys();
        for (int i = 0; i < keys.size(); i++) {
            comma(i);
            Value key = keys.get(i);
            if (rego || key instanceof StringValue) {
                write(key);
            } else {
                quote(out, key.json());
            }
            out.append(rego ? ": " : ":");
            write(object.at(key));
        }
        out.append('}');
    }

    private void comma(int index) {
        if (index > 0) {
            out.append(rego ? ", " : ",");
        }
    }

    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c == 0x2028 || c == 0x2029) {
                        out.append("\\u")
                                .append(Character.forDigit(c >> 12 & 15, 16))
                                .append(Character.forDigit(c >> 8 & 15, 16))
                                .append(Character.forDigit(c >> 4 & 15, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
