package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Inspection;
import io.maestro.model.DefinitionId;
import io.maestro.model.Problem;
import io.maestro.model.Violation;
import io.maestro.store.StoreProblem;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.BadArtifact;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.artifacts.TestPublisher.KeyKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ArtifactInspectorTest {
    @TempDir
    private static Path folder;

    private final Bench bench = new Bench(folder);

    static Stream<BadArtifact> bad() {
        return new Bench(folder).forge.refusedByInspection().stream();
    }

    @Test
    void passesAGoodArtifactAsTheSameBytes() throws Exception {
        byte[] good = bench.forge.good("demo-storage", "1.2.3");

        Inspection.Passed passed = bench.pass(good);

        assertThat(passed.copy()).hasBinaryContent(good);
        assertThat(passed.size()).isEqualTo(good.length);
        assertThat(passed.digest().hex())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(good)));
        assertThat(passed.publisher().value()).isEqualTo("trusted");
        assertThat(passed.key().hex()).isEqualTo(bench.trusted.fingerprint());
        Files.delete(passed.copy());
    }

    @Test
    void readsTheManifestWhole() throws IOException {
        Inspection.Passed passed = bench.pass(bench.forge.good("demo-storage", "1.2.3-beta.1"));

        AdapterManifest manifest = passed.manifest();
        assertThat(manifest.id()).isEqualTo(DefinitionId.parse("demo-storage@1.2.3-beta.1"));
        assertThat(manifest.type().value()).isEqualTo("storage");
        assertThat(manifest.contractVersion()).isEqualTo("1.0");
        assertThat(manifest.risk()).isEqualTo(new AdapterManifest.Risk("low", "internal", false));
        assertThat(manifest.permissions()).isEqualTo(new AdapterManifest.Permissions(List.of(), false, List.of()));
        assertThat(manifest.configuration().text()).contains("\"writeOnly\":true");
        assertThat(manifest.document().text()).contains("\"runtime\":{\"java\":25}");
        Files.delete(passed.copy());
    }

    @Test
    void keepsTheCopyToItself() throws IOException {
        Inspection.Passed passed = bench.pass(bench.forge.good("demo-storage", "1.0.0"));

        assertThat(Files.getPosixFilePermissions(passed.copy()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Files.delete(passed.copy());
    }

    @ParameterizedTest
    @EnumSource(value = KeyKind.class, mode = EnumSource.Mode.EXCLUDE, names = "WEAK_RSA")
    void takesEveryStrongKindOfKey(KeyKind kind) throws IOException {
        Instant now = Instant.now();
        TestPublisher publisher =
                TestPublisher.create("kind", kind, now.minus(1, ChronoUnit.HOURS), now.plus(1, ChronoUnit.HOURS));
        bench.keys.trust(publisher);

        Files.delete(bench.pass(AdapterJar.storage("demo", "1.0.0").signedBy(publisher))
                .copy());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesEveryBadArtifact(BadArtifact artifact) {
        Bench fresh = new Bench(folder);
        BadArtifact same = fresh.forge.refusedByInspection().stream()
                .filter(other -> other.what().equals(artifact.what()))
                .findFirst()
                .orElseThrow();

        Problem problem = fresh.refuse(same.bytes().get());

        assertThat(problem.code()).isEqualTo(artifact.code());
        assertThat(problem.detail()).isNotBlank();
        assertThat(problem.fix()).isNotBlank();
    }

    @Test
    void namesTheAddedClass() {
        byte[] added = AdapterJar.tamper(bench.forge.good("demo", "1.0.0"), "io/evil/Added.class", new byte[] {1});

        assertThat(bench.refuse(added).violations())
                .extracting(Violation::pointer)
                .containsExactly("io/evil/Added.class");
    }

    @Test
    void tellsNameAndVersionOfARefusedArtifact() {
        Inspection inspection =
                bench.inspect(AdapterJar.storage("demo", "1.0.0").signedBy(bench.unknown));

        assertThat(inspection).isInstanceOfSatisfying(Inspection.Refused.class, refused -> {
            assertThat(refused.name()).isEqualTo("demo");
            assertThat(refused.version()).isEqualTo("1.0.0");
            assertThat(refused.digest()).isNotNull();
        });
    }

    @Test
    void refusesAnExpiredCertificate() {
        Instant now = Instant.now();
        TestPublisher old =
                TestPublisher.create("old", KeyKind.EC, now.minus(9, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS));
        bench.keys.trust(old);

        assertThat(bench.refuse(AdapterJar.storage("demo", "1.0.0").signedBy(old))
                        .code())
                .isEqualTo("signature-certificate-expired");
    }

    @Test
    void refusesACertificateThatIsNotYetValid() {
        Instant now = Instant.now();
        TestPublisher early =
                TestPublisher.create("early", KeyKind.EC, now.plus(1, ChronoUnit.DAYS), now.plus(9, ChronoUnit.DAYS));
        bench.keys.trust(early);

        assertThat(bench.refuse(AdapterJar.storage("demo", "1.0.0").signedBy(early))
                        .code())
                .isEqualTo("signature-certificate-expired");
    }

    @Test
    void believesTheTrustedCertificateAboutItsEnd() {
        bench.keys.trust(bench.trusted, Instant.now().minus(1, ChronoUnit.HOURS));

        assertThat(bench.refuse(bench.forge.good("demo", "1.0.0")).code()).isEqualTo("signature-certificate-expired");
    }

    @Test
    void refusesWhatARevokedKeyHelpedToSign() {
        byte[] both = bench.revoked.sign(bench.forge.good("demo", "1.0.0"), "SECOND");

        Problem problem = bench.refuse(both);

        assertThat(problem.code()).isEqualTo("signature-key-revoked");
        assertThat(problem.detail()).contains("laptop stolen");
    }

    @Test
    void takesASecondSignatureOfSomebodyUnknown() throws IOException {
        byte[] both = bench.unknown.sign(bench.forge.good("demo", "1.0.0"), "SECOND");

        Files.delete(bench.pass(both).copy());
    }

    @Test
    void refusesWhenTwoSignersCoverHalfEach() {
        byte[] half = AdapterJar.tamper(bench.forge.good("demo", "1.0.0"), "half.txt", new byte[] {1});
        byte[] both = bench.unknown.sign(half, "SECOND");

        // the second signing changed the manifest, so the first signature no longer covers all of it
        assertThat(bench.refuse(both).code()).isIn("signature-broken", "signature-incomplete", "signature-key-unknown");
    }

    @Test
    void refusesAManifestWithAddedHeaders() {
        byte[] good = bench.forge.good("demo", "1.0.0");
        byte[] manifest = AdapterJar.unzip(good).get("META-INF/MANIFEST.MF");
        String text = new String(manifest, UTF_8);

        byte[] section = (text + "Name: evil\r\nEvil: yes\r\n\r\n").getBytes(UTF_8);
        assertThat(bench.refuse(AdapterJar.tamper(good, "META-INF/MANIFEST.MF", section))
                        .code())
                .isEqualTo("signature-broken");

        byte[] header =
                text.replaceFirst("\r\n", "\r\nExport-Package: evil\r\n").getBytes(UTF_8);
        assertThat(bench.refuse(AdapterJar.tamper(good, "META-INF/MANIFEST.MF", header))
                        .code())
                .isEqualTo("signature-broken");
    }

    @Test
    void refusesASignatureWithoutItsBlockOrItsList() {
        byte[] good = bench.forge.good("demo", "1.0.0");

        assertThat(bench.refuse(AdapterJar.tamperAway(good, "META-INF/PUBLISHR.EC"))
                        .code())
                .isEqualTo("signature-broken");
        assertThat(bench.refuse(AdapterJar.tamperAway(good, "META-INF/PUBLISHR.SF"))
                        .code())
                .isEqualTo("signature-broken");
    }

    @Test
    void refusesABlockThatJavaCannotRead() {
        byte[] garbage =
                AdapterJar.tamper(bench.forge.good("demo", "1.0.0"), "META-INF/PUBLISHR.EC", new byte[] {1, 2, 3});

        assertThat(bench.refuse(garbage).code()).isIn("signature-missing", "signature-broken");
    }

    @Test
    void refusesASecondSignatureThatJavaCannotVerify() {
        byte[] good = bench.forge.good("demo", "1.0.0");
        byte[] list = Objects.requireNonNull(AdapterJar.unzip(good).get("META-INF/PUBLISHR.SF"));
        byte[] smuggled = AdapterJar.tamper(
                AdapterJar.tamper(good, "META-INF/EVIL.SF", list), "META-INF/EVIL.RSA", new byte[] {1, 2, 3});

        assertThat(bench.refuse(smuggled).code()).isEqualTo("signature-broken");
    }

    @Test
    void refusesSignatureFilesThatWouldFillTheMemoryBeforeJavaReadsThem() {
        byte[] good = bench.forge.good("demo", "1.0.0");

        byte[] many = good;
        for (int i = 0; i < 20; i++) {
            many = AdapterJar.tamper(many, "META-INF/EVIL" + i + ".SF", new byte[] {'x'});
        }
        assertThat(bench.refuse(many).code()).isEqualTo("artifact-bomb");
        assertThat(bench.refuse(AdapterJar.tamper(good, "META-INF/PUBLISHR.EC", new byte[300 << 10]))
                        .code())
                .isEqualTo("artifact-bomb");
        String sections = IntStream.range(0, 5_000)
                .mapToObj(i -> "Name: a" + i + "\r\n\r\n")
                .collect(Collectors.joining());
        byte[] divided = ("Manifest-Version: 1.0\r\n\r\n" + sections).getBytes(UTF_8);
        assertThat(bench.refuse(AdapterJar.tamper(good, "META-INF/MANIFEST.MF", divided))
                        .code())
                .isEqualTo("artifact-bomb");
    }

    @Test
    void refusesAHeaderTwiceInAnySection() {
        byte[] good = bench.forge.good("demo", "1.0.0");
        byte[] twice = "Manifest-Version: 1.0\n\nName: a\nX: 1\nx: 2\n\n".getBytes(UTF_8);

        assertThat(bench.refuse(AdapterJar.tamper(good, "META-INF/MANIFEST.MF", twice))
                        .code())
                .isEqualTo("structure-forbidden");
    }

    @Test
    void doesNotRefuseAnArtifactForADatabaseThatIsAway() {
        ArtifactInspector inspector = new ArtifactInspector(
                InspectionLimits.USUAL,
                key -> {
                    throw Problem.of(StoreProblem.DATABASE_UNAVAILABLE, "away", "Wait.")
                            .asException();
                },
                folder.resolve("incoming"),
                Instant::now);

        assertThatThrownBy(() -> inspector.inspect(new ByteArrayInputStream(bench.forge.good("demo", "1.0.0"))))
                .hasMessageContaining("database-unavailable");
        assertThat(bench.incomingFiles()).isEmpty();
    }

    @Test
    void refusesFilesThatOnlyLookLikeSignatures() {
        byte[] good = bench.forge.good("demo", "1.0.0");

        for (String name : List.of("META-INF/deep/EVIL.SF", "EVIL.RSA", "META-INF/SIG-EVIL", "META-INF/evil.sf")) {
            assertThat(bench.refuse(AdapterJar.tamper(good, name, new byte[] {1}))
                            .code())
                    .as(name)
                    .isEqualTo("signature-incomplete");
        }
    }

    @Test
    void refusesAJarWithoutAManifest() {
        assertThat(bench.refuse(AdapterJar.tamperAway(bench.forge.good("demo", "1.0.0"), "META-INF/MANIFEST.MF"))
                        .code())
                .isEqualTo("artifact-not-a-jar");
    }

    @Test
    void refusesAJarThatIsCutAnywhere() {
        byte[] good = bench.forge.good("demo", "1.0.0");
        for (int length = 0; length < good.length; length += length < 64 ? 1 : 37) {
            assertThat(bench.refuse(Arrays.copyOf(good, length)).code())
                    .as("cut at " + length)
                    .isEqualTo(length < 4 ? "artifact-not-a-jar" : "artifact-truncated");
        }
    }

    @Test
    void neverPassesOtherContentWhenBitsFlip() throws IOException {
        byte[] good = bench.forge.good("demo", "1.0.0");
        var content = AdapterJar.unzip(good);
        Random random = new Random(20261120);
        for (int round = 0; round < 300; round++) {
            byte[] flipped = good.clone();
            int at = random.nextInt(flipped.length);
            flipped[at] ^= (byte) (1 << random.nextInt(8));

            Inspection inspection = bench.inspect(flipped);

            if (inspection instanceof Inspection.Passed passed) {
                assertThat(passed.copy()).hasBinaryContent(flipped);
                Files.delete(passed.copy());
                var now = AdapterJar.unzip(flipped);
                assertThat(now.keySet()).as("flip at " + at).isEqualTo(content.keySet());
                now.forEach((name, bytes) -> {
                    if (!name.endsWith(".EC")) {
                        assertThat(bytes).as(name).isEqualTo(content.get(name));
                    }
                });
            }
        }
        assertThat(bench.incomingFiles()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenTheSenderBreaksOff() {
        ArtifactInspector inspector =
                new ArtifactInspector(InspectionLimits.USUAL, bench.keys, folder.resolve("incoming"), Instant::now);
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        });

        assertThatThrownBy(() -> inspector.inspect(broken)).hasMessage("connection reset");
        assertThat(bench.incomingFiles()).isEmpty();
    }

    @Test
    void sweepsWhatACrashLeftBehindAndNothingElse() throws IOException {
        Path own = Files.createDirectories(folder.resolve("swept"));
        Files.createFile(own.resolve("artifact-1.part"));
        Path other = Files.createFile(own.resolve("notes.txt"));

        new ArtifactInspector(InspectionLimits.USUAL, bench.keys, own, Instant::now).sweep();

        assertThat(own).isDirectoryContaining(other::equals);
        assertThat(own.resolve("artifact-1.part")).doesNotExist();
    }
}
