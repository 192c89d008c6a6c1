package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import java.util.List;

/**
 * One word of the source.
 *
 * @param text a name, an operator, the digits of a number, or the content of a string
 * @param spaced whether space stands before it
 * @param lined whether it is the first of its line
 * @param parts of a template: texts and lists of tokens; else empty
 * @param end the row where it ends
 */
record Token(Kind kind, Location at, String text, boolean spaced, boolean lined, List<Piece> parts, int end) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        TEMPLATE,
        SIGN,
        END
    }

    /** A piece of a template; its tokens are empty when it is a text. */
    record Piece(String text, List<Token> tokens) {}

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isWord(String word) {
        return kind == Kind.NAME && text.equals(word);
    }

    /** As a message names it. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the text";
            case STRING -> "a string";
            case TEMPLATE -> "a template string";
            default -> "`" + text + "`";
        };
    }
}
