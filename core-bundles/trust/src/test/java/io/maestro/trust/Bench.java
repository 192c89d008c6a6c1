package io.maestro.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Verification;
import io.maestro.model.Problem;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** An inspector with a trusted, a revoked and an unknown publisher around it. */
final class Bench {
    final TestPublisher trusted = TestPublisher.create("trusted");
    final TestPublisher revoked = TestPublisher.create("revoked");
    final TestPublisher unknown = TestPublisher.create("unknown");
    final ArtifactForge forge = new ArtifactForge(trusted, revoked, unknown);
    final TrustedKeys keys = new TrustedKeys().trust(trusted).revoke(revoked);

    private final Path incoming;
    private final ArtifactInspector inspector;

    Bench(Path folder) {
        this(folder, InspectionLimits.USUAL, InstantSource.system());
    }

    Bench(Path folder, InspectionLimits limits, InstantSource clock) {
        incoming = folder.resolve("incoming");
        inspector = new ArtifactInspector(limits, keys, incoming, clock);
    }

    Inspection inspect(byte[] artifact) {
        return inspect(artifact, Verification.untold());
    }

    Inspection inspect(byte[] artifact, Verification verification) {
        try {
            return inspector.inspect(new ByteArrayInputStream(artifact), verification);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Inspection.Passed pass(byte[] artifact) {
        Inspection inspection = inspect(artifact);
        assertThat(inspection).isInstanceOf(Inspection.Passed.class);
        return (Inspection.Passed) inspection;
    }

    /** The problem of the refusal; nothing of the artifact is kept. */
    Problem refuse(byte[] artifact) {
        Inspection inspection = inspect(artifact);
        assertThat(inspection).isInstanceOf(Inspection.Refused.class);
        assertThat(incomingFiles()).isEmpty();
        return ((Inspection.Refused) inspection).problem();
    }

    List<Path> incomingFiles() {
        if (!Files.exists(incoming)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(incoming)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
