package io.maestro.model;

/**
 * A JSON document as text. Contracts carry this, so that no JSON library crosses them; each side parses with its own.
 *
 * @param text well-formed JSON; the maker vouches for it
 */
public record Json(String text) {
    /** The empty object. */
    public static final Json EMPTY_OBJECT = new Json("{}");

    @Override
    public String toString() {
        return text;
    }
}
