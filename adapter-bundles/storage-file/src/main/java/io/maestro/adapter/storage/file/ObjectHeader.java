package io.maestro.adapter.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What stands before the content in an object's file: a part of fixed length, known only when the content is written, and
 * a part of texts, known before.
 *
 * <pre>
 * magic 8 | size 8 | SHA-256 32 | milliseconds 8 | length of texts 4 | key, content type, metadata | content
 * </pre>
 */
final class ObjectHeader {
    private static final byte[] MAGIC = "MAESTRO1".getBytes(UTF_8);
    private static final int FIXED = 8 + 8 + 32 + 8 + 4;
    private static final int MOST_TEXTS = 32 * 1024;

    private ObjectHeader() {}

    /** An object as read from its file; the content starts at {@code contentAt}. */
    record Found(StoredObject object, long contentAt) {}

    /** The texts as bytes. */
    static byte[] texts(String key, String contentType, Map<String, String> metadata) {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        text(texts, key);
        text(texts, contentType);
        metadata.forEach((name, value) -> {
            text(texts, name);
            text(texts, value);
        });
        return texts.toByteArray();
    }

    /** Where the content starts behind these texts. */
    static long contentAt(byte[] texts) {
        return FIXED + (long) texts.length;
    }

    /** Writes the header to the beginning of the file. */
    static void write(FileChannel file, long size, byte[] sha256, Instant lastModified, byte[] texts)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FIXED + texts.length)
                .put(MAGIC)
                .putLong(size)
                .put(sha256)
                .putLong(lastModified.toEpochMilli())
                .putInt(texts.length)
                .put(texts)
                .flip();
        long at = 0;
        while (header.hasRemaining()) {
            at += file.write(header, at);
        }
    }

    /** Reads the header. Throws an {@link IOException} when the file is not whole. */
    static Found read(FileChannel file) throws IOException {
        ByteBuffer fixed = read(file, 0, FIXED);
        byte[] magic = new byte[MAGIC.length];
        byte[] sha256 = new byte[32];
        fixed.get(magic);
        long size = fixed.getLong();
        fixed.get(sha256);
        Instant lastModified = Instant.ofEpochMilli(fixed.getLong());
        int length = fixed.getInt();
        if (!Arrays.equals(magic, MAGIC) || length < 0 || length > MOST_TEXTS || size != file.size() - FIXED - length) {
            throw new IOException("the file of the object is damaged");
        }
        ByteBuffer texts = read(file, FIXED, length);
        try {
            String key = text(texts);
            String contentType = text(texts);
            Map<String, String> metadata = new HashMap<>();
            while (texts.hasRemaining()) {
                metadata.put(text(texts), text(texts));
            }
            String etag = HexFormat.of().formatHex(sha256);
            return new Found(
                    new StoredObject(key, size, etag, contentType, lastModified, metadata, etag),
                    FIXED + (long) length);
        } catch (BufferUnderflowException e) {
            throw new IOException("the file of the object is damaged", e);
        }
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("the file of the object is damaged");
            }
        }
        return bytes.flip();
    }

    private static void text(ByteArrayOutputStream texts, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        texts.writeBytes(
                ByteBuffer.allocate(Short.BYTES).putShort((short) bytes.length).array());
        texts.writeBytes(bytes);
    }

    private static String text(ByteBuffer texts) {
        byte[] bytes = new byte[texts.getShort() & 0xffff];
        texts.get(bytes);
        return new String(bytes, UTF_8);
    }
}
