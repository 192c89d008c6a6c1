package io.maestro.adapter.spi.storage;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for requests that hold for every storage, so that an object that one storage takes can move to another. An
 * adapter calls {@code check} first in each operation.
 *
 * <p>All methods are pure and throw a {@link ProblemException} that names the rule that is broken.
 */
public final class StorageRules {
    /** The longest key and prefix, in bytes of UTF-8. */
    public static final int LONGEST_KEY = 1024;

    /** The largest page of a list. */
    public static final int LARGEST_PAGE = 1000;

    /** The longest life of a signed URL: seven days. */
    public static final int LONGEST_EXPIRY_SECONDS = 604_800;

    /** How many bytes the names and values of an object's metadata have together, at most. */
    public static final int LARGEST_METADATA = 2048;

    /** The longest delimiter of a list, in characters. */
    public static final int LONGEST_DELIMITER = 16;

    /** How many bytes of an object's metadata a SHA-256 takes that is kept with it. */
    public static final int METADATA_OF_SHA256 = 80;

    /** The content type of an object stored without one. */
    public static final String USUAL_CONTENT_TYPE = "application/octet-stream";

    private static final Pattern METADATA_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[!-.0-~]+/[ -~]+");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ETAG = Pattern.compile("[!#-~]{1,256}");

    private StorageRules() {}

    /** Checks key, content type, metadata, conditions and digest. */
    public static void check(PutObject request) {
        checkKey(request.key());
        String contentType = contentType(request);
        if (contentType.length() > 255 || !CONTENT_TYPE.matcher(contentType).matches()) {
            throw invalid(
                    "\"" + printable(contentType) + "\" is not a media type",
                    "Send type/subtype in printable ASCII, at most 255 characters.");
        }
        String sha256 = request.sha256();
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw invalid(
                    "\"" + printable(sha256) + "\" is not a SHA-256",
                    "Send the 32 bytes of the digest as 64 digits of lower-case hexadecimal, or none.");
        }
        checkMetadata(metadata(request), LARGEST_METADATA - (sha256 == null ? 0 : METADATA_OF_SHA256));
        String ifMatch = request.ifMatch();
        if (ifMatch != null && ifAbsent(request)) {
            throw invalid("ifAbsent and ifMatch never hold together", "Send one of the two conditions.");
        }
        if (ifMatch != null && !ETAG.matcher(ifMatch).matches()) {
            throw invalid(
                    "\"" + printable(ifMatch) + "\" is not an ETag",
                    "Send the etag that put_object, get_object or list gave, without quotes.");
        }
    }

    /** Checks key and range. Whether the object has that range, {@link #range} tells. */
    public static void check(GetObject request) {
        checkKey(request.key());
        Long offset = request.offset();
        Long length = request.length();
        if (offset == null && length != null) {
            throw invalid("there is a length without an offset", "Send the offset 0 for the beginning of the object.");
        }
        if (offset != null && offset < 0) {
            throw invalid("the offset " + offset + " is negative", "Count the bytes that come before the range.");
        }
        if (length != null && length < 1) {
            throw invalid("the length " + length + " is less than 1", "Ask for one byte at least, or use head_object.");
        }
    }

    /** Checks the key. */
    public static void check(HeadObject request) {
        checkKey(request.key());
    }

    /** Checks the key. */
    public static void check(DeleteObject request) {
        checkKey(request.key());
    }

