package io.maestro.adapter.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Turns keys into file names. A name is safe on every file system: it has only lower-case letters, digits and {@code -_.%+},
 * does not start with a dot, and is at most {@value #LONGEST} characters long. Different keys have different names, also
 * where the file system does not tell upper from lower case.
 */
final class KeyNames {
    static final int LONGEST = 200;

    private static final int HEAD_OF_LONG = 120;
    private static final HexFormat HEX = HexFormat.of();

    private KeyNames() {}

    /** The file name of a key. A long one ends in a digest; then only the file's header knows the key. */
    static String encode(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        StringBuilder name = new StringBuilder(bytes.length + 16);
        for (byte value : bytes) {
            char c = (char) (value & 0xff);
            if (plain(c) && !(c == '.' && name.isEmpty())) {
                name.append(c);
            } else {
                name.append('%').append(HEX.toHexDigits(value));
            }
        }
        if (name.length() <= LONGEST) {
            return name.toString();
        }
        return name.substring(0, HEAD_OF_LONG) + "+" + HEX.formatHex(sha256().digest(bytes));
    }

    /** Whether the name alone does not tell the key. */
    static boolean isLong(String name) {
        return name.indexOf('+') >= 0;
    }

    /** The key of a file name; empty when it is long or not one of ours. */
    static Optional<String> decode(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '%') {
                bytes.write(c);
            } else if (i + 2 < name.length()
                    && HexFormat.isHexDigit(name.charAt(i + 1))
                    && HexFormat.isHexDigit(name.charAt(i + 2))) {
                bytes.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        String key = bytes.toString(UTF_8);
        return encode(key).equals(name) ? Optional.of(key) : Optional.empty();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static boolean plain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    }
}
