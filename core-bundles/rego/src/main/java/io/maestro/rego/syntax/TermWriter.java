package io.maestro.rego.syntax;

import io.maestro.rego.syntax.Term.Entry;
import io.maestro.rego.syntax.Term.Part;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes terms as the formatter wants them, with no more parentheses than they need. */
final class TermWriter {
    private static final int ATOM = 9;

    /** Sign and precedence by the name of an operator. */
    private record Infix(String sign, int precedence) {}

    private static final Map<String, Infix> INFIX = Map.ofEntries(
            Map.entry("internal.member_2", new Infix("in", 0)),
            Map.entry("equal", new Infix("==", 1)),
            Map.entry("neq", new Infix("!=", 1)),
            Map.entry("lt", new Infix("<", 1)),
            Map.entry("lte", new Infix("<=", 1)),
            Map.entry("gt", new Infix(">", 1)),
            Map.entry("gte", new Infix(">=", 1)),
            Map.entry("or", new Infix("|", 2)),
            Map.entry("and", new Infix("&", 3)),
            Map.entry("plus", new Infix("+", 4)),
            Map.entry("minus", new Infix("-", 4)),
            Map.entry("mul", new Infix("*", 5)),
            Map.entry("div", new Infix("/", 5)),
            Map.entry("rem", new Infix("%", 5)));

    private final Function<Literal, String> literals;

    TermWriter(Function<Literal, String> literals) {
        this.literals = literals;
    }

    /** A term that stands alone as an expression: equations and pairs need no parentheses there. */
    String statement(Term term) {
        if (!(term instanceof Term.Call(var _, Term.Operator(var _, String name), List<Term> sides))) {
            return text(term);
        }
        return switch (name) {
            case "eq" -> text(sides.getFirst()) + " = " + text(sides.getLast());
            case "assign" -> text(sides.getFirst()) + " := " + text(sides.getLast());
            case "internal.member_3" -> pair(sides);
            default -> text(term);
        };
    }

    private String pair(List<Term> sides) {
        return text(sides.get(0)) + ", " + written(sides.get(1), 1) + " in " + written(sides.get(2), 1);
    }

    String text(Term term) {
        return written(term, 0);
    }

    String list(List<Term> terms) {
        return terms.stream().map(this::text).collect(Collectors.joining(", "));
    }

    /** The name of a rule: its first part is a name, whatever the others are. */
    String head(List<Term> path) {
        StringBuilder out = new StringBuilder();
        for (Term part : path) {
            if (out.isEmpty() && part instanceof Term.Constant(var _, StringValue name)) {
                out.append(name.value());
            } else {
                out.append(member(part));
            }
        }
        return out.toString();
    }

    static String path(List<String> path) {
        StringBuilder out = new StringBuilder(path.getFirst());
        for (String name : path.subList(1, path.size())) {
            out.append(isName(name) ? "." + name : "[" + StringValue.of(name) + "]");
        }
        return out.toString();
    }

    private String member(Term part) {
        return part instanceof Term.Constant(var _, Value value)
                        && value instanceof StringValue name
                        && isName(name.value())
                ? "." + name.value()
                : "[" + text(part) + "]";
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && !Character.isDigit(text.charAt(0))
                && text.chars()
                        .allMatch(c ->
                                c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    }

    /** Between back quotes where that is easier to read: patterns, and texts of several lines. */
    private static String string(StringValue string) {
        String text = string.value();
        boolean raw = (text.indexOf('\\') >= 0 || text.indexOf('\n') >= 0)
                && text.chars().allMatch(c -> c != '`' && (c >= ' ' || c == '\n' || c == '\t'));
        return raw ? "`" + text + "`" : string.toString();
    }

    private String written(Term term, int lowest) {
        return switch (term) {
            case Term.Constant(var _, Value value) ->
                value instanceof StringValue string ? string(string) : value.toString();
            case Term.Variable variable -> variable.isWildcard() ? "_" : variable.name();
            case Term.Operator(var _, String name) -> name;
            case Term.Ref(var _, Term head, List<Term> path) ->
                written(head, ATOM) + path.stream().map(this::member).collect(Collectors.joining());
            case Term.ArrayTerm(var _, List<Term> members) -> "[" + list(members) + "]";
            case Term.SetTerm(var _, List<Term> members) -> members.isEmpty() ? "set()" : "{" + list(members) + "}";
            case Term.ObjectTerm(var _, List<Entry> entries) ->
                entries.stream()
                        .map(entry -> text(entry.key()) + ": " + text(entry.value()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Term.Comprehension comprehension -> comprehension(comprehension);
            case Term.Call call -> call(call, lowest);
            case Term.Template template -> template(template);
        };
    }

    private String comprehension(Term.Comprehension comprehension) {
        String body = comprehension.body().stream().map(literals).collect(Collectors.joining("; "));
        String key = comprehension.key() == null ? "" : written(comprehension.key(), 3) + ": ";
        String inner = key + written(comprehension.value(), 3) + " | " + body;
        return comprehension.kind() == Term.Kind.ARRAY ? "[" + inner + "]" : "{" + inner + "}";
    }

    private String call(Term.Call call, int lowest) {
        if (!(call.operator() instanceof Term.Operator(var _, String name))) {
            return written(call.operator(), ATOM) + "(" + list(call.arguments()) + ")";
        }
        if (name.equals("internal.member_3")) {
            return "(" + pair(call.arguments()) + ")";
        }
        Infix infix = INFIX.get(name);
        if (infix == null) {
            throw new IllegalStateException("an operator without a sign");
        }
        String text = written(call.arguments().getFirst(), infix.precedence()) + " " + infix.sign() + " "
                + written(call.arguments().getLast(), infix.precedence() + 1);
        return infix.precedence() < lowest ? "(" + text + ")" : text;
    }

    private String template(Term.Template template) {
        StringBuilder out = new StringBuilder("$\"");
        for (Part part : template.parts()) {
            switch (part) {
                case Part.Text(String text) -> {
                    String quoted = StringValue.of(text).json();
                    out.append(quoted.substring(1, quoted.length() - 1).replace("{", "\\{"));
                }
                case Part.Hole(Literal literal) ->
                    out.append('{').append(literals.apply(literal)).append('}');
            }
        }
        return out.append('"').toString();
    }
}
