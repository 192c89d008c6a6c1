package io.maestro.rego.syntax;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import java.util.List;

/** Reads modules and queries. Any thread; keeps nothing. */
public final class Parser {
    /** A larger source is refused before it is read. */
    public static final int MOST_CHARACTERS = 2 << 20;

    private Parser() {}

    /**
     * Reads one source file.
     *
     * @throws RegoException with the place
     */
    public static Module module(String file, String text) {
        Lexer lexer = lexer(file, text);
        Tokens tokens = new Tokens(lexer.tokens(), new Tokens.Shared());
        return new ModuleParser(file, tokens, lexer.comments()).module();
    }

    /**
     * Reads a query, which is a body without braces.
     *
     * @throws RegoException with the place
     */
    public static List<Literal> query(String text) {
        Tokens tokens = new Tokens(lexer("query", text).tokens(), new Tokens.Shared());
        List<Literal> body = new BodyParser(tokens).whole();
        if (body.isEmpty()) {
            throw new RegoException(ErrorCode.PARSE, new Location("query", 1, 1), "the query is empty");
        }
        return body;
    }

    private static Lexer lexer(String file, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new RegoException(
                    ErrorCode.PARSE, new Location(file, 1, 1), "longer than " + MOST_CHARACTERS + " characters");
        }
        return new Lexer(file, text);
    }
}
