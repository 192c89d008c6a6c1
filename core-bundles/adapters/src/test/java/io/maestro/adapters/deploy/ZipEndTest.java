package io.maestro.adapters.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipEndTest {
    @TempDir
    Path folder;

    @Test
    void knowsAWholeFileFromEveryOneThatIsCutShort() throws IOException {
        byte[] whole = zip("a comment");
        assertThat(complete(whole)).isTrue();
        assertThat(complete(zip(""))).isTrue();
        for (int length = 0; length < whole.length; length++) {
            assertThat(complete(Arrays.copyOf(whole, length)))
                    .as("%s bytes", length)
                    .isFalse();
        }
        assertThat(complete(Arrays.copyOf(whole, whole.length + 1))).isFalse();
    }

    private boolean complete(byte[] bytes) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(Files.write(folder.resolve("file"), bytes))) {
            return ZipEnd.isComplete(channel);
        }
    }

    private static byte[] zip(String comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment(comment);
            zip.putNextEntry(new ZipEntry("entry"));
            zip.write(new byte[100]);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }
}
