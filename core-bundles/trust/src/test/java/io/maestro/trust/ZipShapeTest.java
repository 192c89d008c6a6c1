package io.maestro.trust;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Problem;
import io.maestro.testing.artifacts.AdapterJar;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the frame of a jar. None gets as far as its signature. */
final class ZipShapeTest {
    @TempDir
    private Path folder;

    private final AdapterJar recipe = AdapterJar.storage("demo", "1.0.0").entry("aaaa.txt", new byte[] {1, 2, 3});

    @Test
    void refusesBytesBeforeTheJar() {
        assertThat(refuse(concat("#!/bin/sh\n".getBytes(ISO_8859_1), recipe.unsigned())))
                .returns("artifact-not-a-jar", Problem::code);
    }

    @Test
    void refusesAJarInFrontOfTheJar() {
        byte[] jar = recipe.unsigned();
        assertThat(refuse(concat(jar, jar))).returns("artifact-truncated", Problem::code);
    }

    @Test
    void refusesBytesAfterTheJar() {
        assertThat(refuse(concat(recipe.unsigned(), new byte[30]))).returns("artifact-truncated", Problem::code);
    }

    @Test
    void refusesAComment() {
        byte[] jar = concat(recipe.unsigned(), new byte[] {'x'});
        jar[jar.length - 3] = 1;
        assertThat(refuse(jar)).returns("artifact-truncated", Problem::code);
    }

    @ParameterizedTest
    @CsvSource({
        "../a.txt, leads out",
        "a/../../b, leads out",
        "/etc/passwd, absolute",
        "C:evil.txt, absolute",
        "a\\b.txt, backslash",
        "a//b.txt, empty segment",
        "./a.txt, dot",
        "meta-inf/x.txt, other letters",
        "META-INF/manifest.mf, case",
        "OSGI-INF, file and a folder",
    })
    void refusesOddNames(String name, String why) {
        Problem problem = refuse(recipe.entry(name, new byte[] {1}).unsigned());

        assertThat(problem.code()).isEqualTo("artifact-entry-name");
        assertThat(problem.detail()).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\u007fb", "a\u0085b"})
    void refusesControlCharactersInNamesAndDoesNotPrintThem(String name) {
        Problem problem = refuse(recipe.entry(name, new byte[] {1}).unsigned());

        assertThat(problem.code()).isEqualTo("artifact-entry-name");
        assertThat(problem.detail()).doesNotContain(name);
    }

    @Test
    void refusesLongNames() {
        assertThat(refuse(recipe.entry("x".repeat(513), new byte[] {1}).unsigned()))
                .returns("artifact-entry-name", Problem::code);
    }

    @Test
    void refusesTheSameNameTwice() {
        byte[] jar = recipe.entry("aaab.txt", new byte[] {1, 2, 3}).unsigned();

        Problem problem = refuse(replaceAll(jar, "aaab.txt", "aaaa.txt"));

        assertThat(problem.code()).isEqualTo("artifact-entry-name");
        assertThat(problem.detail()).contains("twice");
    }

    @Test
    void refusesAHeaderThatNamesAnotherEntryThanTheDirectory() {
        byte[] jar = recipe.unsigned();
        int header = indexOf(jar, "aaaa.txt", 0);
        jar[header] = 'b';

        assertThat(refuse(jar).detail()).contains("contradicts");
    }

    @Test
    void refusesASizeThatIsNotTheRealOne() {
        byte[] jar = recipe.unsigned();
        int directory = indexOf(jar, "aaaa.txt", indexOf(jar, "aaaa.txt", 0) + 1) - 46;
        jar[directory + 24]++;

        assertThat(refuse(jar)).returns("artifact-truncated", Problem::code);
    }

    @Test
    void refusesADamagedEntry() {
        byte[] jar = AdapterJar.storage("demo", "1.0.0")
                .entry("aaaa.txt", "hello hello hello hello".getBytes(ISO_8859_1))
                .unsigned();
        int data = indexOf(jar, "aaaa.txt", 0) + "aaaa.txt".length();
        jar[data + 1] ^= 0x40;

        Problem problem = refuse(jar);

        assertThat(problem.code()).isEqualTo("artifact-truncated");
        assertThat(problem.detail()).contains("aaaa.txt");
    }

    @Test
    void refusesAFolderWithContent() {
        assertThat(refuse(recipe.entry("folder/", new byte[] {1}).unsigned()).detail())
                .contains("folder with content");
    }

    @Test
    void countsWhatReallyComesOut() {
        InspectionLimits small = new InspectionLimits(1 << 20, 50, 4 << 20, 200, 1 << 18);
        AdapterJar big = recipe;
        for (int i = 0; i < 5; i++) {
            big = big.entry("zeros-" + i, new byte[1 << 20]);
        }

        Problem problem = new Bench(folder, small, InstantSource.system()).refuse(big.unsigned());

        assertThat(problem.code()).isEqualTo("artifact-bomb");
        assertThat(problem.violations()).hasSize(1);
    }

    @Test
    void limitsTheNumberOfEntries() {
        InspectionLimits small = new InspectionLimits(1 << 20, 5, 4 << 20, 200, 1 << 18);

        assertThat(new Bench(folder, small, InstantSource.system()).refuse(recipe.unsigned()))
                .returns("artifact-bomb", Problem::code);
    }

    @Test
    void stopsReadingAtTheLimit() {
        InspectionLimits small = new InspectionLimits(1_000, 5, 4 << 20, 200, 1 << 18);

        assertThat(new Bench(folder, small, InstantSource.system()).refuse(recipe.unsigned()))
                .returns("artifact-too-large", Problem::code);
    }

    @Test
    void takesStoredEntriesAndFolders() {
        Bench bench = new Bench(folder);
        byte[] jar = recipe.entry("folder/", new byte[0])
                .entry("folder/x", new byte[0])
                .signedBy(bench.trusted);

        Map<String, byte[]> content = AdapterJar.unzip(jar);
        assertThat(content).containsKey("folder/");
        assertThat(bench.pass(jar).copy()).exists();
    }

    private Problem refuse(byte[] jar) {
        return new Bench(folder).refuse(jar);
    }

    private static byte[] replaceAll(byte[] bytes, String from, String to) {
        byte[] changed = bytes.clone();
        for (int at = indexOf(changed, from, 0); at >= 0; at = indexOf(changed, from, at + 1)) {
            System.arraycopy(to.getBytes(ISO_8859_1), 0, changed, at, to.length());
        }
        return changed;
    }

    private static int indexOf(byte[] bytes, String text, int from) {
        return new String(bytes, ISO_8859_1).indexOf(text, from);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
