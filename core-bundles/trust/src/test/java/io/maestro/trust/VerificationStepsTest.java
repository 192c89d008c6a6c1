package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
import io.maestro.api.trust.Verification.Result;
import io.maestro.api.trust.Verification.Step;
import io.maestro.model.Problem;
import io.maestro.store.StoreProblem;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.BadArtifact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inspection tells of its checks in turn, up to the one that refuses. */
class VerificationStepsTest {
    @TempDir
    private Path folder;

    @Test
    void tellsOfAGoodArtifactWhatWasFoundInTurn() throws IOException {
        Bench bench = new Bench(folder);
        List<Step> steps = new ArrayList<>();

        Inspection.Passed passed = (Inspection.Passed) inspect(bench, bench.forge.good("demo", "1.2.3"), steps);

        assertThat(steps)
                .extracting(Step::check)
                .containsExactly(
                        Check.BYTES,
                        Check.ARCHIVE,
                        Check.SIGNATURE,
                        Check.MANIFEST,
                        Check.STRUCTURE,
                        Check.IMPORTS,
                        Check.NETWORK);
        assertThat(steps.subList(0, 6)).extracting(Step::result).containsOnly(Result.PASSED);
        assertThat(steps.getLast().result()).isEqualTo(Result.NOTED);
        assertThat(detail(steps, Check.BYTES)).contains(passed.digest().toString());
        assertThat(detail(steps, Check.SIGNATURE)).contains("\"trusted\"", bench.trusted.fingerprint());
        assertThat(detail(steps, Check.MANIFEST)).contains("demo@1.2.3", "storage", "1.0");
        assertThat(detail(steps, Check.NETWORK)).isEqualTo("it wants to reach no host");
        assertThat(steps).noneMatch(step -> step.took().isNegative());
        Files.delete(passed.copy());
    }

    @Test
    void stopsAtTheSignatureOfWhatNobodyTrustedSigned() throws IOException {
        Bench bench = new Bench(folder);

        assertEndsAt(bench, Check.SIGNATURE, AdapterJar.storage("demo", "1.0.0").unsigned());
        assertEndsAt(bench, Check.SIGNATURE, AdapterJar.storage("demo", "1.0.0").signedBy(bench.unknown));
        assertEndsAt(
                bench,
                Check.SIGNATURE,
                AdapterJar.tamper(bench.forge.good("demo", "1.0.0"), "io/evil/Added.class", new byte[] {1}));
    }

    @Test
    void stopsAtTheArchiveOfWhatIsNone() throws IOException {
        assertEndsAt(new Bench(folder), Check.ARCHIVE, "no jar".getBytes(UTF_8));
    }

    @Test
    void stopsAtTheCheckThatRefuses() throws IOException {
        Bench bench = new Bench(folder);
        for (BadArtifact bad : bench.forge.refusedByInspection()) {
            Check check = checkOf(bad.code());
            if (check != null) {
                assertEndsAt(bench, check, bad.bytes().get());
            }
        }
    }

    @Test
    void leavesUndecidedWhatNobodyCouldTell() {
        ArtifactInspector inspector = new ArtifactInspector(
                InspectionLimits.USUAL,
                fingerprint -> {
                    throw Problem.of(StoreProblem.DATABASE_UNAVAILABLE, "away", null)
                            .asException();
                },
                folder.resolve("incoming"),
                InstantSource.system());
        List<Step> steps = new ArrayList<>();
        byte[] good = new Bench(folder).forge.good("demo", "1.0.0");

        assertThatThrownBy(() -> inspector.inspect(new ByteArrayInputStream(good), new Verification(steps::add)))
                .hasMessageContaining("away");

        assertThat(steps.getLast().check()).isEqualTo(Check.SIGNATURE);
        assertThat(steps.getLast().result()).isEqualTo(Result.UNDECIDED);
    }

    private static @Nullable Check checkOf(String code) {
        return switch (code) {
            case "manifest-missing", "manifest-invalid", "manifest-type-unknown" -> Check.MANIFEST;
            case "structure-forbidden" -> Check.STRUCTURE;
            case "import-forbidden" -> Check.IMPORTS;
            case "signature-missing",
                    "signature-incomplete",
                    "signature-broken",
                    "signature-key-unknown",
                    "signature-key-revoked",
                    "signature-certificate-expired" -> Check.SIGNATURE;
            case "artifact-too-large" -> Check.BYTES;
            default -> null;
        };
    }

    private static void assertEndsAt(Bench bench, Check check, byte[] artifact) throws IOException {
        List<Step> steps = new ArrayList<>();

        Inspection.Refused refused = (Inspection.Refused) inspect(bench, artifact, steps);

        assertThat(steps)
                .as(refused.problem().code())
                .extracting(Step::check)
                .containsExactlyElementsOf(List.copyOf(EnumSet.range(Check.BYTES, check)));
        assertThat(steps.getLast().result()).isEqualTo(Result.FAILED);
        assertThat(refused.problem().detail())
                .startsWith(steps.getLast().detail().replaceFirst("…$", ""));
        assertThat(steps.subList(0, steps.size() - 1)).allMatch(step -> step.result() == Result.PASSED);
    }

    private static Inspection inspect(Bench bench, byte[] artifact, List<Step> steps) throws IOException {
        return bench.inspect(artifact, new Verification(steps::add));
    }

    private static String detail(List<Step> steps, Check check) {
        return steps.stream()
                .filter(step -> step.check() == check)
                .map(Step::detail)
                .findFirst()
                .orElseThrow();
    }
}
