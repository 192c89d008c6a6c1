package io.maestro.testing.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.testing.artifacts.TestPublisher.KeyKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ArtifactForgeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void makesCertificatesThatJavaReadsAndVerifies(KeyKind kind) throws GeneralSecurityException {
        Instant from = Instant.parse("2026-01-02T03:04:05Z");
        TestPublisher publisher = TestPublisher.create("somebody", kind, from, from.plus(1, ChronoUnit.DAYS));

        publisher.certificate().verify(publisher.certificate().getPublicKey());
        assertThat(publisher.certificate().getNotBefore()).isEqualTo(from);
        assertThat(publisher.certificate().getSubjectX500Principal().getName()).contains("CN=somebody");
    }

    @ParameterizedTest
    @EnumSource(value = KeyKind.class, mode = EnumSource.Mode.EXCLUDE, names = "WEAK_RSA")
    void signsEveryEntryOfAGoodJar(KeyKind kind) throws IOException {
        Instant now = Instant.now();
        TestPublisher publisher = TestPublisher.create("somebody", kind, now, now.plus(1, ChronoUnit.DAYS));
        Path jar = Files.write(
                folder.resolve("good.jar"), AdapterJar.storage("good", "1.0.0").signedBy(publisher));

        Set<String> unsigned = new HashSet<>();
        try (JarFile file = new JarFile(jar.toFile(), true)) {
            for (JarEntry entry : file.stream().toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    in.readAllBytes();
                }
                if (entry.getCodeSigners() == null) {
                    unsigned.add(entry.getName());
                }
            }
        }
        assertThat(unsigned)
                .allMatch(name -> name.startsWith("META-INF/") && name.matches(".*(MANIFEST.MF|PUBLISHR.*)"));
    }

    @Test
    void makesTheSameBytesFromTheSameRecipe() {
        assertThat(AdapterJar.storage("good", "1.0.0").unsigned())
                .isEqualTo(AdapterJar.storage("good", "1.0.0").unsigned());
    }

    @Test
    void makesEveryBadArtifact() {
        ArtifactForge forge = new ArtifactForge(
                TestPublisher.create("trusted"), TestPublisher.create("revoked"), TestPublisher.create("unknown"));

        assertThat(forge.refusedByInspection())
                .allSatisfy(bad -> assertThat(bad.bytes().get()).isNotNull());
        assertThat(forge.refusedAtStart())
                .allSatisfy(bad -> assertThat(bad.bytes().get()).isNotEmpty());
    }
}
