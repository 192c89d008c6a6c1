package io.maestro.provenance.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference's example is what the code writes, and can be verified by hand as the page says. */
final class ReceiptsPageTest {
    private static final Path PAGE = Path.of("../../docs/reference/receipts.md");
    private static final Path EXAMPLE = Path.of("../../docs/reference/receipts-example.ndjson");
    private static final Pattern BLOCK = Pattern.compile("```bash\n(.*?)```(?:\n\n```text\n(.*?)```)?", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theExampleIsWhatTheCodeWrites() throws IOException {
        byte[] written = example();
        if (Boolean.getBoolean("docs.update")) {
            Files.write(EXAMPLE, written);
        }
        assertThat(Files.readString(EXAMPLE))
                .as("write it anew with -Ddocs.update=true -Dtest=ReceiptsPageTest")
                .isEqualTo(new String(written, StandardCharsets.UTF_8));
        assertThat(ExportVerification.verify(new ByteArrayInputStream(written), null)
                        .defect())
                .isNull();
    }

    @Test
    void theExampleVerifiesByHandAsThePageSays() throws IOException, InterruptedException {
        Files.copy(EXAMPLE, folder.resolve("receipts-example.ndjson"));
        String page = Files.readString(PAGE);
        Matcher block = BLOCK.matcher(page);
        int blocks = 0;
        while (block.find()) {
            String said = bash(block.group(1));
            String shown = block.group(2);
            assertThat(said).as(block.group(1)).isEqualTo(shown == null ? "" : shown);
            blocks++;
        }
        assertThat(blocks).isEqualTo(4);
    }

    private String bash(String commands) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as("%s%n%s", commands, said).isZero();
        return said;
    }

    /** Always the same: its key is nobody's. */
    private static byte[] example() throws IOException {
        byte[] seed = new byte[SigningSeed.BYTES];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) i;
        }
        SampleChain chain = new SampleChain("tenant:acme", SigningSeed.of(seed));
        ReceiptBody.Subject files = new ReceiptBody.Subject("adapter-instance", "files", Hashes.of("storage-file"));
        String running = "{\"adapter\":\"storage-file@1.0.0\",\"wanted\":\"running\"}";
        String stopped = "{\"adapter\":\"storage-file@1.0.0\",\"wanted\":\"stopped\"}";
        chain.add("instance.create", files, Change.between(null, running));
        chain.add("instance.stop", files, Change.between(running, stopped));
        chain.add("instance.delete", files, Change.between(stopped, null));
        SealedReceipt checkpoint = chain.checkpoint(2, chain.receipts().get(1).hash());
        return chain.export(1, 3, checkpoint);
    }
}
