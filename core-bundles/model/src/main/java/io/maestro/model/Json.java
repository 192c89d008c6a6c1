package io.maestro.model;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document as text. Contracts carry this, so that no JSON library crosses them; each side parses with its own.
 *
 * @param text well-formed JSON; the maker vouches for it
 */
public record Json(String text) {
    /** The empty object. */
    public static final Json EMPTY_OBJECT = new Json("{}");

    private static final int FIRST_PRINTABLE = 0x20;

    /**
     * Writes an object, in the order of the map.
     *
     * @param members values are texts, numbers, booleans, null, documents, and maps and collections of these; anything else
     *     stands as its text
     */
    public static Json object(Map<String, ? extends @Nullable Object> members) {
        StringBuilder out = new StringBuilder(64);
        writeObject(out, members);
        return new Json(out.toString());
    }

    private static void write(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Json document -> out.append(document.text());
            case Integer number -> out.append(number);
            case Long number -> out.append(number);
            case Boolean truth -> out.append(truth);
            case Map<?, ?> object -> writeObject(out, object);
            case Collection<?> array -> {
                out.append('[');
                for (Iterator<?> items = array.iterator(); items.hasNext(); ) {
                    write(out, items.next());
                    out.append(items.hasNext() ? "," : "");
                }
                out.append(']');
            }
            default -> writeText(out, value.toString());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ? extends @Nullable Object> members) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ? extends @Nullable Object> member : members.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            writeText(out, String.valueOf(member.getKey()));
            out.append(':');
            write(out, member.getValue());
        }
        out.append('}');
    }

    private static void writeText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return text;
    }
}
