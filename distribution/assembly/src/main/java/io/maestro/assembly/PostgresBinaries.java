package io.maestro.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The database's binaries, a compressed archive inside a jar on the class path. */
public final class PostgresBinaries {
    private static final Pattern MAJOR = Pattern.compile(".*-(\\d+)\\.[\\d.]+\\.jar");
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final int EXECUTABLE = 0100;

    private final Path jar;

    private PostgresBinaries(Path jar) {
        this.jar = jar;
    }

    /** The binaries that the build has pinned. */
    public static PostgresBinaries onClassPath() throws IOException {
        URL archive = PostgresBinaries.class.getResource(ARCHIVE);
        if (archive == null || !(archive.openConnection() instanceof JarURLConnection connection)) {
            throw new BuildFailure("the database's binaries are not on the class path");
        }
        return new PostgresBinaries(
                Path.of(URI.create(connection.getJarFileURL().toString())));
    }

    /** Unpacks what a server needs into {@code folder}, unless it is there already; the major version. */
    public int unpack(Path folder) throws IOException {
        Path mark = folder.resolve("VERSION");
        String name = String.valueOf(jar.getFileName());
        if (!Files.exists(mark) || !Files.readString(mark).equals(name)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Path draft = folder.resolveSibling("postgres.new");
            Tree.delete(draft);
            unpackAll(draft);
            Files.writeString(draft.resolve("VERSION"), name);
            Tree.delete(folder);
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        Matcher major = MAJOR.matcher(name);
        if (!major.matches()) {
            throw new BuildFailure(name + " has no version of PostgreSQL in its name");
        }
        return Integer.parseInt(major.group(1));
    }

    private void unpackAll(Path folder) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            try (InputStream in = file.getInputStream(file.getJarEntry(ARCHIVE.substring(1)));
                    TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    if (!entry.getName().endsWith(".a")) {
                        unpack(entry, tar, folder.resolve(entry.getName()).normalize());
                    }
                }
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path to) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(to);
            return;
        }
        Files.createDirectories(to.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, to);
        if ((entry.getMode() & EXECUTABLE) != 0) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(to));
            permissions.addAll(EnumSet.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
            Files.setPosixFilePermissions(to, permissions);
        }
    }
}
