package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The main section of {@code META-INF/MANIFEST.MF}. Java and the OSGi framework each have a parser of their own and disagree
 * about duplicates and odd line ends; here those are refused, so that both read the same.
 */
final class MainHeaders {
    private static final int LONGEST = 256 << 10;

    private final Map<String, String> headers;

    private MainHeaders(Map<String, String> headers) {
        this.headers = headers;
    }

    static MainHeaders parse(byte[] manifest) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int length = 0;
        String name = null;
        StringBuilder value = new StringBuilder();
        for (String line : text(manifest).split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            length += line.length();
            if (length > LONGEST) {
                throw malformed("its main section is longer than " + LONGEST + " characters");
            }
            if (line.startsWith(" ")) {
                if (name == null) {
                    throw malformed("the first line is a continuation");
                }
                value.append(line, 1, line.length());
                continue;
            }
            put(headers, name, value);
            int colon = line.indexOf(": ");
            if (colon < 1) {
                throw malformed("a line is no header: \"" + Refusals.printable(line) + "\"");
            }
            name = line.substring(0, colon);
            value = new StringBuilder(line.substring(colon + 2));
        }
        put(headers, name, value);
        return new MainHeaders(headers);
    }

    /** The value of the header, or null. */
    @Nullable
    String value(String name) {
        return headers.get(name);
    }

    private static void put(Map<String, String> headers, @Nullable String name, StringBuilder value) {
        // trim, as the framework does: strip would take away spaces that the framework keeps
        if (name != null && headers.put(name, value.toString().trim()) != null) {
            throw malformed("the header " + Refusals.printable(name) + " is there twice");
        }
    }

    private static String text(byte[] manifest) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(manifest)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("it is not UTF-8");
        }
        if (text.indexOf('\0') >= 0 || text.replace("\r\n", "").indexOf('\r') >= 0) {
            throw malformed("it holds NUL characters or odd line ends");
        }
        return text;
    }

    private static ProblemException malformed(String detail) {
        return Refusals.at(
                TrustProblem.STRUCTURE_FORBIDDEN,
                JarContent.MANIFEST,
                "META-INF/MANIFEST.MF is malformed: " + detail,
                "Let the build tool write the manifest.");
    }
}
