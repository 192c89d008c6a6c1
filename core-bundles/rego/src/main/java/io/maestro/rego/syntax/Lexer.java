package io.maestro.rego.syntax;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Module.Comment;
import io.maestro.rego.syntax.Token.Kind;
import io.maestro.rego.syntax.Token.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts source text into tokens, and keeps the comments apart. */
final class Lexer {
    private static final int MOST_TEMPLATES = 20;
    private static final List<String> PAIRS = List.of(":=", "==", "!=", "<=", ">=");
    private static final String SINGLES = "{}[]().,;:=<>+-*/%|&";

    private final String file;
    private final String text;
    private final List<Comment> comments = new ArrayList<>();
    private int at;
    private int row = 1;
    private int lineStart;
    private int templates;

    Lexer(String file, String text) {
        this.file = file;
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    List<Comment> comments() {
        return comments;
    }

    List<Token> tokens() {
        return tokens(false);
    }

    /** Up to the end, or inside a template up to the brace that closes its hole. */
    private List<Token> tokens(boolean hole) {
        List<Token> tokens = new ArrayList<>();
        int lastRow = hole ? row : 0;
        int braces = 0;
        while (true) {
            int before = at;
            space();
            Location place = place();
            boolean lined = row > lastRow;
            boolean spaced = at > before || lined;
            if (at >= text.length()) {
                if (hole) {
                    throw wrong(place, "the template string is not closed: a `}` is missing");
                }
                tokens.add(new Token(Kind.END, place, "", spaced, lined, List.of(), row));
                return tokens;
            }
            if (hole && braces == 0 && text.charAt(at) == '}') {
                tokens.add(new Token(Kind.END, place, "", spaced, lined, List.of(), row));
                at++;
                return tokens;
            }
            Token token = token(place, spaced, lined);
            if (token.is("{")) {
                braces++;
            } else if (token.is("}")) {
                braces--;
            }
            lastRow = token.end();
            tokens.add(token);
        }
    }

    private Token token(Location place, boolean spaced, boolean lined) {
        char c = text.charAt(at);
        if (isNameStart(c)) {
            int begin = at;
            while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
                at++;
            }
            return new Token(Kind.NAME, place, text.substring(begin, at), spaced, lined, List.of(), row);
        }
        if (isDigit(c)) {
            return new Token(Kind.NUMBER, place, number(place), spaced, lined, List.of(), row);
        }
        if (c == '"') {
            at++;
            return new Token(Kind.STRING, place, string(place), spaced, lined, List.of(), row);
        }
        if (c == '`') {
            at++;
            return new Token(Kind.STRING, place, raw(place), spaced, lined, List.of(), row);
        }
        if (c == '$' && at + 1 < text.length() && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '`')) {
            at += 2;
            List<Piece> parts = template(place, text.charAt(at - 1));
            return new Token(Kind.TEMPLATE, place, "", spaced, lined, parts, row);
        }
        for (String pair : PAIRS) {
            if (text.startsWith(pair, at)) {
                at += 2;
                return new Token(Kind.SIGN, place, pair, spaced, lined, List.of(), row);
            }
        }
        if (SINGLES.indexOf(c) >= 0) {
            at++;
            return new Token(Kind.SIGN, place, String.valueOf(c), spaced, lined, List.of(), row);
        }
        throw wrong(place, "illegal character " + shown(c));
    }

    private static String shown(char c) {
        return c > ' ' && c < 127 ? "`" + c + "`" : String.format(Locale.ROOT, "U+%04X", (int) c);
    }

    private void space() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                newLine();
            } else if (c == '#') {
                Location place = place();
                int end = text.indexOf('\n', at);
                int stop = end < 0 ? text.length() : end;
                comments.add(new Comment(place, text.substring(at + 1, stop).stripTrailing()));
                at = stop;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private void newLine() {
        at++;
        row++;
        lineStart = at;
    }

    private String number(Location place) {
        int begin = at;
        digits();
        if (text.charAt(begin) == '0' && at - begin > 1) {
            throw wrong(place, "a number does not begin with 0");
        }
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = at;
            digits();
            if (at == exponent) {
                throw wrong(place, "the exponent of a number needs digits");
            }
        }
        if (at < text.length() && isNameStart(text.charAt(at))) {
            throw wrong(place, "a number does not end with a letter");
        }
        return text.substring(begin, at);
    }

    private void digits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private String string(Location place) {
        StringBuilder out = new StringBuilder();
        while (true) {
            if (at >= text.length() || text.charAt(at) == '\n') {
                throw wrong(place, "the string is not closed on its line");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\') {
                escape(out, false);
            } else {
                out.append(c);
            }
        }
    }

    private void escape(StringBuilder out, boolean template) {
        Location place = new Location(file, row, at - lineStart);
        char c = at < text.length() ? text.charAt(at++) : 0;
        switch (c) {
            case '"', '\\', '/' -> out.append(c);
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
                    if (digit < 0) {
                        throw wrong(place, "`\\u` needs four hexadecimal digits");
                    }
                    code = code * 16 + digit;
                }
                out.append((char) code);
            }
            default -> {
                if (template && (c == '{' || c == '}')) {
                    out.append(c);
                    return;
                }
                throw wrong(place, "no such escape in a string: `\\" + (c < ' ' ? "" : c) + "`");
            }
        }
    }

    private String raw(Location place) {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '`') {
                at++;
                return out.toString();
            }
            out.append(c);
            if (c == '\n') {
                newLine();
            } else {
                at++;
            }
        }
        throw wrong(place, "the raw string is not closed");
    }

    private List<Piece> template(Location place, char quote) {
        if (++templates > MOST_TEMPLATES) {
            throw wrong(place, "template strings are nested too deep");
        }
        List<Piece> pieces = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        while (true) {
            if (at >= text.length() || (quote == '"' && text.charAt(at) == '\n')) {
                throw wrong(place, "the template string is not closed");
            }
            char c = text.charAt(at);
            if (c == '\n') {
                out.append(c);
                newLine();
                continue;
            }
            at++;
            if (c == quote) {
                pieces.add(new Piece(out.toString(), List.of()));
                templates--;
                return pieces;
            }
            if (c == '{') {
                pieces.add(new Piece(out.toString(), List.of()));
                out.setLength(0);
                pieces.add(new Piece("", tokens(true)));
            } else if (c == '\\' && (quote == '"' || (at < text.length() && text.charAt(at) == '{'))) {
                escape(out, true);
            } else {
                out.append(c);
            }
        }
    }

    private Location place() {
        return new Location(file, row, at - lineStart + 1);
    }

    private static RegoException wrong(Location place, String message) {
        return new RegoException(ErrorCode.PARSE, place, message);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
