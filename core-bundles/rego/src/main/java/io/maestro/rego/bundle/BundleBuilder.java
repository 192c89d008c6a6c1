package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds bundles. The same files, manifest and key give the same bytes, as far as the algorithm of the signature allows. */
public final class BundleBuilder {
    private final SortedMap<String, byte[]> files;

    private BundleBuilder(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    /**
     * From files by name. Policies, {@code data.json} and {@code data.yaml} are taken; the manifest is written anew.
     *
     * @throws BundleException when what is built would not be taken
     */
    public static BundleBuilder of(Manifest manifest, SortedMap<String, byte[]> given) {
        BundleFiles files = new BundleFiles();
        given.forEach((name, content) -> {
            if (isTaken(name)) {
                files.add(name, content);
            }
        });
        files.add(BundleFiles.MANIFEST, manifest.json().getBytes(StandardCharsets.UTF_8));
        BundleReader.of(files.files(), new Verification.Unsigned());
        return new BundleBuilder(new TreeMap<>(files.files()));
    }

    /**
     * From a folder; links are not followed.
     *
     * @param manifest null to take the one in the folder, if there is one
     * @throws BundleException when what is built would not be taken
     */
    public static BundleBuilder ofFolder(Path folder, @Nullable Manifest manifest, Limits limits) throws IOException {
        SortedMap<String, byte[]> found = new TreeMap<>();
        Path written = folder.resolve(BundleFiles.MANIFEST);
        Manifest used = manifest;
        if (used == null) {
            used = Files.isRegularFile(written, LinkOption.NOFOLLOW_LINKS)
                    ? Manifest.read(Files.readString(written))
                    : Manifest.none();
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> isTaken(path.toString()))
                    .limit(limits.files() + 1L)
                    .toList();
        }
        long total = 0;
        for (Path path : paths) {
            total += Files.size(path);
            if (paths.size() > limits.files() || total > limits.totalBytes() || Files.size(path) > limits.fileBytes()) {
                throw new BundleException(
                        Kind.TOO_LARGE,
                        folder + " has more or larger files than a bundle may: at most " + limits.files() + ", of "
                                + limits.totalBytes() + " bytes together");
            }
            StringBuilder name = new StringBuilder();
            folder.relativize(path)
                    .forEach(part -> name.append(name.isEmpty() ? "" : "/").append(part));
            found.put(name.toString(), Files.readAllBytes(path));
        }
        return of(used, found);
    }

    /**
     * From a bundle, to sign it: its files as they are, without the signature that it may have.
     *
     * @throws BundleException when it is not taken
     */
    public static BundleBuilder ofArchive(byte[] archive, Limits limits) {
        SortedMap<String, byte[]> files =
                new TreeMap<>(TarReader.read(archive, limits).files());
        files.remove(BundleFiles.SIGNATURES);
        BundleReader.of(files, new Verification.Unsigned());
        return new BundleBuilder(files);
    }

    private static boolean isTaken(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.endsWith(".rego")
                || last.equals("data.json")
                || last.equals("data.yaml")
                || last.equals("data.yml");
    }

    /**
     * Signs what is built.
     *
     * @param scope what the bundle is for; empty for no particular thing
     */
    public BundleBuilder signed(BundleKey key, String scope) {
        SortedMap<String, byte[]> more = new TreeMap<>(files);
        more.put(BundleFiles.SIGNATURES, Signatures.sign(files, key, scope));
        return new BundleBuilder(more);
    }

    /** The archive. */
    public byte[] archive() {
        return TarWriter.write(files);
    }
}
