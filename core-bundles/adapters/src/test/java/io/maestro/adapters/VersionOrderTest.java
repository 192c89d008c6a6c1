package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.AdapterVersion;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    @Test
    void sortsLikeThePrecedenceOfVersions() {
        List<AdapterVersion> versions = List.of(
                        "0.0.1",
                        "1.0.0",
                        "1.2.0",
                        "1.10.0",
                        "2.0.0",
                        "10.0.0",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-beta",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0-rc.1",
                        "1.0.0-1",
                        "1.0.0-2",
                        "1.0.0-11",
                        "1.0.0-alpha-x",
                        "1.0.0-alpha.1.1",
                        "1.0.0-A",
                        "1.0.0-Z.z",
                        "1.0.0--")
                .stream()
                .map(AdapterVersion::new)
                .toList();
        assertThat(versions.stream()
                        .sorted(Comparator.comparing(VersionOrder::of))
                        .toList())
                .isEqualTo(versions.stream().sorted().toList());
    }
}
