package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Regular expressions, in time that is linear in the text whatever the pattern. */
final class RegexBuiltins {
    private static final int MOST_PATTERN = 10_000;

    private RegexBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("regex.match", "S,S", "B", (e, a) -> {
            Pattern pattern = pattern(e, "regex.match", text(a[0]), text(a[1]));
            return BoolValue.of(pattern.matcher(text(a[1])).find());
        });
        registry.add(
                "regex.is_valid",
                "X",
                "B",
                (e, a) -> BoolValue.of(a[0] instanceof StringValue text && compiled(e, text.value()) != null));
        registry.add("regex.find_n", "S,S,N", "A", RegexBuiltins::find);
        registry.add("regex.find_all_string_submatch_n", "S,S,N", "A", RegexBuiltins::findGroups);
        registry.add("regex.replace", "S,S,S", "S", RegexBuiltins::replace);
        registry.add("regex.split", "S,S", "A", RegexBuiltins::split);
        registry.add("regex.template_match", "S,S,S,S", "B", RegexBuiltins::template);
        registry.add(
                "regex.globs_match",
                "S,S",
                "B",
                (e, a) -> BoolValue.of(GlobIntersection.intersect(e.meter(), text(a[0]), text(a[1]))));
    }

    /** A pattern that is compiled at most once for each evaluation; its use is counted by the length of the text. */
    static Pattern pattern(Evaluation evaluation, String name, String pattern, String text) {
        Pattern compiled = compiled(evaluation, pattern);
        if (compiled == null) {
            throw BuiltinException.of(name, "error parsing regexp: " + pattern);
        }
        evaluation.meter().steps(1 + (((long) text.length() * (1 + (compiled.programSize() >> 3))) >> 4));
        return compiled;
    }

    /** A pattern, or null when the text is none. */
    record Compiled(@Nullable Pattern pattern) {
        int size() {
            return pattern == null ? 1 : pattern.programSize();
        }
    }

    static Compiled compile(String pattern) {
        try {
            return new Compiled(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            return new Compiled(null);
        }
    }

    private static @Nullable Pattern compiled(Evaluation evaluation, String pattern) {
        if (pattern.length() > MOST_PATTERN) {
            return null;
        }
        return evaluation
                .<Compiled>cached("regex", pattern, () -> {
                    evaluation.meter().cells(pattern.length() + 16L);
                    Compiled made = compile(pattern);
                    evaluation.meter().cells(made.size());
                    return made;
                })
                .pattern();
    }

    private static int count(String name, Value value) {
        int count = Registry.index(name, value, 3);
        return count < 0 ? Integer.MAX_VALUE : count;
    }

    private static Value find(Evaluation evaluation, Value[] a) {
        Matcher matcher =
                pattern(evaluation, "regex.find_n", text(a[0]), text(a[1])).matcher(text(a[1]));
        int most = count("regex.find_n", a[2]);
        List<Value> found = new ArrayList<>();
        while (found.size() < most && matcher.find()) {
            evaluation.meter().text(matcher.end() - matcher.start());
            found.add(StringValue.of(matcher.group()));
        }
        return ArrayValue.keeping(found);
    }

    private static Value findGroups(Evaluation evaluation, Value[] a) {
        String name = "regex.find_all_string_submatch_n";
        Matcher matcher = pattern(evaluation, name, text(a[0]), text(a[1])).matcher(text(a[1]));
        int most = count(name, a[2]);
        List<Value> found = new ArrayList<>();
        while (found.size() < most && matcher.find()) {
            evaluation.meter().cells(2L + matcher.groupCount());
            evaluation.meter().text(matcher.end() - matcher.start());
            List<Value> groups = new ArrayList<>();
            for (int i = 0; i <= matcher.groupCount(); i++) {
                String group = matcher.group(i);
                groups.add(StringValue.of(group == null ? "" : group));
            }
            found.add(ArrayValue.keeping(groups));
        }
        return ArrayValue.keeping(found);
    }

    /** Like Go: in the replacement {@code $1} and <code>${name}</code> stand for groups, as long a name as possible. */
    private static Value replace(Evaluation evaluation, Value[] a) {
        String text = text(a[0]);
        Pattern pattern = pattern(evaluation, "regex.replace", text(a[1]), text);
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (matcher.find()) {
            out.append(text, at, matcher.start());
            expand(text(a[2]), matcher, pattern, out);
            at = matcher.end();
            evaluation.meter().text(text(a[2]).length() + (long) (matcher.end() - matcher.start()));
        }
        evaluation.meter().text(out.length());
        return StringValue.of(out.append(text, at, text.length()).toString());
    }

    private static void expand(String replacement, Matcher matcher, Pattern pattern, StringBuilder out) {
        int at = 0;
        while (at < replacement.length()) {
            char c = replacement.charAt(at);
            if (c != '$' || at + 1 == replacement.length()) {
                out.append(c);
                at++;
                continue;
            }
            if (replacement.charAt(at + 1) == '$') {
                out.append('$');
                at += 2;
                continue;
            }
            boolean braces = replacement.charAt(at + 1) == '{';
            int begin = at + (braces ? 2 : 1);
            int end = begin;
            while (end < replacement.length() && isWord(replacement.charAt(end))) {
                end++;
            }
            if (end == begin || (braces && (end == replacement.length() || replacement.charAt(end) != '}'))) {
                out.append(c);
                at++;
                continue;
            }
            String group = group(matcher, pattern, replacement.substring(begin, end));
            out.append(group == null ? "" : group);
            at = end + (braces ? 1 : 0);
        }
    }

    private static boolean isWord(char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static @Nullable String group(Matcher matcher, Pattern pattern, String name) {
        if (name.length() < 6 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int number = Integer.parseInt(name);
            return number <= matcher.groupCount() ? matcher.group(number) : null;
        }
        Integer number = pattern.namedGroups().get(name);
        return number == null ? null : matcher.group(number);
    }

    private static Value split(Evaluation evaluation, Value[] a) {
        String text = text(a[1]);
        Matcher matcher = pattern(evaluation, "regex.split", text(a[0]), text).matcher(text);
        evaluation.meter().text(text.length());
        List<Value> parts = new ArrayList<>();
        int begin = 0;
        int end = 0;
        while (!text.isEmpty() && matcher.find()) {
            if (matcher.end() == 0) {
                continue;
            }
            evaluation.meter().cells(1);
            end = matcher.start();
            if (matcher.start() == matcher.end() && matcher.start() == text.length()) {
                break;
            }
            parts.add(StringValue.of(text.substring(begin, end)));
            begin = matcher.end();
        }
        parts.add(StringValue.of(text.substring(begin)));
        return ArrayValue.keeping(parts);
    }

    private static Value template(Evaluation evaluation, Value[] a) {
        String name = "regex.template_match";
        String template = text(a[0]);
        String open = text(a[2]);
        String close = text(a[3]);
        if (open.length() != 1 || close.length() != 1) {
            throw BuiltinException.of(name, "start delimiter and end delimiter have to be exactly one character long");
        }
        StringBuilder regex = new StringBuilder("^");
        int level = 0;
        int begin = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == open.charAt(0) && level++ == 0) {
                regex.append(Pattern.quote(template.substring(begin, i)));
                begin = i + 1;
            } else if (c == close.charAt(0) && level > 0 && --level == 0) {
                regex.append('(').append(template, begin, i).append(')');
                begin = i + 1;
            }
        }
        if (level != 0) {
            throw BuiltinException.of(name, "unbalanced braces in " + template);
        }
        regex.append(Pattern.quote(template.substring(begin))).append('$');
        return BoolValue.of(pattern(evaluation, name, regex.toString(), text(a[1]))
                .matcher(text(a[1]))
                .find());
    }
}
