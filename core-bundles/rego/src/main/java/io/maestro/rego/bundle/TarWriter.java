package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.zip.GZIPOutputStream;

/** Writes a tar archive in gzip: the same files give the same bytes, whoever writes them and when. */
final class TarWriter {
    private static final int BLOCK = 512;

    private TarWriter() {}

    static byte[] write(SortedMap<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            files.forEach((name, content) -> {
                try {
                    out.write(header(name, content.length));
                    out.write(content);
                    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            out.write(new byte[2 * BLOCK]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] header(String name, int size) {
        byte[] header = new byte[BLOCK];
        byte[] path = ("/" + name).getBytes(StandardCharsets.UTF_8);
        int cut = 0;
        if (path.length > 100) {
            for (int i = 1; i < path.length; i++) {
                if (path[i] == '/' && i <= 155 && path.length - i - 1 <= 100) {
                    cut = i;
                }
            }
            if (cut == 0) {
                throw new BundleException(Kind.NAME, name + " is too long a name for a bundle: shorten it");
            }
            System.arraycopy(path, 0, header, 345, cut);
            System.arraycopy(path, cut + 1, header, 0, path.length - cut - 1);
        } else {
            System.arraycopy(path, 0, header, 0, path.length);
        }
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, octal(size));
        put(header, 136, octal(0));
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        String digits = Integer.toOctalString(sum);
        put(header, 148, "0".repeat(6 - digits.length()) + digits + "\0 ");
        return header;
    }

    private static String octal(int value) {
        String digits = Integer.toOctalString(value);
        return "0".repeat(11 - digits.length()) + digits;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
