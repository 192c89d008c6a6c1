package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void refusesASecondNodeAndNamesTheFirst() throws Exception {
        Path folder = temporary.resolve("data");
        try (DataFolder first = DataFolder.take(folder)) {
            first.announce("http://127.0.0.1:1234");

            assertThatThrownBy(() -> DataFolder.take(folder))
                    .isInstanceOfSatisfying(
                            LaunchFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(LaunchFailure.IN_USE))
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " at http://127.0.0.1:1234");
        }
    }

    @Test
    void canBeTakenAgainOnceLetGo() throws Exception {
        Path folder = temporary.resolve("data");
        try (DataFolder first = DataFolder.take(folder)) {
            assertThat(first.fresh()).isTrue();
        }
        try (DataFolder second = DataFolder.take(folder)) {
            assertThat(second.fresh()).isFalse();
        }
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        Path folder = temporary.resolve("deep/data");
        try (DataFolder data = DataFolder.take(folder)) {
            assertThat(permissions(folder)).isEqualTo("rwx------");
            for (String part : List.of("keys", "instances", "artifacts", "logs")) {
                assertThat(permissions(data.resolve(part))).isEqualTo("rwx------");
            }
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void saysThatItCannotBeWritten() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataFolder.take(file.resolve("data")))
                .hasMessageContaining("cannot be written")
                .hasMessageContaining(file.toString());
    }

    @Test
    void keepsTheNameOfTheNode() throws Exception {
        try (DataFolder data = DataFolder.take(temporary.resolve("data"))) {
            String name = data.node(new SecureRandom());

            assertThat(name).matches("node-[0-9a-f]{8}");
            assertThat(data.node(new SecureRandom())).isEqualTo(name);
        }
    }
}
