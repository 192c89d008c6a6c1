package io.maestro.rego.builtins;

import io.maestro.rego.limit.Meter;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NullValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Go's templates that policies use: fields, variables, {@code if}, {@code else}, {@code range}, {@code with}, {@code
 * end}, and trimming of space. Anything else is refused.
 */
final class GoTemplate {
    private static final int MOST_NESTING = 50;

    private final Meter meter;
    private final StringBuilder out = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();

    GoTemplate(Meter meter) {
        this.meter = meter;
    }

    /** A text, or an action in braces. */
    private record Piece(String text, boolean action) {}

    String render(String template, ObjectValue values) {
        cut(template);
        Map<String, Value> variables = new HashMap<>();
        variables.put("$", values);
        int end = block(0, values, variables, true, 0);
        if (end < pieces.size()) {
            throw refused("unexpected {{" + pieces.get(end).text() + "}}");
        }
        return out.toString();
    }

    private void cut(String template) {
        int at = 0;
        boolean trim = false;
        while (at < template.length()) {
            int open = template.indexOf("{{", at);
            int stop = open < 0 ? template.length() : open;
            String text = template.substring(at, stop);
            text = trim ? text.stripLeading() : text;
            if (open < 0) {
                pieces.add(new Piece(text, false));
                return;
            }
            int close = template.indexOf("}}", open);
            if (close < 0) {
                throw refused("unclosed action");
            }
            String action = template.substring(open + 2, close);
            boolean trimBefore = action.startsWith("- ");
            trim = action.endsWith(" -");
            pieces.add(new Piece(trimBefore ? text.stripTrailing() : text, false));
            String inner = action.substring(trimBefore ? 2 : 0, action.length() - (trim ? 2 : 0));
            pieces.add(new Piece(inner.strip(), true));
            at = close + 2;
        }
    }

    /** Runs pieces up to the one that ends the block, and gives its place. */
    private int block(int from, Value dot, Map<String, Value> variables, boolean runs, int nesting) {
        if (nesting > MOST_NESTING) {
            throw refused("nested too deep");
        }
        int at = from;
        while (at < pieces.size()) {
            meter.step();
            Piece piece = pieces.get(at);
            if (!piece.action()) {
                print(piece.text(), runs);
                at++;
                continue;
            }
            String action = piece.text();
            String word = action.split("\\s", 2)[0];
            String rest = action.substring(word.length()).strip();
            switch (word) {
                case "end", "else" -> {
                    return at;
                }
                case "if", "with" -> at = condition(at, word, rest, dot, variables, runs, nesting);
                case "range" -> at = range(at, rest, dot, variables, runs, nesting);
                default -> {
                    if (runs && !action.startsWith("/*")) {
                        Value value = value(action, dot, variables);
                        meter.text(value == null ? 0 : 8L * value.bulk());
                        print(shown(value), true);
                    }
                    at++;
                }
            }
        }
        return at;
    }

    private int condition(
            int at, String word, String test, Value dot, Map<String, Value> variables, boolean runs, int nesting) {
        Value value = runs ? value(test, dot, variables) : null;
        boolean holds = isTrue(value);
        Value inner = word.equals("with") && value != null ? value : dot;
        int end = block(at + 1, inner, variables, runs && holds, nesting + 1);
        if (end < pieces.size() && pieces.get(end).text().startsWith("else")) {
            String more = pieces.get(end).text().substring("else".length()).strip();
            if (more.startsWith("if ")) {
                return condition(end, "if", more.substring(3), dot, variables, runs && !holds, nesting + 1);
            }
            end = block(end + 1, dot, variables, runs && !holds, nesting + 1);
        }
        return after(end);
    }

    private int range(int at, String what, Value dot, Map<String, Value> variables, boolean runs, int nesting) {
        int assign = what.indexOf(":=");
        String[] names = assign < 0 ? new String[0] : what.substring(0, assign).split(",");
        Value over = runs ? value(what.substring(assign < 0 ? 0 : assign + 2).strip(), dot, variables) : null;
        List<Value> keys = new ArrayList<>();
        List<Value> members = new ArrayList<>();
        switch (over) {
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    keys.add(NumberValue.of(i));
                    members.add(array.at(i));
                }
            }
            case SetValue set -> {
                keys.addAll(set.sorted());
                members.addAll(set.sorted());
            }
            case ObjectValue object -> {
                keys.addAll(object.keys());
                object.keys().forEach(key -> members.add(object.at(key)));
            }
            case null, default -> {}
        }
        int end = block(at + 1, dot, variables, false, nesting + 1);
        for (int i = 0; i < members.size(); i++) {
            Map<String, Value> inner = new HashMap<>(variables);
            if (names.length > 0) {
                inner.put(names[names.length - 1].strip(), members.get(i));
            }
            if (names.length > 1) {
                inner.put(names[0].strip(), keys.get(i));
            }
            block(at + 1, members.get(i), inner, true, nesting + 1);
        }
        if (end < pieces.size() && pieces.get(end).text().startsWith("else")) {
            end = block(end + 1, dot, variables, runs && members.isEmpty(), nesting + 1);
        }
        return after(end);
    }

    private int after(int end) {
        if (end >= pieces.size()) {
            throw refused("an {{end}} is missing");
        }
        return end + 1;
    }

    private void print(String text, boolean runs) {
        if (runs) {
            meter.text(text.length());
            out.append(text);
        }
    }

    private static @Nullable Value value(String expression, Value dot, Map<String, Value> variables) {
        if (expression.startsWith("\"") && expression.endsWith("\"") && expression.length() > 1) {
            return StringValue.of(expression.substring(1, expression.length() - 1));
        }
        boolean known = expression.startsWith(".") || expression.startsWith("$");
        if (!known || expression.indexOf(' ') >= 0 || expression.indexOf('|') >= 0) {
            throw refused("this part of templates is not supported: {{" + expression + "}}");
        }
        String[] parts = expression.split("\\.", -1);
        Value value = expression.startsWith("$") ? variables.get(parts[0]) : dot;
        for (int i = 1; i < parts.length && value != null; i++) {
            value = parts[i].isEmpty() ? value : value.get(StringValue.of(parts[i]));
        }
        return value;
    }

    private static boolean isTrue(@Nullable Value value) {
        return switch (value) {
            case null -> false;
            case NullValue _ -> false;
            case BoolValue bool -> bool.value();
            case NumberValue number -> number.decimal().signum() != 0;
            case StringValue text -> !text.value().isEmpty();
            case ArrayValue array -> array.size() > 0;
            case ObjectValue object -> object.size() > 0;
            case SetValue set -> set.size() > 0;
        };
    }

    private static String shown(@Nullable Value value) {
        return value == null ? "<undefined>" : value instanceof StringValue text ? text.value() : value.toString();
    }

    private static BuiltinException refused(String why) {
        return BuiltinException.of("strings.render_template", why);
    }
}
