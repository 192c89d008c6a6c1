package io.maestro.identity;

import io.maestro.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A secret as it is sent: {@code PREFIX_ID_SECRET}. It has 256 random bits, so a plain hash of it is enough at rest.
 *
 * @param id the public part
 * @param text all of it; secret
 */
record Bearer(String id, String text) {
    private static final int SECRET = 43;

    /** What it opens; one of a kind is nothing to the others. */
    enum Kind {
        /** An API token. */
        TOKEN("mst_"),
        /** The session of a browser. */
        SESSION("mss_");

        private final String prefix;
        private final Pattern form;
        private final int length;

        Kind(String prefix) {
            this.prefix = prefix;
            this.form = Pattern.compile(prefix + "([0-9a-f]{16})_[A-Za-z0-9_-]{" + SECRET + "}");
            this.length = prefix.length() + 16 + 1 + SECRET;
        }
    }

    /** Makes a new one. */
    static Bearer random(Kind kind, RandomGenerator random) {
        byte[] id = new byte[8];
        random.nextBytes(id);
        return random(kind, HexFormat.of().formatHex(id), random);
    }

    /** Makes a new one for an id that is there already. */
    static Bearer random(Kind kind, String id, RandomGenerator random) {
        return new Bearer(id, kind.prefix + id + "_" + secret(random));
    }

    /** 256 random bits in base64url, 43 characters. */
    static String secret(RandomGenerator random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Reads one; empty when the text is none of this kind. */
    static Optional<Bearer> parse(Kind kind, @Nullable String text) {
        if (text == null || text.length() != kind.length) {
            return Optional.empty();
        }
        Matcher form = kind.form.matcher(text);
        return form.matches() ? Optional.of(new Bearer(form.group(1), text)) : Optional.empty();
    }

    /** What is kept of it. */
    String hash() {
        return Digest.sha256(text).hex();
    }

    /** Compares in a time that does not tell how much is the same. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Bearer[" + id + "]";
    }
}
