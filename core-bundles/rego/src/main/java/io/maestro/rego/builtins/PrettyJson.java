package io.maestro.rego.builtins;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.Set;

/** JSON with line breaks. */
final class PrettyJson {
    private static final Set<String> OPTIONS = Set.of("pretty", "indent", "prefix");

    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private final String prefix;

    private PrettyJson(String indent, String prefix) {
        this.indent = indent;
        this.prefix = prefix;
    }

    static Value of(Evaluation evaluation, Value value, ObjectValue options) {
        String name = "json.marshal_with_options";
        for (Value key : options.keys()) {
            if (!(key instanceof StringValue option) || !OPTIONS.contains(option.value())) {
                throw BuiltinException.of(name, "object contained unknown key " + Registry.shown(key));
            }
        }
        Value pretty = options.get("pretty");
        if (pretty != null && !(pretty instanceof BoolValue)) {
            throw BuiltinException.type(name, "key pretty failed cast to bool");
        }
        boolean wanted = pretty == null ? options.size() > 0 : !pretty.isFalse();
        String indent = option(name, options, "indent", "\t");
        String prefix = option(name, options, "prefix", "");
        long size = 8L * value.bulk();
        evaluation.meter().text(size * (wanted ? 2 + indent.length() + prefix.length() : 1));
        if (!wanted) {
            return StringValue.of(value.json());
        }
        PrettyJson writer = new PrettyJson(indent, prefix);
        writer.out.append(prefix);
        writer.write(value, 0);
        evaluation.meter().text(writer.out.length());
        return StringValue.of(writer.out.toString());
    }

    private static String option(String name, ObjectValue options, String key, String otherwise) {
        Value value = options.get(key);
        if (value != null && !(value instanceof StringValue)) {
            throw BuiltinException.type(name, "key " + key + " failed cast to string");
        }
        return value instanceof StringValue text ? text.value() : otherwise;
    }

    private void write(Value value, int level) {
        switch (value) {
            case ArrayValue array -> list(array.members(), level);
            case SetValue set -> list(set.sorted(), level);
            case ObjectValue object
            when object.size() > 0 -> {
                out.append('{');
                String comma = "";
                for (Value key : object.keys()) {
                    out.append(comma);
                    line(level + 1);
                    String name = key instanceof StringValue text ? text.value() : key.json();
                    out.append(StringValue.of(name).json()).append(": ");
                    write(object.at(key), level + 1);
                    comma = ",";
                }
                line(level);
                out.append('}');
            }
            default -> out.append(value.json());
        }
    }

    private void list(List<Value> members, int level) {
        out.append('[');
        String comma = "";
        for (Value member : members) {
            out.append(comma);
            line(level + 1);
            write(member, level + 1);
            comma = ",";
        }
        if (!members.isEmpty()) {
            line(level);
        }
        out.append(']');
    }

    private void line(int level) {
        out.append('\n').append(prefix).append(indent.repeat(level));
    }
}
