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

    /** The content type of an object stored without one. */
    public static final String USUAL_CONTENT_TYPE = "application/octet-stream";

    private static final Pattern METADATA_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[!-.0-~]+/[ -~]+");
    private static final Pattern ETAG = Pattern.compile("[!#-~]{1,256}");

    private StorageRules() {}

    /** Checks key, content type, metadata and conditions. */
    public static void check(PutObject request) {
        checkKey(request.key());
        String contentType = contentType(request);
        if (contentType.length() > 255 || !CONTENT_TYPE.matcher(contentType).matches()) {
            throw invalid(
                    "\"" + printable(contentType) + "\" is not a media type",
                    "Send type/subtype in printable ASCII, at most 255 characters.");
        }
        checkMetadata(metadata(request));
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

    /** Checks the key. */
    public static void check(GetObject request) {
        checkKey(request.key());
    }

    /** Checks the key. */
    public static void check(DeleteObject request) {
        checkKey(request.key());
    }

    /** Checks limit and prefix. The cursor is the adapter's own to check. */
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

    private static void checkMetadata(Map<String, String> metadata) {
        int size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            size += name.length() + value.length();
            if (size > LARGEST_METADATA) {
                throw invalid(
                        "the metadata has more than " + LARGEST_METADATA + " bytes",
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
