package io.maestro.adapters;

import io.maestro.model.AdapterVersion;

/** Writes a version so that the byte order of the writings is the precedence of the versions; what the database sorts by. */
final class VersionOrder {
    /** Before every other character that a version can have. */
    private static final char END = ' ';

    private VersionOrder() {}

    /** The writing of {@code version}. */
    static String of(AdapterVersion version) {
        String value = version.value();
        int hyphen = value.indexOf('-');
        StringBuilder order = new StringBuilder(value.length() * 2);
        for (String number : (hyphen < 0 ? value : value.substring(0, hyphen)).split("\\.", -1)) {
            number(order, number);
        }
        if (hyphen < 0) {
            return order.append('~').toString();
        }
        order.append('!');
        for (String identifier : value.substring(hyphen + 1).split("\\.", -1)) {
            if (identifier.chars().allMatch(c -> c >= '0' && c <= '9')) {
                order.append('#');
                number(order, identifier);
            } else {
                order.append('@').append(identifier).append(END);
            }
        }
        return order.append(END).toString();
    }

    /** Longer numbers are larger once leading zeros are gone. */
    private static void number(StringBuilder order, String digits) {
        String plain = digits.replaceFirst("^0+(?=.)", "");
        order.append((char) ('0' + plain.length() / 10))
                .append((char) ('0' + plain.length() % 10))
                .append(plain);
    }
}
