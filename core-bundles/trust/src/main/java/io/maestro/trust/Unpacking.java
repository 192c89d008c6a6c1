package io.maestro.trust;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks every entry once, counting what really comes out, and compares it with size and checksum of the directory. */
final class Unpacking {
    private static final long FREE = 1 << 20;

    private final FileChannel channel;
    private final InspectionLimits limits;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private final byte[] out = new byte[1 << 16];

    private long total;

    Unpacking(FileChannel channel, InspectionLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    void check(List<ZipShape.Item> items) throws IOException {
        for (ZipShape.Item item : items) {
            CRC32 crc = new CRC32();
            long size = item.deflated() ? inflate(item, crc) : copy(item, crc);
            if (size != item.size() || crc.getValue() != item.crc()) {
                throw damaged(item, "does not match its checksum");
            }
            if (item.folder() && size != 0) {
                throw damaged(item, "is a folder with content");
            }
        }
    }

    private long inflate(ZipShape.Item item, CRC32 crc) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            long left = item.packed();
            long at = item.data();
            long size = 0;
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int read = fill(at, left);
                    if (read == 0) {
                        throw damaged(item, "breaks off");
                    }
                    at += read;
                    left -= read;
                    inflater.setInput(in);
                }
                int made = inflater.inflate(out);
                if (made == 0 && inflater.needsDictionary()) {
                    throw damaged(item, "is packed in an unusual way");
                }
                crc.update(out, 0, made);
                size += made;
                count(item, made, size);
            }
            if (left != 0 || in.hasRemaining()) {
                throw damaged(item, "has bytes after its end");
            }
            return size;
        } catch (DataFormatException e) {
            throw damaged(item, "cannot be unpacked");
        } finally {
            inflater.end();
        }
    }

    private long copy(ZipShape.Item item, CRC32 crc) throws IOException {
        long left = item.packed();
        long at = item.data();
        while (left > 0) {
            int read = fill(at, left);
            if (read == 0) {
                throw damaged(item, "breaks off");
            }
            at += read;
            left -= read;
            crc.update(in);
            count(item, read, item.packed() - left);
        }
        return item.packed();
    }

    private int fill(long at, long left) throws IOException {
        in.clear().limit((int) Math.min(in.capacity(), left));
        int read = in.hasRemaining() ? channel.read(in, at) : 0;
        in.flip();
        return Math.max(read, 0);
    }

    private void count(ZipShape.Item item, int made, long size) {
        total += made;
        if (total > limits.inflatedBytes()) {
            throw bomb(item, "the jar unpacks to more than " + limits.inflatedBytes() + " bytes, at the entry ");
        }
        if (size > FREE && size > limits.ratio() * item.packed()) {
            throw bomb(item, "an entry unpacks to more than " + limits.ratio() + " times its packed size: ");
        }
    }

    private static ProblemException bomb(ZipShape.Item item, String why) {
        return Refusals.at(
                TrustProblem.ARTIFACT_BOMB,
                item.name(),
                why + ZipShape.quoted(item.name()),
                "Leave out what the adapter does not need, and generate large tables at run time.");
    }

    private static ProblemException damaged(ZipShape.Item item, String why) {
        return Refusals.at(
                TrustProblem.ARTIFACT_TRUNCATED,
                item.name(),
                "the entry " + ZipShape.quoted(item.name()) + " " + why,
                "Build or transfer the jar again.");
    }
}
