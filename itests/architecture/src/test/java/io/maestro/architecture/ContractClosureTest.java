package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;

/** What the contract bundles export and import is checked in, so that a change of it is a decision that a review sees. */
class ContractClosureTest {
    private static final List<String> CONTRACTS =
            List.of("core-bundles/model", "core-bundles/adapter-spi", "core-bundles/api");
    private static final String UPDATE =
            "mvn -pl itests/architecture -am verify -Dmaestro.update=true -Dtest=ContractClosureTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    private final Reactor reactor = Reactor.here();

    @Test
    void closureOfTheContractBundlesIsAsCheckedIn() throws IOException {
        Path file = reactor.file("bnd/contract-closure.txt");
        String built = built();
        if (Boolean.getBoolean("maestro.update")) {
            Files.writeString(file, built);
        }
        assertThat(built)
                .as("the contract bundles as built; if the change is meant, write the file anew with: %s", UPDATE)
                .isEqualTo(Files.readString(file));
    }

    @Test
    void contractBundlesImportOnlyOneAnother() throws IOException {
        for (String module : CONTRACTS) {
            assertThat(Clauses.of(reactor.headers(module), "Import-Package"))
                    .as(module)
                    .allSatisfy(
                            clause -> assertThat(clause.name())
                                    .matches(
                                            "java\\..*|org\\.jspecify\\.annotations|io\\.maestro\\.(model|adapter\\.spi|api)(\\..*)?"));
        }
    }

    private String built() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# What the contract bundles export and import, as built. Compared by a test of itests/architecture.",
                "# To update: " + UPDATE));
        for (String module : CONTRACTS) {
            Attributes headers = reactor.headers(module);
            lines.add("");
            lines.add(headers.getValue("Bundle-SymbolicName"));
            Clauses.of(headers, "Export-Package").forEach(clause -> lines.add("  export " + clause.versioned()));
            Clauses.of(headers, "Import-Package").stream()
                    .filter(clause -> !clause.name().startsWith("java."))
                    .forEach(clause -> lines.add("  import " + clause.versioned()));
        }
        return String.join("\n", lines) + "\n";
    }
}
