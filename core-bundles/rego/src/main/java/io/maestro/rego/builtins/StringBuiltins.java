package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/** Texts. Positions count characters as people do: code points. */
final class StringBuiltins {
    private StringBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("concat", "S,AT", "S", (e, a) -> {
            List<String> parts = Registry.texts("concat", a[1], 2);
            long length = 0;
            for (String part : parts) {
                length += part.length() + (long) text(a[0]).length();
            }
            e.meter().text(length);
            return StringValue.of(String.join(text(a[0]), parts));
        });
        registry.add("contains", "S,S", "B", (e, a) -> {
            e.meter().steps(text(a[0]).length() >> 6);
            return BoolValue.of(text(a[0]).contains(text(a[1])));
        });
        registry.add("startswith", "S,S", "B", (_, a) -> BoolValue.of(text(a[0]).startsWith(text(a[1]))));
        registry.add("endswith", "S,S", "B", (_, a) -> BoolValue.of(text(a[0]).endsWith(text(a[1]))));
        registry.add("format_int", "N,N", "S", (_, a) -> formatInt(a));
        registry.add("indexof", "S,S", "N", (_, a) -> indexOf(a));
        registry.add("indexof_n", "S,S", "A", StringBuiltins::indexesOf);
        registry.add("lower", "S", "S", (e, a) -> cased(e, text(a[0]).toLowerCase(Locale.ROOT)));
        registry.add("upper", "S", "S", (e, a) -> cased(e, text(a[0]).toUpperCase(Locale.ROOT)));
        registry.add("replace", "S,S,S", "S", (e, a) -> replace(e, text(a[0]), text(a[1]), text(a[2])));
        registry.add("strings.replace_n", "O,S", "S", StringBuiltins::replaceAll);
        registry.add("split", "S,S", "A", StringBuiltins::split);
        registry.add(
                "sprintf",
                "S,A",
                "S",
                (e, a) -> StringValue.of(new GoFormat(e.meter()).format(text(a[0]), ((ArrayValue) a[1]).members())));
        registry.add(
                "strings.reverse",
                "S",
                "S",
                (_, a) -> StringValue.of(new StringBuilder(text(a[0])).reverse().toString()));
        registry.add("strings.count", "S,S", "N", (e, a) -> count(e, text(a[0]), text(a[1])));
        registry.add("substring", "S,N,N", "S", (_, a) -> substring(a));
        registry.add("trim", "S,S", "S", (_, a) -> trimmed(text(a[0]), within(text(a[1])), true, true));
        registry.add("trim_left", "S,S", "S", (_, a) -> trimmed(text(a[0]), within(text(a[1])), true, false));
        registry.add("trim_right", "S,S", "S", (_, a) -> trimmed(text(a[0]), within(text(a[1])), false, true));
        registry.add("trim_space", "S", "S", (_, a) -> trimmed(text(a[0]), StringBuiltins::isSpace, true, true));
        registry.add(
                "trim_prefix",
                "S,S",
                "S",
                (_, a) -> StringValue.of(
                        text(a[0]).startsWith(text(a[1]))
                                ? text(a[0]).substring(text(a[1]).length())
                                : text(a[0])));
        registry.add(
                "trim_suffix",
                "S,S",
                "S",
                (_, a) -> StringValue.of(
                        text(a[0]).endsWith(text(a[1]))
                                ? text(a[0])
                                        .substring(
                                                0,
                                                text(a[0]).length() - text(a[1]).length())
                                : text(a[0])));
        registry.add(
                "strings.any_prefix_match",
                "SAT,SAT",
                "B",
                (e, a) -> any(e, "strings.any_prefix_match", a, String::startsWith));
        registry.add(
                "strings.any_suffix_match",
                "SAT,SAT",
                "B",
                (e, a) -> any(e, "strings.any_suffix_match", a, String::endsWith));
        registry.add(
                "strings.render_template",
                "S,O",
                "S",
                (e, a) -> StringValue.of(new GoTemplate(e.meter()).render(text(a[0]), (ObjectValue) a[1])));
    }

    private static Value formatInt(Value[] a) {
        int base = Registry.number(a[1]).index();
        if (base != 2 && base != 8 && base != 10 && base != 16) {
            throw BuiltinException.type("format_int", "operand 2 must be one of {2, 8, 10, 16}");
        }
        BigDecimal whole = Registry.number(a[0]).decimal().setScale(0, RoundingMode.FLOOR);
        return StringValue.of(whole.toBigInteger().toString(base));
    }

    private static Value indexOf(Value[] a) {
        String text = text(a[0]);
        String part = text(a[1]);
        if (part.isEmpty()) {
            throw BuiltinException.of("indexof", "empty search character");
        }
        int at = text.indexOf(part);
        return NumberValue.of(at < 0 ? -1 : text.codePointCount(0, at));
    }

    private static Value indexesOf(Evaluation evaluation, Value[] a) {
        String text = text(a[0]);
        String part = text(a[1]);
        if (part.isEmpty()) {
            throw BuiltinException.of("indexof_n", "empty search character");
        }
        List<Value> indexes = new ArrayList<>();
        int counted = 0;
        int last = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            evaluation.meter().cells(1);
            counted += text.codePointCount(last, at);
            last = at;
            indexes.add(NumberValue.of(counted));
        }
        return ArrayValue.keeping(indexes);
    }

    private static Value cased(Evaluation evaluation, String text) {
        evaluation.meter().text(text.length());
        return StringValue.of(text);
    }

    private static Value replace(Evaluation evaluation, String text, String old, String now) {
        long found = occurrences(text, old);
        evaluation.meter().text(Math.max(text.length(), text.length() + found * (now.length() - (long) old.length())));
        if (old.isEmpty()) {
            StringBuilder out = new StringBuilder(now);
            text.codePoints().forEach(c -> out.appendCodePoint(c).append(now));
            return StringValue.of(out.toString());
        }
        return StringValue.of(text.replace(old, now));
    }

    private static long occurrences(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Value count(Evaluation evaluation, String text, String part) {
        evaluation.meter().steps(text.length() >> 4);
        return NumberValue.of(occurrences(text, part));
    }

    /** At each place the first pattern that fits, in the order of the keys. */
    private static Value replaceAll(Evaluation evaluation, Value[] a) {
        ObjectValue patterns = (ObjectValue) a[0];
        List<String> olds = new ArrayList<>();
        List<String> nows = new ArrayList<>();
        for (Value key : patterns.keys()) {
            if (!(key instanceof StringValue old)) {
                throw BuiltinException.type("strings.replace_n", "operand 1 non-string key found in pattern object");
            }
            if (!(patterns.at(key) instanceof StringValue now)) {
                throw BuiltinException.type("strings.replace_n", "operand 1 non-string value found in pattern object");
            }
            olds.add(old.value());
            nows.add(now.value());
        }
        String text = text(a[1]);
        StringBuilder out = new StringBuilder();
        int at = 0;
        boolean matchedEmpty = false;
        while (at <= text.length()) {
            evaluation.meter().steps(1 + (olds.size() >> 2));
            int found = -1;
            for (int i = 0; i < olds.size() && found < 0; i++) {
                if (text.startsWith(olds.get(i), at) && !(olds.get(i).isEmpty() && matchedEmpty)) {
                    found = i;
                }
            }
            if (found >= 0) {
                evaluation.meter().text(nows.get(found).length());
                out.append(nows.get(found));
                at += olds.get(found).length();
                matchedEmpty = olds.get(found).isEmpty();
                if (!matchedEmpty) {
                    continue;
                }
            }
            if (at < text.length()) {
                out.append(text.charAt(at));
            }
            at++;
            matchedEmpty = false;
        }
        evaluation.meter().text(out.length());
        return StringValue.of(out.toString());
    }

    private static Value split(Evaluation evaluation, Value[] a) {
        String text = text(a[0]);
        String by = text(a[1]);
        evaluation.meter().text(text.length());
        List<Value> parts = new ArrayList<>();
        if (by.isEmpty()) {
            evaluation.meter().cells(text.length());
            text.codePoints().forEach(c -> parts.add(StringValue.of(Character.toString(c))));
            return ArrayValue.keeping(parts);
        }
        int begin = 0;
        for (int at = text.indexOf(by); at >= 0; at = text.indexOf(by, begin)) {
            evaluation.meter().cells(1);
            parts.add(StringValue.of(text.substring(begin, at)));
            begin = at + by.length();
        }
        parts.add(StringValue.of(text.substring(begin)));
        return ArrayValue.keeping(parts);
    }

    private static Value substring(Value[] a) {
        String text = text(a[0]);
        int offset = Registry.index("substring", a[1], 2);
        int length = Registry.index("substring", a[2], 3);
        if (offset < 0) {
            throw BuiltinException.of("substring", "negative offset");
        }
        int characters = text.codePointCount(0, text.length());
        if (offset >= characters) {
            return StringValue.of("");
        }
        int begin = text.offsetByCodePoints(0, offset);
        int end = length < 0 || length >= characters - offset ? text.length() : text.offsetByCodePoints(begin, length);
        return StringValue.of(text.substring(begin, end));
    }

    private static IntPredicate within(String cut) {
        return c -> cut.indexOf(c) >= 0;
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || c == 0x85 || Character.isSpaceChar(c);
    }

    private static Value trimmed(String text, IntPredicate cut, boolean left, boolean right) {
        int begin = 0;
        int end = text.length();
        while (left && begin < end && cut.test(text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        while (right && end > begin && cut.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return StringValue.of(text.substring(begin, end));
    }

    private static Value any(Evaluation evaluation, String name, Value[] a, BiPredicate<String, String> test) {
        List<String> texts = texts(name, a[0], 1);
        List<String> parts = texts(name, a[1], 2);
        evaluation.meter().steps(((long) texts.size() * parts.size()) >> 2);
        return BoolValue.of(texts.stream().anyMatch(text -> parts.stream().anyMatch(part -> test.test(text, part))));
    }

    private static List<String> texts(String name, Value value, int operand) {
        return value instanceof StringValue text
                ? List.of(text.value())
                : value instanceof ArrayValue || value instanceof SetValue
                        ? Registry.texts(name, value, operand)
                        : List.of();
    }
}
