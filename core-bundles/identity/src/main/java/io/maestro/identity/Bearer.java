package io.maestro.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is sent: {@code mst_ID_SECRET}. The secret has 256 random bits, so a plain hash of it is enough at rest.
 *
 * @param id the public part
 * @param text all of it; secret
 */
record Bearer(String id, String text) {
    private static final Pattern FORM = Pattern.compile("mst_([0-9a-f]{16})_[A-Za-z0-9_-]{43}");
    private static final int LENGTH = "mst_".length() + 16 + 1 + 43;

    /** Makes a new one. */
    static Bearer random(RandomGenerator random) {
        byte[] id = new byte[8];
        random.nextBytes(id);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String publicPart = HexFormat.of().formatHex(id);
        return new Bearer(
                publicPart,
                "mst_" + publicPart + "_"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Reads one; empty when the text is none. */
    static Optional<Bearer> parse(@Nullable String text) {
        if (text == null || text.length() != LENGTH) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new Bearer(form.group(1), text)) : Optional.empty();
    }

    /** What is kept of it. */
    String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "Bearer[" + id + "]";
    }
}
