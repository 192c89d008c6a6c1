package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.storage.ByteRange;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.StorageRules;
import java.net.http.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer with bytes says of how many there are (RFC 9110, section 14.4).
 *
 * @param size how many bytes the whole object has
 * @param range which of them the answer has; null when no range was asked for
 */
record Extent(long size, @Nullable ByteRange range) {
    private static final Pattern GIVEN = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /** The value of the header that asks for the range; null when the whole object is wanted. */
    static @Nullable String asked(GetObject request) {
        Long offset = request.offset();
        if (offset == null) {
            return null;
        }
        Long length = request.length();
        if (length == null || length > Long.MAX_VALUE - offset) {
            return "bytes=" + offset + "-";
        }
        return "bytes=" + offset + "-" + (offset + length - 1);
    }

    /** What came; that it is what was asked for is made sure. */
    static Extent of(GetObject request, HttpHeaders headers) {
        long length = headers.firstValueAsLong("Content-Length").orElse(-1);
        if (length < 0) {
            throw Failures.notAzure();
        }
        if (request.offset() == null) {
            return new Extent(length, null);
        }
        String header = headers.firstValue("Content-Range").orElse(null);
        long offset = 0;
        long size = length;
        // an object without bytes has no range, and some say so by a range that is none
        if (header != null && length > 0) {
            Matcher given = GIVEN.matcher(header);
            if (!given.matches()) {
                throw Failures.notAzure();
            }
            offset = Long.parseLong(given.group(1));
            size = Long.parseLong(given.group(3));
        }
        // a whole object may be the answer to a range of all of it
        ByteRange wanted = StorageRules.range(request, size);
        if (!new ByteRange(offset, length).equals(wanted)) {
            throw Failures.otherRange();
        }
        return new Extent(size, wanted);
    }
}
