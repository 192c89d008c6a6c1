package io.maestro.adapter.storage.gcs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The checksums that the service keeps of an object, computed while its bytes go by. */
final class Checksums {
    private final MessageDigest md5 = newMd5();
    private final CRC32C crc32c = new CRC32C();

    /**
     * Checksums in Base64.
     *
     * @param crc32c the CRC-32C, big-endian; null when it is not known
     * @param md5 the MD5; null when it is not known, as of objects that were composed of others
     */
    record Value(@Nullable String crc32c, @Nullable String md5) {
        /** Those of bytes that the service keeps none of. */
        static final Value UNKNOWN = new Value(null, null);

        /** Whether what both know is the same. */
        boolean agreesWith(Value other) {
            return agrees(crc32c, other.crc32c) && agrees(md5, other.md5);
        }

        private static boolean agrees(@Nullable String one, @Nullable String other) {
            return one == null || other == null || one.equals(other);
        }
    }

    void update(byte[] bytes, int offset, int length) {
        md5.update(bytes, offset, length);
        crc32c.update(bytes, offset, length);
    }

    /** Of all bytes that went by; asked for once, at the end. */
    Value value() {
        byte[] crc = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) crc32c.getValue())
                .array();
        return new Value(base64(crc), base64(md5.digest()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
