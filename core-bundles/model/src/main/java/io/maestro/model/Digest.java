package io.maestro.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes; names an artifact by its content.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final String PREFIX = "sha256:";

    /** Throws a {@link ProblemException} with code {@code invalid-digest} when the value is not a digest. */
    public Digest {
        if (!FORM.matcher(hex).matches()) {
            throw ProblemException.invalid(
                    CallerProblem.INVALID_DIGEST,
                    "\"" + Slug.printable(hex) + "\" is not a SHA-256 digest",
                    "Use 64 lower-case hexadecimal digits, with or without the prefix sha256:.");
        }
    }

    /** The digest of these bytes. */
    public static Digest sha256(byte[] bytes) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The digest of the text's bytes in UTF-8. */
    public static Digest sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a digest from the 32 bytes that a SHA-256 computation gives. */
    public static Digest of(byte[] sha256) {
        return new Digest(HexFormat.of().formatHex(sha256));
    }

    /** Reads a digest with or without its {@code sha256:} prefix. */
    public static Digest parse(String text) {
        return new Digest(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
    }

    /** The 32 bytes; a new array each time. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
