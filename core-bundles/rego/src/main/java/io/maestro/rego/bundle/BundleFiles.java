package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a bundle by name: relative, with slashes, and never leading elsewhere. */
final class BundleFiles {
    static final String MANIFEST = ".manifest";
    static final String SIGNATURES = ".signatures.json";
    private static final int MOST_NAME = 255;
    private static final int MOST_DEPTH = 32;

    private final SortedMap<String, byte[]> files = new TreeMap<>();

    /** Adds a file under the name that an archive gives it, perhaps with {@code /} or {@code ./} before it. */
    void add(String given, byte[] content) {
        String name = normal(given);
        if (files.putIfAbsent(name, content) != null) {
            throw new BundleException(Kind.NAME, "two files of the bundle are named " + name + ": keep one of them");
        }
    }

    SortedMap<String, byte[]> files() {
        return Collections.unmodifiableSortedMap(files);
    }

    static String normal(String given) {
        String name = given.startsWith("./") ? given.substring(2) : given.startsWith("/") ? given.substring(1) : given;
        String[] parts = name.split("/", -1);
        boolean bad = name.length() > MOST_NAME || parts.length > MOST_DEPTH;
        for (String part : parts) {
            bad |= part.isEmpty() || part.equals(".") || part.equals("..");
        }
        bad |= name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == 0x7f || c == ':');
        if (bad) {
            throw new BundleException(
                    Kind.NAME,
                    "the bundle has a file named " + shown(given)
                            + ", which is no plain path inside of it: build the bundle again from its folder");
        }
        return name;
    }

    /** A name from outside as a message may show it. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().limit(80).forEach(c -> out.append(c < ' ' || c == 0x7f ? '?' : (char) c));
        return out.append(text.length() > 80 ? "…\"" : "\"").toString();
    }
}
