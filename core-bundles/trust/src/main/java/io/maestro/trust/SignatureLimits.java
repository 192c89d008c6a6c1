package io.maestro.trust;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Bounds what Java takes into memory before it can tell whether anybody signed it: the manifest, the lists of digests and
 * the blocks. To be asked before Java verifies anything.
 */
final class SignatureLimits {
    private static final int MOST_FILES = 16;
    private static final int LARGEST_BLOCK = 256 << 10;
    private static final int ALL_BYTES = 24 << 20;
    private static final int MORE_SECTIONS = 1_000;
    private static final int HEADERS_PER_SECTION = 8;
    private static final int MAIN_HEADERS = 500;

    private SignatureLimits() {}

    /** Refuses a jar whose signature files are too many, too large, or too finely divided. */
    static void check(JarContent jar) {
        int files = 0;
        long all = 0;
        for (String name : jar.names()) {
            if (SignatureFiles.exempt(name)) {
                files++;
                all += jar.size(name);
                if (SignatureFiles.block(name) && jar.size(name) > LARGEST_BLOCK) {
                    throw tooMuch(name, "a signature block has more than " + LARGEST_BLOCK + " bytes");
                }
            }
        }
        if (files > MOST_FILES + 1 || all > ALL_BYTES) {
            throw tooMuch(
                    JarContent.MANIFEST,
                    "there are more than " + MOST_FILES + " files of signatures, or they have more than " + ALL_BYTES
                            + " bytes together");
        }
        int sections = jar.names().size() + MORE_SECTIONS;
        for (String name : jar.names()) {
            if (SignatureFiles.exempt(name) && !SignatureFiles.block(name)) {
                byte[] bytes = jar.bytes(name, ALL_BYTES);
                if (bytes != null) {
                    checkSections(name, bytes, sections);
                }
            }
        }
    }

    private static void checkSections(String entry, byte[] bytes, int most) {
        int sections = 0;
        int headers = 0;
        Set<String> section = new HashSet<>();
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            if (end == at) {
                sections += section.isEmpty() ? 0 : 1;
                section.clear();
            } else if (bytes[at] != ' ') {
                headers++;
                if (!section.add(headerName(bytes, at, end))) {
                    throw Refusals.at(
                            TrustProblem.STRUCTURE_FORBIDDEN,
                            entry,
                            ZipShape.quoted(entry) + " has a header twice in one section",
                            "Let the build tool write the manifest.");
                }
            }
            if (sections > most || headers > MAIN_HEADERS + most * HEADERS_PER_SECTION) {
                throw tooMuch(entry, ZipShape.quoted(entry) + " has far more sections or headers than the jar entries");
            }
            boolean pair = end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n';
            at = end + (pair ? 2 : 1);
        }
    }

    private static String headerName(byte[] bytes, int at, int end) {
        int colon = at;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        return new String(bytes, at, colon - at, ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private static ProblemException tooMuch(String place, String detail) {
        return Refusals.at(
                TrustProblem.ARTIFACT_BOMB, place, detail, "Sign the jar once, as a whole: maestro adapter sign.");
    }
}
