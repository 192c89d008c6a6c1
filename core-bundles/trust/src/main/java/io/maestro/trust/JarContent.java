package io.maestro.trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The entries of a jar whose shape was checked, so that every read is bounded by the size that the directory says. */
final class JarContent {
    static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final JarFile jar;
    private final Map<String, ZipShape.Item> items;

    JarContent(JarFile jar, List<ZipShape.Item> items) {
        this.jar = jar;
        Map<String, ZipShape.Item> byName = new LinkedHashMap<>();
        items.forEach(item -> byName.put(item.name(), item));
        this.items = Collections.unmodifiableMap(byName);
    }

    /** The names, in the order of the file. */
    Set<String> names() {
        return items.keySet();
    }

    /** How many bytes the entry has, or -1 when there is none of that name. */
    long size(String name) {
        ZipShape.Item item = items.get(name);
        return item == null ? -1 : item.size();
    }

    /** The whole entry, or null when there is none of that name or it has more than {@code limit} bytes. */
    byte @Nullable [] bytes(String name, int limit) {
        long size = size(name);
        if (size < 0 || size > limit) {
            return null;
        }
        try (InputStream in = jar.getInputStream(entry(name))) {
            return in.readNBytes(limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entry after it was read to its end, so that Java has verified it. */
    JarEntry verified(String name, byte[] buffer) throws IOException {
        JarEntry entry = entry(name);
        try (InputStream in = jar.getInputStream(entry)) {
            int read = 0;
            while (read >= 0) {
                read = in.read(buffer);
            }
        }
        return entry;
    }

    private JarEntry entry(String name) {
        JarEntry entry = jar.getJarEntry(name);
        if (entry == null) {
            throw Refusals.damaged("Java does not find the entry " + ZipShape.quoted(name));
        }
        return entry;
    }
}
