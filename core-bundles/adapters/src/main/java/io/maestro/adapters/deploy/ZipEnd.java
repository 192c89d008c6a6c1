package io.maestro.adapters.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;

/** Tells from its end whether a zip file is there whole: the record at the end must agree with the file's length. */
final class ZipEnd {
    private static final int SIGNATURE = 0x06054b50;
    private static final int RECORD = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long ELSEWHERE = 0xffff_ffffL;

    private ZipEnd() {}

    static boolean isComplete(SeekableByteChannel file) throws IOException {
        long size = file.size();
        int length = (int) Math.min(size, RECORD + LONGEST_COMMENT);
        if (length < RECORD) {
            return false;
        }
        ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.position(size - length);
        while (tail.hasRemaining()) {
            if (file.read(tail) < 0) {
                return false;
            }
        }
        for (int at = length - RECORD; at >= 0; at--) {
            if (tail.getInt(at) == SIGNATURE && agrees(tail, at, size - length + at, size)) {
                return true;
            }
        }
        return false;
    }

    private static boolean agrees(ByteBuffer tail, int at, long position, long size) {
        int comment = Short.toUnsignedInt(tail.getShort(at + 20));
        long directorySize = Integer.toUnsignedLong(tail.getInt(at + 12));
        long directoryStart = Integer.toUnsignedLong(tail.getInt(at + 16));
        return position + RECORD + comment == size
                && (directoryStart == ELSEWHERE
                        || directorySize == ELSEWHERE
                        || directoryStart + directorySize <= position);
    }
}
