package io.maestro.trust;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses the clauses of an OSGi header (core specification §1.3.2): {@code path;path;directive:=x;attribute="y",path}. */
final class HeaderClauses {
    private final String text;
    private int at;

    private HeaderClauses(String text) {
        this.text = text;
    }

    /**
     * One clause.
     *
     * @param paths at least one
     * @param directives by name
     * @param attributes by name, without their types
     */
    record Clause(List<String> paths, Map<String, String> directives, Map<String, String> attributes) {}

    /** Parses the header; throws IllegalArgumentException with a sentence when it is malformed. */
    static List<Clause> parse(String text) {
        HeaderClauses parser = new HeaderClauses(text);
        List<Clause> clauses = new ArrayList<>();
        do {
            clauses.add(parser.clause());
        } while (parser.accept(','));
        if (parser.at != text.length()) {
            throw new IllegalArgumentException("unexpected character at position " + parser.at);
        }
        return clauses;
    }

    private Clause clause() {
        List<String> paths = new ArrayList<>();
        Map<String, String> directives = new LinkedHashMap<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        do {
            String word = token(";,=:");
            if (accept(':')) {
                if (accept('=')) {
                    put(directives, word, value());
                } else {
                    token("=;,");
                    expect('=');
                    put(attributes, word, value());
                }
            } else if (accept('=')) {
                put(attributes, word, value());
            } else if (directives.isEmpty() && attributes.isEmpty()) {
                paths.add(word);
            } else {
                throw new IllegalArgumentException("a name after parameters at position " + at);
            }
        } while (accept(';'));
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("a clause without a name at position " + at);
        }
        return new Clause(paths, directives, attributes);
    }

    private static void put(Map<String, String> parameters, String name, String value) {
        if (parameters.put(name, value) != null) {
            throw new IllegalArgumentException("the parameter " + name + " is there twice");
        }
    }

    private String token(String stops) {
        int start = at;
        while (at < text.length() && stops.indexOf(text.charAt(at)) < 0 && text.charAt(at) != '"') {
            at++;
        }
        String word = text.substring(start, at).trim();
        if (word.isEmpty()) {
            throw new IllegalArgumentException("a name is missing at position " + start);
        }
        return word;
    }

    private String value() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (!accept('"')) {
            return token(";,");
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
            at++;
        }
        expect('"');
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return value.toString();
    }

    private boolean accept(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw new IllegalArgumentException("a " + wanted + " is missing at position " + at);
        }
    }
}