    /** Checks limit, prefix and delimiter. The cursor is the adapter's own to check. */
    public static void check(ListObjects request) {
        int limit = limit(request);
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw invalid(
                    "the limit " + limit + " is not within 1 and " + LARGEST_PAGE,
                    "Ask for 1 to " + LARGEST_PAGE + " objects and follow the cursor for more.");
        }
        String prefix = prefix(request);
        if (utf8Length(prefix) > LONGEST_KEY || prefix.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "the prefix \"" + printable(prefix) + "\" cannot begin a key",
                    "Send at most " + LONGEST_KEY + " bytes of UTF-8 without control characters.");
        }
        checkDelimiter(request.delimiter());
    }

    private static void checkDelimiter(@Nullable String delimiter) {
        if (delimiter != null
                && (delimiter.isEmpty()
                        || delimiter.length() > LONGEST_DELIMITER
                        || utf8Length(delimiter) == Integer.MAX_VALUE
                        || delimiter.chars().anyMatch(Character::isISOControl))) {
            throw invalid(
                    "the delimiter \"" + printable(delimiter) + "\" cannot divide keys",
                    "Send 1 to " + LONGEST_DELIMITER + " characters without control characters, usually a slash.");
        }
    }

    /** Checks key and expiry. */
    public static void check(SignUrl request) {
        checkKey(request.key());
        int seconds = request.expiresInSeconds();
        if (seconds < 1 || seconds > LONGEST_EXPIRY_SECONDS) {
            throw invalid(
                    "the expiry of " + seconds + " seconds is not within 1 and " + LONGEST_EXPIRY_SECONDS,
                    "Ask for a URL that lives for 1 second to 7 days.");
        }
    }

    /**
     * The part of an object of this size that is asked for; null when that is the whole object, because no range was given.
     *
     * @throws ProblemException {@link StorageProblem#STORAGE_RANGE_UNSATISFIABLE} when it begins at or behind the end
     */
    public static @Nullable ByteRange range(GetObject request, long size) {
        Long offset = request.offset();
        if (offset == null) {
            return null;
        }
        if (offset >= size) {
            throw problem(
                    StorageProblem.STORAGE_RANGE_UNSATISFIABLE,
                    "the object has " + size + " bytes, and the range begins behind " + offset,
                    "Ask for an offset below the size that head_object tells.");
        }
        Long length = request.length();
        long rest = size - offset;
        return new ByteRange(offset, length == null ? rest : Math.min(length, rest));
    }

    /** The content type that the object gets. */
    public static String contentType(PutObject request) {
        String contentType = request.contentType();
        return contentType == null ? USUAL_CONTENT_TYPE : contentType;
    }

    /** The metadata that the object gets. */
    public static Map<String, String> metadata(PutObject request) {
        Map<String, String> metadata = request.metadata();
        return metadata == null ? Map.of() : metadata;
    }

    /** Whether the put is only for a key without an object. */
    public static boolean ifAbsent(PutObject request) {
        return Boolean.TRUE.equals(request.ifAbsent());
    }

    /** The page size. */
    public static int limit(ListObjects request) {
        Integer limit = request.limit();
        return limit == null ? LARGEST_PAGE : limit;
    }

    /** The prefix; empty for all. */
    public static String prefix(ListObjects request) {
        String prefix = request.prefix();
        return prefix == null ? "" : prefix;
    }

    private static void checkKey(String key) {
        String broken = brokenRule(key);
        if (broken != null) {
            throw problem(StorageProblem.OBJECT_KEY_INVALID, "the key \"" + printable(key) + "\" " + broken, KEY_FIX);
        }
    }

    private static final String KEY_FIX = "Use 1 to " + LONGEST_KEY
            + " bytes of UTF-8 without control characters and without the segments \".\" and \"..\".";

    private static @Nullable String brokenRule(String key) {
        if (key.isEmpty()) {
            return "is empty";
        }
        int length = key.length() > LONGEST_KEY ? Integer.MAX_VALUE : utf8Length(key);
        if (length > LONGEST_KEY) {
            return length == Integer.MAX_VALUE ? "is too long or no valid Unicode" : "has " + length + " bytes";
        }
        if (key.chars().anyMatch(Character::isISOControl)) {
            return "has a control character";
        }
        for (String segment : key.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return "has the segment " + segment;
            }
        }
        return null;
    }

    /** How many bytes the text has in UTF-8; the largest integer when it has half a surrogate pair and so no encoding. */
    private static int utf8Length(String text) {
        try {
            // not getBytes, which would put a question mark for what cannot be encoded
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            return Integer.MAX_VALUE;
        }
    }

    private static void checkMetadata(Map<String, String> metadata, int most) {
        int size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            size += name.length() + value.length();
            if (size > most) {
                throw invalid(
                        "the metadata has more than " + most + " bytes",
                        "Keep small texts only; what is larger belongs into an object of its own.");
            }
            if (!METADATA_NAME.matcher(name).matches()) {
                throw invalid(
                        "the metadata name \"" + printable(name) + "\" is not portable",
                        "Use lower-case letters, digits and inner hyphens.");
            }
            boolean printable = value.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!printable || !value.equals(value.strip())) {
                throw invalid(
                        "the value of the metadata \"" + name + "\" is not portable",
                        "Use printable ASCII without spaces around it; encode other texts, for example as Base64.");
            }
        }
    }

    private static ProblemException problem(StorageProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    private static ProblemException invalid(String detail, String fix) {
        return problem(StorageProblem.STORAGE_REQUEST_INVALID, detail, fix);
    }

    /** What an outsider sent, shortened and with control characters replaced, fit for a message. */
    private static String printable(String value) {
        String shortened = value.length() <= 80 ? value : value.substring(0, 80) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
