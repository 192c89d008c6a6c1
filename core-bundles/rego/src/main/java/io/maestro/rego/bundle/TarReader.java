package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a tar archive in gzip, never more of it than the limits allow. Takes plain files; folders are passed over. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int MOST_HEADER = 64 << 10;

    private final InputStream in;
    private final Limits limits;
    private final BundleFiles files = new BundleFiles();
    private long total;
    private int entries;
    private @Nullable String longName;

    private TarReader(InputStream in, Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    static BundleFiles read(byte[] archive, Limits limits) {
        if (archive.length > limits.archiveBytes()) {
            throw tooLarge("the bundle has " + archive.length + " bytes", limits.archiveBytes() + " bytes");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive), 8_192)) {
            TarReader reader = new TarReader(in, limits);
            while (reader.entry()) {
                // each adds its file
            }
            return reader.files;
        } catch (IOException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    private static BundleException corrupt(String why) {
        return new BundleException(
                Kind.CORRUPT,
                "the bundle is no gzip tar archive, or a broken one (" + why + "): build or load it again");
    }

    private static BundleException tooLarge(String what, String most) {
        return new BundleException(Kind.TOO_LARGE, what + ", and at most " + most + " are taken: part the bundle");
    }

    private boolean entry() throws IOException {
        byte[] header = new byte[BLOCK];
        int read = in.readNBytes(header, 0, BLOCK);
        if (read == 0 || isZero(header)) {
            return false;
        }
        if (read < BLOCK) {
            throw corrupt("it ends inside of a header");
        }
        checkSum(header);
        if (++entries > 4 * limits.files()) {
            throw tooLarge("the bundle has more than " + 4 * limits.files() + " entries", limits.files() + " files");
        }
        long size = octal(header, 124, 12);
        char type = (char) header[156];
        String name = longName != null ? longName : name(header);
        switch (type) {
            case '0', '\0' -> {
                longName = null;
                file(name, size);
            }
            case '5' -> {
                longName = null;
                skip(size);
            }
            case 'x' -> longName = pax(content(size, MOST_HEADER, "a header"));
            case 'g' -> content(size, MOST_HEADER, "a header");
            case 'L' -> longName = text(content(size, MOST_HEADER, "a name"), 0, (int) size);
            default ->
                throw new BundleException(
                        Kind.NAME,
                        BundleFiles.shown(name) + " in the bundle is a link or a device: only files are taken");
        }
        return true;
    }

    private void file(String name, long size) throws IOException {
        if (files.files().size() >= limits.files()) {
            throw tooLarge("the bundle has more than " + limits.files() + " files", limits.files() + " files");
        }
        files.add(name, content(size, limits.fileBytes(), BundleFiles.shown(name)));
    }

    private byte[] content(long size, int most, String what) throws IOException {
        if (size > most) {
            throw tooLarge(what + " in the bundle has " + size + " bytes", most + " bytes");
        }
        count(size);
        // grows with what is really there, whatever the header says
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("it ends inside of " + what);
        }
        padding(size);
        return content;
    }

    private void skip(long size) throws IOException {
        count(size);
        in.skipNBytes(size);
        padding(size);
    }

    private void padding(long size) throws IOException {
        int rest = (int) (size % BLOCK);
        if (rest > 0) {
            in.skipNBytes(BLOCK - rest);
        }
    }

    private void count(long size) {
        total += size + BLOCK;
        if (size < 0 || total > limits.totalBytes()) {
            throw tooLarge(
                    "the bundle unpacks to more than " + limits.totalBytes() + " bytes",
                    limits.totalBytes() + " bytes");
        }
    }

    private static void checkSum(byte[] header) throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("a header's sum is wrong");
        }
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        long value = 0;
        boolean digits = false;
        for (int i = from; i < from + length; i++) {
            int c = header[i];
            if (c >= '0' && c <= '7') {
                value = value * 8 + (c - '0');
                digits = true;
            } else if (c == 0 || c == ' ') {
                if (digits) {
                    break;
                }
            } else {
                throw new IOException("a header has a number that is none");
            }
        }
        return value;
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        boolean ustar = text(header, 257, 5).equals("ustar");
        String prefix = ustar ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** The path in an extended header: lines of a length, a name and a value. */
    private static @Nullable String pax(byte[] content) throws IOException {
        String path = null;
        int at = 0;
        while (at < content.length) {
            int space = at;
            while (space < content.length && content[space] != ' ') {
                space++;
            }
            int length;
            try {
                length = Integer.parseInt(new String(content, at, space - at, StandardCharsets.US_ASCII));
            } catch (NumberFormatException e) {
                throw new IOException("an extended header is broken", e);
            }
            if (length <= space - at + 1 || length > content.length - at) {
                throw new IOException("an extended header is broken");
            }
            String line =
                    new String(content, space + 1, at + length - space - 1, StandardCharsets.UTF_8).stripTrailing();
            if (line.startsWith("path=")) {
                path = line.substring(5);
            } else if (line.startsWith("size=") || line.startsWith("linkpath=")) {
                throw new IOException("an extended header changes more than a name");
            }
            at += length;
        }
        return path;
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
