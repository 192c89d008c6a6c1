package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the frame of a jar and refuses everything that two readers could understand differently: bytes before, between or
 * after the entries, headers that contradict the directory, overlapping entries, ZIP64, encryption, comments. What passes
 * is the same for every reader of the format (APPNOTE 6.3).
 */
final class ZipShape {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int FLAG_DESCRIPTOR = 1 << 3;
    private static final int FLAG_UTF8 = 1 << 11;
    private static final int FLAG_LEVEL = 0b110;
    private static final int DIRECTORY_LIMIT = 32 << 20;

    private final FileChannel channel;
    private final InspectionLimits limits;

    private ZipShape(FileChannel channel, InspectionLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    /**
     * One entry.
     *
     * @param nameBytes how many bytes the name has
     * @param deflated whether it is packed
     * @param data where its packed bytes start
     */
    record Item(
            String name, int nameBytes, boolean deflated, long crc, long packed, long size, long header, long data) {
        boolean folder() {
            return name.endsWith("/");
        }
    }

    /** Reads and checks the whole jar, including the checksum of every entry; the items come in the order of the file. */
    static List<Item> check(Path jar, InspectionLimits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(jar, StandardOpenOption.READ)) {
            ZipShape shape = new ZipShape(channel, limits);
            List<Item> items = shape.items();
            EntryNames.check(items);
            new Unpacking(channel, limits).check(items);
            return items;
        }
    }

