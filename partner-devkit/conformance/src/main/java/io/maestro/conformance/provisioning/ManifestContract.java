package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.conformance.UnresponsivePeer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifest says what is so. */
abstract class ManifestContract extends ProvisioningContract {
    ManifestContract(ProvisioningKit kit) {
        super(kit);
    }

    @Test
    void keepsItsSchema() throws IOException {
        assertThat(manifest().violations()).isEmpty();
    }

    @Test
    void namesTheTypeAndItsVersion() throws IOException {
        assertThat(manifest().type()).isEqualTo(UserDirectory.TYPE.name().value());
        assertThat(manifest().contractVersion()).isEqualTo(UserDirectory.TYPE.contractVersion());
    }

    @Test
    void describesTheConfigurationThatWorks() throws IOException {
        assertThat(manifest().violations(place())).isEmpty();
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
    void fixtureSaysAllThatTheManifestAsksFor() throws Exception {
        Map<String, ?> another = fixture().emptyDirectory();
        assertThat(fixture().wrongCredentials(another) == null)
                .as("the fixture gives no wrong credentials")
                .isEqualTo(manifest().secrets().isEmpty());
        assertThat(fixture().directoryMissing(another) == null)
                .as("the fixture gives no missing directory")
                .isEqualTo(!manifest().asksForNetwork());
        assertThat(fixture().elsewhere(another, UnresponsivePeer.nowhere()) == null)
                .as("the fixture gives no other address")
                .isEqualTo(!manifest().asksForNetwork());
    }
}
