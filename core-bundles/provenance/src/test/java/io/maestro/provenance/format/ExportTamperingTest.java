package io.maestro.provenance.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.provenance.format.ExportVerification.Report;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever is done to an export, its verification tells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExportTamperingTest {
    private static final int LENGTH = 60;
    private static final int TAMPERINGS = 1_000;

    private final SampleChain chain = new SampleChain("tenant:acme");
    private byte[] good = {};
    private byte[] older = {};

    @BeforeAll
    void export() {
        chain.grow(LENGTH);
        SealedReceipt checkpoint = chain.checkpoint(40, chain.receipts().get(39).hash());
        good = chain.export(1, LENGTH, checkpoint);
        older = chain.export(1, 50, checkpoint);
    }

    @Test
    void acceptsWhatIsAsItWasSigned() throws IOException {
        Report report = verify(good);
        assertThat(report.defect()).isNull();
        assertThat(report.count()).isEqualTo(LENGTH);
        assertThat(report.first()).isEqualTo(1);
        assertThat(report.last()).isEqualTo(LENGTH);
        assertThat(report.roots()).containsExactly(chain.keyId());
        assertThat(report.madeAt()).isEqualTo(SampleChain.START.plusSeconds(10_000));
        assertThat(ExportVerification.verify(new ByteArrayInputStream(good), chain.keyId())
                        .good())
                .isTrue();
    }

    @Test
    void acceptsAPartOfAChainAndNoneAtAll() throws IOException {
        assertThat(verify(chain.export(20, 40, null, SampleChain.START)).defect())
                .isNull();
        assertThat(verify(new SampleChain("platform").export(1, 0, null)).defect())
                .isNull();
    }

    @Test
    void findsThatAChainWasCutBeforeTheEndOfTheTimeThatTheExportIsOf() throws IOException {
        SealedReceipt checkpoint = chain.checkpoint(40, chain.receipts().get(39).hash());
        Instant to = SampleChain.START.plusSeconds(1_000);
        assertThat(String.valueOf(
                        verify(chain.export(1, 30, checkpoint, null, to)).defect()))
                .contains("the chain reached receipt 40, the last ones are missing");
        assertThat(verify(chain.export(1, 40, checkpoint, null, to)).defect()).isNull();
        // it may have been taken down after that time
        assertThat(verify(chain.export(1, 30, checkpoint, null, SampleChain.START.plusSeconds(31)))
                        .defect())
                .isNull();
    }

    @Test
    void findsReceiptsThatAreNotOfTheTimeThatTheExportIsOf() throws IOException {
        Instant middle = SampleChain.START.plusSeconds(30);
        assertThat(String.valueOf(verify(chain.export(20, 40, null, middle)).defect()))
                .contains("it was not sealed in the time");
        assertThat(String.valueOf(
                        verify(chain.export(1, 40, null, null, middle)).defect()))
                .contains("it was not sealed in the time");
    }

    @Test
    void findsEveryOneOfAThousandTamperings() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < TAMPERINGS; i++) {
            int kind = i % 8;
            byte[] bad = tampered(kind, random);
            // a whole older export is as valid as when it was made
            boolean changed = !Arrays.equals(bad, good) && !Arrays.equals(bad, older);
            if (changed && verify(bad).good()) {
                missed.add("kind " + kind + ", number " + i);
            }
        }
        assertThat(missed).as("seed %d", seed).isEmpty();
    }

    @Test
    void namesThePlaceOfTheFirstDefect() throws IOException {
        List<String> lines = lines();
        lines.remove(31);
        assertThat(verify(join(lines)).defect())
                .isEqualTo(new Defect(31, "it follows receipt 29: receipts are missing"));
    }

    @Test
    void missesATailThatThePlatformHasTakenDown() throws IOException {
        byte[] cut = chain.export(
                1, 30, chain.checkpoint(40, chain.receipts().get(39).hash()));
        assertThat(String.valueOf(verify(cut).defect())).contains("the last ones are missing");
        byte[] other = chain.export(
                1, 50, chain.checkpoint(40, chain.receipts().get(38).hash()));
        assertThat(verify(other).defect())
                .isEqualTo(new Defect(40, "it is not the one that the platform's chain took down"));
    }

    @Test
    void missesABeginningThatTheExportClaimsToHave() throws IOException {
        assertThat(verify(chain.export(2, LENGTH, null)).defect())
                .isEqualTo(new Defect(1, "it is missing, and the export claims to begin with it"));
    }

    @Test
    void trustsOnlyTheKeyThatIsNamed() throws IOException {
        SampleChain forged = new SampleChain("tenant:acme").grow(LENGTH);
        assertThat(verify(forged.export(1, LENGTH, null)).good()).isTrue();
        assertThat(String.valueOf(ExportVerification.verify(
                                new ByteArrayInputStream(forged.export(1, LENGTH, null)), chain.keyId())
                        .defect()))
                .contains("does not have the key");
    }

    @Test
    void refusesALineThatFillsTheMemory() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        assertThat(String.valueOf(ExportVerification.verify(endless, null).defect()))
                .contains("longer than");
        int header = lines().getFirst().length() + 1;
        InputStream later = new SequenceInputStream(new ByteArrayInputStream(good, 0, header), endless);
        assertThat(String.valueOf(ExportVerification.verify(later, null).defect()))
                .contains("longer than");
    }

    @Test
    void refusesWhatIsNoExport() throws IOException {
        for (String text : List.of(
                "", "\n", "{}\n", "{\"format\":\"maestro-receipts/1\"}\n", "\u0000\n", "[".repeat(9999) + "\n")) {
            assertThat(verify(text.getBytes(StandardCharsets.UTF_8)).good())
                    .as(text)
                    .isFalse();
        }
    }

    private byte[] tampered(int kind, Random random) {
        List<String> lines = lines();
        int receipt = 2 + random.nextInt(LENGTH);
        switch (kind) {
            case 0, 1 -> {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                return bad;
            }
            case 2 -> lines.remove(random.nextInt(lines.size()));
            case 3 -> Collections.swap(lines, receipt, 2 + random.nextInt(LENGTH));
            case 4 -> {
                return Arrays.copyOf(good, random.nextInt(good.length));
            }
            // an older one, valid by itself, in the place of another
            case 5 -> lines.set(receipt, lines.get(2 + random.nextInt(LENGTH)));
            case 6 -> lines.add(receipt, lines.get(random.nextInt(lines.size())));
            default -> {
                List<String> others = split(older);
                if (random.nextBoolean()) {
                    lines.set(lines.size() - 1, others.getLast());
                } else {
                    lines.subList(random.nextInt(lines.size()), lines.size()).clear();
                    lines.add(others.getLast());
                }
            }
        }
        return join(lines);
    }

    private List<String> lines() {
        return split(good);
    }

    private static List<String> split(byte[] export) {
        return new ArrayList<>(
                new String(export, StandardCharsets.UTF_8).lines().toList());
    }

    private static byte[] join(List<String> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lines.forEach(line -> out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return out.toByteArray();
    }

    private static Report verify(byte[] export) throws IOException {
        return ExportVerification.verify(new ByteArrayInputStream(export), null);
    }
}
