package io.maestro.rego.bundle;

import io.maestro.rego.value.Json;
import io.maestro.rego.value.StringValue;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text of a document that signatures are made over: keys sorted, no spaces, texts escaped in one way, and numbers as they
 * were written, which a reader of values would not keep.
 */
final class CanonicalJson {
    private final String text;
    private int at;

    private CanonicalJson(String text) {
        this.text = text;
    }

    /**
     * Writes a document so.
     *
     * @throws IllegalArgumentException when it is no JSON
     */
    static String of(String text) {
        // this one checks it all, and bounds how deep it nests
        Json.read(text);
        StringBuilder out = new StringBuilder();
        CanonicalJson json = new CanonicalJson(text);
        json.space();
        json.value(out);
        return out.toString();
    }

    private void value(StringBuilder out) {
        switch (text.charAt(at)) {
            case '{' -> object(out);
            case '[' -> array(out);
            case '"' -> out.append(Json.read(raw()).json());
            default -> {
                int begin = at;
                while (at < text.length() && ",]} \t\n\r".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                out.append(text, begin, at);
            }
        }
    }

    private void object(StringBuilder out) {
        Map<StringValue, String> members = new TreeMap<>();
        step();
        while (text.charAt(at) != '}') {
            StringValue key = (StringValue) Json.read(raw());
            space();
            step();
            StringBuilder member = new StringBuilder();
            value(member);
            members.put(key, member.toString());
            next();
        }
        at++;
        out.append('{');
        String comma = "";
        for (Map.Entry<StringValue, String> member : members.entrySet()) {
            out.append(comma).append(member.getKey().json()).append(':').append(member.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private void array(StringBuilder out) {
        step();
        out.append('[');
        String comma = "";
        while (text.charAt(at) != ']') {
            out.append(comma);
            comma = ",";
            value(out);
            next();
        }
        at++;
        out.append(']');
    }

    /** After a member: over the comma, if there is one. */
    private void next() {
        space();
        if (text.charAt(at) == ',') {
            step();
        }
    }

    private void step() {
        at++;
        space();
    }

    private String raw() {
        int begin = at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return text.substring(begin, ++at);
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
