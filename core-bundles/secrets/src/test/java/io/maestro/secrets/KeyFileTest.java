package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.model.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest extends KeyManagementContract {
    @TempDir
    Path folder;

    @Override
    Source source(String key) throws Exception {
        Path file = folder.resolve(key + ".key");
        if (!KeyFile.exists(file)) {
            KeyFile.make(file);
        }
        return new MasterKeys.KeyFile(file);
    }

    @Test
    void makesAKeyOnlyForANewDatabaseAndOnlyForItsOwner() throws Exception {
        Path file = folder.resolve("keys/master.key");
        assertThat(refusal(file)).contains("master-key-wrong", file.toString(), "is not there");
        String id = MasterKeySources.open(new MasterKeys.KeyFile(file), true).id();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.tmp");
        assertThat(MasterKeySources.open(new MasterKeys.KeyFile(file), true).id())
                .isEqualTo(id);
    }

    @Test
    void keepsTheFirstOfTwoThatAreMadeAtOnce() throws Exception {
        Path file = folder.resolve("master.key");
        KeyFile.make(file);
        byte[] first = Files.readAllBytes(file);
        KeyFile.make(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void refusesAFileThatOthersMayReadOrThatHoldsNoKey() throws Exception {
        Path file = folder.resolve("master.key");
        KeyFile.make(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(refusal(file)).contains("chmod 600");
        Path small = Files.write(folder.resolve("short.key"), new byte[31]);
        Files.setPosixFilePermissions(small, PosixFilePermissions.fromString("rw-------"));
        assertThat(refusal(small)).contains("does not hold 32 bytes");
    }

    private static String refusal(Path file) {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> MasterKeySources.open(new MasterKeys.KeyFile(file), false));
        assertThat(refused).isNotNull();
        return String.valueOf(refused.getMessage());
    }
}
