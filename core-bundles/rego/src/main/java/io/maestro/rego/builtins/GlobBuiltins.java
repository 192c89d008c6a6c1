package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import com.google.re2j.Pattern;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NullValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Globs: translated to regular expressions that take linear time. */
final class GlobBuiltins {
    private GlobBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("glob.quote_meta", "S", "S", (_, a) -> {
            StringBuilder out = new StringBuilder();
            text(a[0]).chars().forEach(c -> {
                if ("*?\\[]{}".indexOf(c) >= 0) {
                    out.append('\\');
                }
                out.append((char) c);
            });
            return StringValue.of(out.toString());
        });
        registry.add("glob.match", "S,ZA,S", "B", (e, a) -> {
            String regex = e.cached("glob", List.of(a[0], a[1]), () -> regex(a[0], a[1]));
            Pattern pattern = RegexBuiltins.pattern(e, "glob.match", regex, text(a[2]));
            return BoolValue.of(pattern.matcher(text(a[2])).find());
        });
    }

    static String regex(Value pattern, Value delimiters) {
        return regex(text(pattern), delimiters(delimiters));
    }

    /** A point when the list is empty, none when there is null in its place. */
    private static String delimiters(Value value) {
        if (value instanceof NullValue) {
            return "";
        }
        List<String> delimiters = Registry.texts("glob.match", value, 2);
        delimiters.removeIf(String::isEmpty);
        if (Registry.members(value).isEmpty()) {
            return ".";
        }
        for (String delimiter : delimiters) {
            if (delimiter.codePointCount(0, delimiter.length()) != 1) {
                throw BuiltinException.of("glob.match", "a delimiter is one character");
            }
        }
        return String.join("", delimiters);
    }

    private static String regex(String glob, String delimiters) {
        StringBuilder quoted = new StringBuilder();
        delimiters
                .codePoints()
                .forEach(c ->
                        quoted.append("\\x{").append(Integer.toHexString(c)).append('}'));
        String one = delimiters.isEmpty() ? "(?s:.)" : "[^" + quoted + "]";
        StringBuilder out = new StringBuilder("^(?:");
        List<Integer> open = new ArrayList<>();
        int at = 0;
        while (at < glob.length()) {
            int c = glob.codePointAt(at);
            at += Character.charCount(c);
            switch (c) {
                case '*' -> {
                    if (at < glob.length() && glob.charAt(at) == '*') {
                        at++;
                        out.append("(?s:.*)");
                    } else {
                        out.append(one).append('*');
                    }
                }
                case '?' -> out.append(one);
                case '\\' -> {
                    if (at == glob.length()) {
                        throw BuiltinException.of("glob.match", "the pattern ends with an escape");
                    }
                    int escaped = glob.codePointAt(at);
                    at += Character.charCount(escaped);
                    literal(out, escaped);
                }
                case '[' -> at = list(glob, at, out);
                case '{' -> {
                    open.add(at);
                    out.append("(?:");
                }
                case '}' -> {
                    if (open.isEmpty()) {
                        literal(out, c);
                    } else {
                        open.removeLast();
                        out.append(')');
                    }
                }
                case ',' -> {
                    if (open.isEmpty()) {
                        literal(out, c);
                    } else {
                        out.append('|');
                    }
                }
                default -> literal(out, c);
            }
        }
        if (!open.isEmpty()) {
            throw BuiltinException.of("glob.match", "unexpected end of input: a } is missing");
        }
        return out.append(")$").toString();
    }

    private static int list(String glob, int from, StringBuilder out) {
        int at = from;
        out.append('[');
        if (at < glob.length() && glob.charAt(at) == '!') {
            out.append('^');
            at++;
        }
        int begin = at;
        while (at < glob.length() && glob.charAt(at) != ']') {
            int c = glob.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\\' && at < glob.length()) {
                c = glob.codePointAt(at);
                at += Character.charCount(c);
                member(out, c);
            } else if (c == '-' && at > begin + 1 && at < glob.length() && glob.charAt(at) != ']') {
                out.append('-');
            } else {
                member(out, c);
            }
        }
        if (at == glob.length() || at == begin) {
            throw BuiltinException.of("glob.match", "unexpected end of input: a ] is missing");
        }
        out.append(']');
        return at + 1;
    }

    private static void member(StringBuilder out, int c) {
        out.append("\\x{").append(Integer.toHexString(c)).append('}');
    }

    private static void literal(StringBuilder out, int c) {
        out.append("\\x{").append(Integer.toHexString(c)).append('}');
    }
}
