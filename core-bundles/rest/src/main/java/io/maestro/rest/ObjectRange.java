package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Range} (RFC 9110, section 14.2). Several ranges at once, other units and what is none are not looked at, as
 * the RFC permits: the answer is the whole object.
 *
 * @param first the place of the first byte; null for the last bytes of the object
 * @param last the place of the last byte, or how many bytes when there is no first; null for all that follow
 * @param onlyOf the ETag in quotes that the object must have for the range to be looked at; null for any
 */
record ObjectRange(
        @Nullable Long first, @Nullable Long last, @Nullable String onlyOf) {
    /** Names the size of an object that has no such range, among the properties of the request. */
    static final String SIZE = "maestro.object.size";

    private static final Pattern ONE = Pattern.compile("(?i:bytes)\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /** The one range that is asked for; null when the whole object is. */
    static @Nullable ObjectRange of(ContainerRequestContext request) {
        String header = request.getHeaderString("Range");
        Matcher one = ONE.matcher(header == null ? "" : header);
        if (!one.matches()) {
            return null;
        }
        Long first = number(one.group(1));
        Long last = number(one.group(2));
        boolean none = first == null ? last == null : last != null && last < first;
        return none ? null : new ObjectRange(first, last, request.getHeaderString("If-Range"));
    }

    private static @Nullable Long number(String digits) {
        return digits.isEmpty() ? null : Long.valueOf(digits);
    }

    /** Whether it is meant for this state of the object. */
    boolean isFor(JsonNode object) {
        return onlyOf == null
                || onlyOf.strip().equals(Tags.quoted(object.path("etag").asText()));
    }

    /** Whether the size has to be known to tell where it begins. */
    boolean isAtTheEnd() {
        return first == null;
    }

    /** Where it begins in an object of this size, which counts for the last bytes only. */
    long offset(long size) {
        if (first != null) {
            return first;
        }
        // of the last 0 bytes there is none, nor one behind them
        return last == null || last == 0 ? size : Math.max(0, size - last);
    }

    /** At most how many bytes; null for all that follow. */
    @Nullable
    Long length() {
        return first == null || last == null ? null : Long.valueOf(last - first + 1);
    }
}
