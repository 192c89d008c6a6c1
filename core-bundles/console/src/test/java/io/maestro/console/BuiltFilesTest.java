package io.maestro.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.http.StaticContent.Asset;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What is in the bundle, and what is given for a path. */
final class BuiltFilesTest {
    private static final int ENTRY_LIMIT = 200_000;
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"/console/([^\"]+)\"");

    private final BuiltFiles files = BuiltFiles.read();

    @Test
    void givesTheOnePageForEveryRouteOfTheConsole() throws IOException {
        String page = text(asset(""));

        assertThat(page).contains("<html");
        assertThat(text(asset("instances"))).isEqualTo(page);
        assertThat(text(asset("adapters/storage-file/1.0.0"))).isEqualTo(page);
        assertThat(asset("").immutable()).isFalse();
    }

    @Test
    void givesNothingForAFileThatWasNotBuilt() {
        assertThat(files.asset("assets/none.js")).isNull();
        assertThat(files.asset("assets/../files.txt")).isNull();
    }

    @Test
    void givesTheSameBytesCompressedAndPlain() throws IOException {
        for (String path : files.paths()) {
            Asset asset = asset(path);
            if (asset.compressible()) {
                try (InputStream plain = asset.open(false);
                        InputStream compressed = new GZIPInputStream(asset.open(true))) {
                    assertThat(compressed.readAllBytes()).as(path).isEqualTo(plain.readAllBytes());
                }
            }
        }
    }

    @Test
    void thePageHoldsNoScriptAndNoStyleInItself() throws IOException {
        assertThat(text(asset("")))
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style", " style=", " onload=", "https://", "http://");
    }

    @Test
    void everyFileWithAHashInItsNameMayBeKeptForEver() {
        assertThat(files.paths())
                .filteredOn(path -> path.startsWith("assets/"))
                .allSatisfy(path -> assertThat(asset(path).immutable()).isTrue());
    }

    @Test
    void theScriptsThatThePageLoadsStaySmall() throws IOException {
        List<String> scripts = new ArrayList<>();
        long bytes = 0;
        for (Matcher found = LOADED.matcher(text(asset(""))); found.find(); ) {
            String path = found.group(1);
            if (path.endsWith(".js")) {
                scripts.add(path);
                try (InputStream compressed = asset(path).open(true)) {
                    bytes += compressed.readAllBytes().length;
                }
            }
        }
        assertThat(bytes).as("gzip of %s", scripts).isLessThanOrEqualTo(ENTRY_LIMIT);
    }

    @Test
    void theListIsAllThereIs() {
        assertThat(StreamSupport.stream(files.paths().spliterator(), false)).contains("index.html");
        assertThat(files.asset(BuiltFiles.LIST)).isEqualTo(files.asset(""));
    }

    private Asset asset(String path) {
        return Objects.requireNonNull(files.asset(path), path);
    }

    private static String text(Asset asset) throws IOException {
        try (InputStream bytes = asset.open(false)) {
            return new String(bytes.readAllBytes(), UTF_8);
        }
    }
}
