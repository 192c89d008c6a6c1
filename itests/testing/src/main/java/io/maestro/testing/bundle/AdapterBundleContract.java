package io.maestro.testing.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What admission will ask of the bundle, asked when it is built. */
public abstract class AdapterBundleContract {
    /** The bundle's content, as the build has it before it is packed. */
    protected static final Path CONTENT = Path.of("target", "classes");

    private static final Pattern ALLOWED_IMPORT = Pattern.compile("java\\..*|io\\.maestro\\.model"
            + "|io\\.maestro\\.adapter\\.spi(\\..*)?|javax\\.(net|crypto|security\\.auth|xml)(\\..*)?"
            + "|org\\.w3c\\.dom(\\..*)?|org\\.xml\\.sax(\\..*)?");

    @Test
    void asksForNothingButTheContractAndThePlatform() throws IOException {
        assertThat(names(headers().getValue("Import-Package")))
                .isNotEmpty()
                .allMatch(name -> ALLOWED_IMPORT.matcher(name).matches(), "is on the allowlist");
    }

    @Test
    void givesNothingAndStartsNothing() throws IOException {
        for (String header : List.of(
                "Export-Package",
                "Bundle-Activator",
                "DynamicImport-Package",
                "Require-Bundle",
                "Fragment-Host",
                "Bundle-NativeCode")) {
            assertThat(headers().getValue(header)).as(header).isNull();
        }
    }

    @Test
    void hasOneFactoryAsAComponent() throws IOException {
        List<String> components = names(headers().getValue("Service-Component"));
        assertThat(components).hasSize(1);
        assertThat(Files.readString(CONTENT.resolve(components.getFirst())))
                .contains("interface=\"io.maestro.adapter.spi.AdapterFactory\"");
    }

    @Test
    void manifestOfTheAdapterHasTheVersionOfTheBundle() throws IOException {
        assertThat(Files.readAllLines(CONTENT.resolve("META-INF/maestro/adapter.yaml")))
                .contains("version: " + headers().getValue("Bundle-Version"));
    }

    private static Attributes headers() throws IOException {
        try (InputStream stream = Files.newInputStream(CONTENT.resolve("META-INF/MANIFEST.MF"))) {
            return new Manifest(stream).getMainAttributes();
        }
    }

    /** The names of a header, without attributes and directives. */
    private static List<String> names(String header) {
        return Arrays.stream(header.replaceAll("\"[^\"]*\"", "").split(",", -1))
                .map(clause -> clause.split(";", -1)[0].strip())
                .toList();
    }
}
