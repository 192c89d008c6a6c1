package io.maestro.adapter.provisioning.scim;

/**
 * Filters and paths (RFC 7644, 3.4.2.2 and 3.5.2). Values become JSON texts in which no character is left that a careless
 * server could take for the end of the text or of the filter.
 */
final class Filter {
    private Filter() {}

    /** Whether the attribute has this value. */
    static String equal(String attribute, String value) {
        return attribute + " eq " + quoted(value);
    }

    /** Both. */
    static String both(String one, String other) {
        return one + " and " + other;
    }

    /** The values of a multi-valued attribute that are this one. */
    static String value(String attribute, String value) {
        return attribute + "[" + equal("value", value) + "]";
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < value.length(); index++) {
            char character = value.charAt(index);
            if (character < ' ' || "\"\\()[]".indexOf(character) >= 0) {
                quoted.append("\\u%04x".formatted((int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }
}
