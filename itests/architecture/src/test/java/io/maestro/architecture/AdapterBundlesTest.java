package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The adapters we ship keep to what the host demands of everybody's. */
class AdapterBundlesTest {
    private static final Pattern ALLOWED = Pattern.compile(
            "io\\.maestro\\.adapter\\.spi(\\..*)?|io\\.maestro\\.model"
                    + "|java\\..*|javax\\.(net|crypto|security\\.auth|xml)(\\..*)?|org\\.w3c\\.dom(\\..*)?|org\\.xml\\.sax(\\..*)?");
    private static final List<String> FORBIDDEN = List.of(
            "Export-Package",
            "DynamicImport-Package",
            "Require-Bundle",
            "Fragment-Host",
            "Bundle-Activator",
            "Bundle-NativeCode");

    private final Reactor reactor = Reactor.here();

    @Test
    void adaptersExportNothingAndImportOnlyWhatIsAllowed() throws IOException {
        List<String> adapters = reactor.productModules().stream()
                .filter(module -> module.startsWith("adapter-bundles/"))
                .toList();
        assertThat(adapters).hasSizeGreaterThanOrEqualTo(2);

        for (String adapter : adapters) {
            Attributes headers = reactor.headers(adapter);
            assertThat(headers.keySet().stream().map(Object::toString))
                    .as(adapter)
                    .contains("Service-Component")
                    .doesNotContainAnyElementsOf(FORBIDDEN);
            assertThat(Clauses.of(headers, "Import-Package"))
                    .as(adapter)
                    .isNotEmpty()
                    .allSatisfy(clause -> assertThat(clause.name()).matches(ALLOWED));
        }
    }
}
