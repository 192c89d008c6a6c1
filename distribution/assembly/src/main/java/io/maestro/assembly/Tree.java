package io.maestro.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes files only when they change, and then beside the old one and in its place in one step: a node that runs from this
 * folder keeps what it has open.
 */
final class Tree {
    /** The jars in {@code folder}, sorted; none when there is no such folder. */
    static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** Makes {@code folder} hold these jars and no others. */
    void replace(Path folder, List<Path> jars) throws IOException {
        Files.createDirectories(folder);
        Set<Path> wanted = new HashSet<>();
        for (Path jar : jars) {
            Path copy = folder.resolve(String.valueOf(jar.getFileName()));
            wanted.add(copy);
            copy(jar, copy);
        }
        for (Path present : jars(folder)) {
            if (!wanted.contains(present)) {
                Files.delete(present);
            }
        }
    }

    /** Copies a file or folder of scripts and settings. */
    void copyScripts(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = file.equals(from)
                        ? to
                        : to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                copy(file, copy);
            }
        }
    }

    private void copy(Path from, Path to) throws IOException {
        if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
            Path draft = to.resolveSibling(to.getFileName() + ".new");
            Files.copy(from, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** A digest over names, sizes, times and bytes of all that a virtual machine loads, and of its options. */
    static String identity(Path home) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (Stream<Path> files = Files.walk(home);
                    OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                for (Path file : files.filter(Tree::loaded).sorted().toList()) {
                    out.write((home.relativize(file) + " " + Files.getLastModifiedTime(file) + "\n")
                            .getBytes(StandardCharsets.UTF_8));
                    try (InputStream in = Files.newInputStream(file)) {
                        in.transferTo(out);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean loaded(Path file) {
        String name = file.toString();
        return (name.endsWith(".jar") && !name.contains("/adapters/"))
                || name.endsWith("jvm.options")
                || name.endsWith("system.packages");
    }

    /** Deletes a file or folder, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
