package io.maestro.rego.syntax;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Token.Kind;
import java.util.List;

/** A place in a list of tokens, and what all of a module's parsers share: bounds and the names of wildcards. */
final class Tokens {
    private static final int MOST_NESTING = 90;
    private static final int MOST_OPERATORS = 400;

    /** What the parsers of one module share. */
    static final class Shared {
        private int wildcards;
        private int nesting;
        private int operators;
    }

    private final List<Token> tokens;
    private final Shared shared;
    private int at;

    Tokens(List<Token> tokens, Shared shared) {
        this.tokens = tokens;
        this.shared = shared;
    }

    Tokens inner(List<Token> others) {
        return new Tokens(others, shared);
    }

    /** A place to come back to with {@link #reset}. */
    int mark() {
        return at;
    }

    void reset(int mark) {
        at = mark;
        shared.nesting = 0;
    }

    Token now() {
        return tokens.get(at);
    }

    Token ahead(int count) {
        return tokens.get(Math.clamp((long) at + count, 0, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean atEnd() {
        return now().kind() == Kind.END;
    }

    /** The row where the token before ends. */
    int lastRow() {
        return at == 0 ? 0 : tokens.get(at - 1).end();
    }

    boolean take(String sign) {
        if (now().is(sign)) {
            next();
            return true;
        }
        return false;
    }

    /** Whether a keyword stands here: as such, and not as the head of a reference. */
    boolean keyword(String word) {
        return now().isWord(word) && !headsReference(1);
    }

    boolean takeKeyword(String word) {
        if (keyword(word)) {
            next();
            return true;
        }
        return false;
    }

    /** Whether the token so many ahead continues a reference. */
    boolean headsReference(int ahead) {
        Token after = ahead(ahead);
        return after.is(".") && !after.spaced();
    }

    Token expect(String sign, String why) {
        if (!now().is(sign)) {
            throw unexpected("`" + sign + "` " + why);
        }
        return next();
    }

    RegoException unexpected(String wanted) {
        String found = atEnd() ? "the text ends too early" : "unexpected " + now().shown();
        return wrong(now().at(), found + ": expected " + wanted);
    }

    RegoException wrong(Location place, String message) {
        return new RegoException(ErrorCode.PARSE, place, message);
    }

    String wildcard() {
        return "$" + shared.wildcards++;
    }

    void enter() {
        if (++shared.nesting > MOST_NESTING) {
            throw wrong(now().at(), "nested deeper than " + MOST_NESTING);
        }
    }

    void leave() {
        shared.nesting--;
    }

    /** Counts an operator of the statement that is being read. */
    void operator() {
        if (++shared.operators > MOST_OPERATORS) {
            throw wrong(now().at(), "more than " + MOST_OPERATORS + " operators in one rule");
        }
    }

    void resetNesting() {
        shared.nesting = 0;
    }

    void newStatement() {
        shared.operators = 0;
    }
}
