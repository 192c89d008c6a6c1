package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProvider;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifest says what is so. */
abstract class ManifestContract extends IdentityContract {
    ManifestContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void keepsItsSchema() throws IOException {
        assertThat(manifest().violations()).isEmpty();
    }

    @Test
    void namesTheTypeAndItsVersion() throws IOException {
        assertThat(manifest().type()).isEqualTo(IdentityProvider.TYPE.name().value());
        assertThat(manifest().contractVersion()).isEqualTo(IdentityProvider.TYPE.contractVersion());
    }

    @Test
    void asksForTheHostOfTheProvider() throws IOException {
        assertThat(manifest().asksForNetwork()).isTrue();
    }

    @Test
    void describesTheConfigurationThatWorks() throws IOException {
        assertThat(manifest().violations(fixture().configuration(registration())))
                .isEmpty();
        Map<String, ?> forPrograms = fixture().forPrograms(registration());
        if (forPrograms != null) {
            assertThat(manifest().violations(forPrograms)).isEmpty();
        }
    }

    @Test
    void describesWhatTheAdapterAsksFor() throws IOException {
        assertThat(context().askedProperties())
                .as("what the adapter reads")
                .isEqualTo(manifest().properties());
        assertThat(context().askedSecrets())
                .as("what the adapter takes as a secret")
                .isEqualTo(manifest().secrets());
    }

    @Test
    void marksTheClientSecret() throws IOException {
        Map<String, ?> configuration = fixture().configuration(registration());
        if (login()) {
            assertThat(configuration.values().contains(registration().clientSecret()))
                    .as("the fixture configures the client secret")
                    .isTrue();
        }
        for (Map.Entry<String, ?> entry : configuration.entrySet()) {
            if (registration().clientSecret().equals(entry.getValue())) {
                assertThat(manifest().secrets()).contains(entry.getKey());
            }
        }
    }
}
