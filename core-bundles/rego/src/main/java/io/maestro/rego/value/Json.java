package io.maestro.rego.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON, strictly and within the bounds of {@link Value}. A key that stands twice takes its last value. */
public final class Json {
    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Reads one document.
     *
     * @throws IllegalArgumentException with the place, when it is none
     */
    public static Value read(String text) {
        Json json = new Json(text);
        json.space();
        Value value = json.value();
        json.space();
        if (json.at < text.length()) {
            throw json.wrong("something follows the value");
        }
        return value;
    }

    private Value value() {
        if (at >= text.length()) {
            throw wrong("the text ends");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> nested(this::object);
            case '[' -> nested(this::array);
            case '"' -> StringValue.of(string());
            case 't' -> word("true", BoolValue.TRUE);
            case 'f' -> word("false", BoolValue.FALSE);
            case 'n' -> word("null", NullValue.NULL);
            default -> number();
        };
    }

    private Value nested(java.util.function.Supplier<Value> reader) {
        if (++depth >= Value.MOST_DEPTH) {
            throw wrong("nested deeper than " + Value.MOST_DEPTH);
        }
        at++;
        Value value = reader.get();
        depth--;
        return value;
    }

    private Value object() {
        Map<Value, Value> members = new HashMap<>();
        space();
        if (take('}')) {
            return ObjectValue.EMPTY;
        }
        do {
            space();
            if (at >= text.length() || text.charAt(at) != '"') {
                throw wrong("a key in quotes is expected");
            }
            Value key = StringValue.of(string());
            space();
            if (!take(':')) {
                throw wrong("a colon is expected");
            }
            space();
            members.put(key, value());
            space();
        } while (take(','));
        if (!take('}')) {
            throw wrong("a comma or } is expected");
        }
        return ObjectValue.keeping(members);
    }

    private Value array() {
        List<Value> members = new ArrayList<>();
        space();
        if (take(']')) {
            return ArrayValue.EMPTY;
        }
        do {
            space();
            members.add(value());
            space();
        } while (take(','));
        if (!take(']')) {
            throw wrong("a comma or ] is expected");
        }
        return ArrayValue.keeping(members);
    }

    private String string() {
        int begin = ++at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return text.substring(begin, at++);
        }
        StringBuilder out = new StringBuilder().append(text, begin, at);
        while (true) {
            if (at >= text.length()) {
                throw wrong("the text ends inside a string");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw wrong("a control character stands in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
                    if (digit < 0) {
                        throw wrong("four hexadecimal digits are expected");
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw wrong("no such escape");
        };
    }

    private Value word(String word, Value value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value is expected");
        }
        at += word.length();
        return value;
    }

    private Value number() {
        int begin = at;
        take('-');
        if (!take('0') && !digits()) {
            throw wrong("a value is expected");
        }
        if (take('.') && !digits()) {
            throw wrong("digits are expected");
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            if (!digits()) {
                throw wrong("digits are expected");
            }
        }
        try {
            return NumberValue.parse(text.substring(begin, at));
        } catch (ArithmeticException e) {
            throw wrong("the number is out of bounds");
        }
    }

    private boolean digits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > begin;
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        if (there) {
            at++;
        }
        return there;
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("no JSON at character " + at + ": " + what);
    }
}
