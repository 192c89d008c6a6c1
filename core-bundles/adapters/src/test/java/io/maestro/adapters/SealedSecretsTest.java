package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {
    private static final InstanceKey MINE = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("main"));
    private static final InstanceKey THEIRS = new InstanceKey(Scope.of("globex", "prod"), new InstanceId("main"));
    private static final byte[] PLAIN = "{\"/password\":\"s3cret\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void opensWhatItSealedAlsoAfterARestart() {
        byte[] sealed = secrets("key").seal(MINE, PLAIN);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
        assertThat(secrets("key").open(MINE, sealed)).isEqualTo(PLAIN);
        assertThat(secrets("key").seal(MINE, PLAIN)).isNotEqualTo(sealed);
    }

    @Test
    void opensNothingForAnotherInstance() {
        byte[] sealed = secrets("key").seal(MINE, PLAIN);
        assertUnreadable(() -> secrets("key").open(THEIRS, sealed));
    }

    @Test
    void opensNothingWithAnotherOrAMissingKeyOrWhenDamaged() {
        byte[] sealed = secrets("key").seal(MINE, PLAIN);
        secrets("other").seal(MINE, PLAIN);
        assertUnreadable(() -> secrets("other").open(MINE, sealed));
        assertUnreadable(() -> secrets("missing").open(MINE, sealed));
        assertThat(folder.resolve("missing")).doesNotExist();
        byte[] damaged = sealed.clone();
        damaged[damaged.length - 1] ^= 1;
        assertUnreadable(() -> secrets("key").open(MINE, damaged));
        assertUnreadable(() -> secrets("key").open(MINE, new byte[3]));
    }

    @Test
    void keepsItsKeyFromOthers() throws Exception {
        secrets("key").seal(MINE, PLAIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("key")).isDirectoryNotContaining("glob:**.tmp");
    }

    private static void assertUnreadable(ThrowingCallable act) {
        assertThat(catchThrowableOfType(ProblemException.class, act).problem().code())
                .isEqualTo("secrets-unreadable");
    }

    private SealedSecrets secrets(String file) {
        return new SealedSecrets(folder.resolve(file));
    }
}
