package io.maestro.model;

import org.osgi.annotation.versioning.ConsumerType;

/** A kind of problem. Implemented by one enum per area, whose constants are the catalogue of that area. */
@ConsumerType
public interface ProblemCode {
    /** Longer than any code of ours. */
    int LONGEST = 64;

    /** Whether a text has the form of a code: what an adapter calls one may be any text, and is not to be shown as it is. */
    static boolean isCode(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /** The constant's own name; an enum gives it. */
    String name();

    /** Whose move it is. */
    ProblemCategory category();

    /** The HTTP status, 400 to 599. */
    int status();

    /** What kind of problem this is, in a few words. */
    String title();

    /** The stable code: the constant's name in lower case with hyphens. */
    default String code() {
        StringBuilder code = new StringBuilder(name().length());
        for (int i = 0; i < name().length(); i++) {
            char c = name().charAt(i);
            // not toLowerCase: a Turkish locale would make ı of I
            code.append(c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return code.toString();
    }
}
