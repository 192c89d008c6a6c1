package io.maestro.trust;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules for names of entries: plain relative paths, each thing once, and nothing that readers could take differently. */
final class EntryNames {
    private static final String META = "META-INF/";
    private static final int LONGEST_BYTES = 512;

    private EntryNames() {}

    /** Refuses the first name that breaks a rule. */
    static void check(List<ZipShape.Item> items) {
        Set<String> files = new HashSet<>();
        Set<String> folders = new HashSet<>();
        Set<String> meta = new HashSet<>();
        for (ZipShape.Item item : items) {
            String name = item.name();
            checkOne(name, item.nameBytes());
            if (!(item.folder() ? folders.add(name) : files.add(name))) {
                throw refused(name, "is there twice");
            }
            if (startsWithMeta(name) && !meta.add(name.toLowerCase(Locale.ROOT))) {
                throw refused(name, "is there twice, differing in case only");
            }
        }
        for (ZipShape.Item item : items) {
            String name = item.name();
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                if (files.contains(name.substring(0, slash))) {
                    throw refused(name.substring(0, slash), "is a file and a folder at once");
                }
            }
        }
    }

    private static void checkOne(String name, int bytes) {
        if (name.isEmpty() || bytes > LONGEST_BYTES) {
            throw refused(name, "is empty or longer than " + LONGEST_BYTES + " bytes");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw refused(name, "holds a control character");
            }
            if (c == '\\') {
                throw refused(name, "holds a backslash");
            }
        }
        if (name.startsWith("/") || (name.length() > 1 && name.charAt(1) == ':')) {
            throw refused(name, "is an absolute path");
        }
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                throw refused(name, "leads out of the jar");
            }
            if (segment.isEmpty() || segment.equals(".")) {
                throw refused(name, "has an empty segment or a dot for one");
            }
        }
        if (startsWithMeta(name) && !name.startsWith(META)) {
            throw refused(name, "is META-INF in other letters");
        }
    }

    private static boolean startsWithMeta(String name) {
        return name.regionMatches(true, 0, META, 0, META.length());
    }

    private static ProblemException refused(String name, String why) {
        String shown = Refusals.printable(name);
        return Refusals.at(
                TrustProblem.ARTIFACT_ENTRY_NAME,
                name,
                "the entry \"" + shown + "\" " + why,
                "Build the jar with entries that are plain relative paths, each once.");
    }
}
