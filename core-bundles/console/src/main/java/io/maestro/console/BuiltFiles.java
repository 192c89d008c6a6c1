package io.maestro.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.api.http.StaticContent.Asset;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the build of the console made: the files of a list, and nothing that is not on it. A file is read from the bundle each
 * time that it is asked for, which browsers do once.
 */
final class BuiltFiles {
    /** One file a line: path, media type, tag, {@code immutable} or {@code changing}, {@code gzip} or {@code plain}. */
    static final String LIST = "files.txt";

    private static final String FOLDER = "web/";
    private static final String PAGE = "index.html";

    private final Map<String, Asset> assets;

    private BuiltFiles(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /** Reads the list. */
    static BuiltFiles read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(LIST), UTF_8))) {
            return new BuiltFiles(
                    lines.lines().map(File::of).collect(Collectors.toUnmodifiableMap(File::path, a -> a)));
        } catch (IOException e) {
            throw new UncheckedIOException("the console was not built into its bundle", e);
        }
    }

    /**
     * The file at a path. What looks like a page is the one page that there is, for the console itself finds its way from
     * there; what looks like a file and is none is null.
     */
    @Nullable
    Asset asset(String path) {
        Asset listed = assets.get(path);
        if (listed != null) {
            return listed;
        }
        // names of instances and versions have dots, so only the folder of built files tells
        return path.startsWith("assets/") ? null : assets.get(PAGE);
    }

    /** What is on the list. */
    Iterable<String> paths() {
        return assets.keySet();
    }

    private static InputStream open(String name) throws IOException {
        InputStream stream = BuiltFiles.class.getResourceAsStream(FOLDER + name);
        if (stream == null) {
            throw new FileNotFoundException(name);
        }
        return stream;
    }

    /** A line of the list. What can be compressed is in the bundle in its compressed form alone. */
    private record File(String path, String mediaType, String tag, boolean immutable, boolean compressible)
            implements Asset {
        static File of(String line) {
            String[] parts = line.split("\t", -1);
            return new File(parts[0], parts[1], parts[2], parts[3].equals("immutable"), parts[4].equals("gzip"));
        }

        @Override
        public InputStream open(boolean gzip) throws IOException {
            if (!compressible) {
                return BuiltFiles.open(path);
            }
            InputStream compressed = BuiltFiles.open(path + ".gz");
            return gzip ? compressed : new GZIPInputStream(compressed);
        }
    }
}