    private List<Item> items() throws IOException {
        long size = channel.size();
        if (size < 4 || read(0, 4).getInt(0) != LOCAL) {
            throw Refusals.of(
                    TrustProblem.ARTIFACT_NOT_A_JAR,
                    size == 0 ? "the artifact is empty" : "the artifact does not start like a jar",
                    "Send the bytes of the signed jar, nothing around them.");
        }
        if (size < END_BYTES || read(size - END_BYTES, END_BYTES).getInt(0) != END) {
            throw Refusals.damaged(
                    "the jar does not end with the end of its directory: it was cut, or something follows it");
        }
        ByteBuffer end = read(size - END_BYTES, END_BYTES);
        int count = unsigned(end, 10);
        long directoryBytes = unsignedInt(end, 12);
        long directory = unsignedInt(end, 16);
        if (end.getInt(4) != 0 || unsigned(end, 8) != count || unsigned(end, 20) != 0) {
            throw Refusals.damaged("the end of the jar's directory speaks of several disks or has a comment");
        }
        if (count > limits.entries() || count == 0xffff || directoryBytes > DIRECTORY_LIMIT) {
            throw Refusals.of(
                    TrustProblem.ARTIFACT_BOMB,
                    "the jar has more than " + limits.entries() + " entries, or an enormous directory",
                    "Leave out what the adapter does not need; at most " + limits.entries() + " entries are taken.");
        }
        if (directory + directoryBytes != size - END_BYTES) {
            throw Refusals.damaged("the jar's directory is not where its end says");
        }
        List<Item> items = directory(read(directory, (int) directoryBytes), count);
        items.sort(Comparator.comparingLong(Item::header));
        long next = 0;
        List<Item> located = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item.header != next) {
                throw Refusals.damaged(
                        "there are bytes that belong to no entry, or to two, before the entry " + quoted(item.name));
            }
            next = i + 1 < items.size() ? items.get(i + 1).header : directory;
            located.add(local(item, next));
        }
        if (next != directory) {
            throw Refusals.damaged("there are bytes that belong to no entry before the jar's directory");
        }
        return located;
    }

    private static List<Item> directory(ByteBuffer bytes, int count) {
        List<Item> items = new ArrayList<>(count);
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (bytes.limit() - at < CENTRAL_BYTES || bytes.getInt(at) != CENTRAL) {
                throw Refusals.damaged("the jar's directory breaks off after " + i + " of " + count + " entries");
            }
            int nameBytes = unsigned(bytes, at + 28);
            int extra = unsigned(bytes, at + 30);
            int comment = unsigned(bytes, at + 32);
            if (bytes.limit() - at - CENTRAL_BYTES < nameBytes + extra + comment) {
                throw Refusals.damaged("the jar's directory breaks off after " + i + " of " + count + " entries");
            }
            String name = name(bytes, at + CENTRAL_BYTES, nameBytes);
            int method = unsigned(bytes, at + 10);
            if ((unsigned(bytes, at + 8) & ~(FLAG_DESCRIPTOR | FLAG_UTF8 | FLAG_LEVEL)) != 0
                    || (method != 0 && method != 8)
                    || unsigned(bytes, at + 34) != 0
                    || comment != 0) {
                throw Refusals.damaged(
                        "the entry " + quoted(name) + " is encrypted, packed in an unusual way, or has a comment");
            }
            checkExtra(bytes, at + CENTRAL_BYTES + nameBytes, extra, name);
            items.add(new Item(
                    name,
                    nameBytes,
                    method == 8,
                    unsignedInt(bytes, at + 16),
                    unsignedInt(bytes, at + 20),
                    unsignedInt(bytes, at + 24),
                    unsignedInt(bytes, at + 42),
                    0));
            at += CENTRAL_BYTES + nameBytes + extra + comment;
        }
        if (at != bytes.limit()) {
            throw Refusals.damaged("the jar's directory has more bytes than its entries");
        }
        return items;
    }

    /** Checks that the entry's own header and what follows its bytes say the same as the directory. */
    private Item local(Item item, long next) throws IOException {
        if (next - item.header < LOCAL_BYTES) {
            throw contradiction(item);
        }
        ByteBuffer header = read(item.header, LOCAL_BYTES);
        int flags = unsigned(header, 6);
        boolean descriptor = (flags & FLAG_DESCRIPTOR) != 0;
        int nameBytes = unsigned(header, 26);
        int extra = unsigned(header, 28);
        long data = item.header + LOCAL_BYTES + nameBytes + extra;
        if (header.getInt(0) != LOCAL
                || unsigned(header, 8) != (item.deflated ? 8 : 0)
                || (flags & ~(FLAG_DESCRIPTOR | FLAG_UTF8 | FLAG_LEVEL)) != 0
                || nameBytes != item.nameBytes
                || data + item.packed > next) {
            throw contradiction(item);
        }
        ByteBuffer tail = read(item.header + LOCAL_BYTES, nameBytes + extra);
        checkExtra(tail, nameBytes, extra, item.name);
        boolean same = unsignedInt(header, 14) == item.crc
                && unsignedInt(header, 18) == item.packed
                && unsignedInt(header, 22) == item.size;
        boolean open = header.getInt(14) == 0 && header.getInt(18) == 0 && header.getInt(22) == 0;
        if (!name(tail, 0, nameBytes).equals(item.name) || !(same || (descriptor && open))) {
            throw contradiction(item);
        }
        long rest = next - data - item.packed;
        if (descriptor ? !descriptorFits(item, data + item.packed, rest) : rest != 0) {
            throw contradiction(item);
        }
        return new Item(item.name, item.nameBytes, item.deflated, item.crc, item.packed, item.size, item.header, data);
    }

    private boolean descriptorFits(Item item, long at, long bytes) throws IOException {
        if (bytes != 12 && bytes != 16) {
            return false;
        }
        ByteBuffer descriptor = read(at, (int) bytes);
        int start = bytes == 16 ? 4 : 0;
        return (bytes == 12 || descriptor.getInt(0) == DESCRIPTOR)
                && unsignedInt(descriptor, start) == item.crc
                && unsignedInt(descriptor, start + 4) == item.packed
                && unsignedInt(descriptor, start + 8) == item.size;
    }

    /** Refuses extra fields that change what an entry is: ZIP64 sizes, and names in another encoding. */
    private static void checkExtra(ByteBuffer bytes, int start, int length, String name) {
        int at = start;
        while (at < start + length) {
            if (start + length - at < 4) {
                throw Refusals.damaged("the entry " + quoted(name) + " has a broken extra field");
            }
            int id = unsigned(bytes, at);
            if (id == 0x0001 || id == 0x7075) {
                throw Refusals.damaged("the entry " + quoted(name) + " has ZIP64 sizes or a second name");
            }
            at += 4 + unsigned(bytes, at + 2);
        }
        if (at != start + length) {
            throw Refusals.damaged("the entry " + quoted(name) + " has a broken extra field");
        }
    }

    private static String name(ByteBuffer bytes, int at, int length) {
        try {
            return UTF_8.newDecoder().decode(bytes.slice(at, length)).toString();
        } catch (CharacterCodingException e) {
            throw Refusals.of(
                    TrustProblem.ARTIFACT_ENTRY_NAME,
                    "an entry has a name that is not UTF-8",
                    "Build the jar with entry names in UTF-8.");
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        if (at < 0 || at + length > channel.size()) {
            throw Refusals.damaged("the jar points behind its own end");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw Refusals.damaged("the jar breaks off");
            }
        }
        return bytes.flip();
    }

    private static ProblemException contradiction(Item item) {
        return Refusals.at(
                TrustProblem.ARTIFACT_TRUNCATED,
                item.name,
                "the header of the entry " + quoted(item.name) + " contradicts the jar's directory",
                "Build or transfer the jar again.");
    }

    static String quoted(String name) {
        return "\"" + Refusals.printable(name) + "\"";
    }

    private static int unsigned(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static long unsignedInt(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
