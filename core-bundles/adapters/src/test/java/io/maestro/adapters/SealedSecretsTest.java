package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {
    private static final InstanceKey MINE = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("main"));
    private static final InstanceKey THEIRS = new InstanceKey(Scope.of("globex", "prod"), new InstanceId("main"));
    private static final byte[] PLAIN = "{\"/password\":\"s3cret\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = key(1);

    @TempDir
    Path folder;

    @BeforeEach
    void writeKeys() throws Exception {
        Files.write(folder.resolve("key"), KEY);
        Files.write(folder.resolve("other"), key(2));
        Files.write(folder.resolve("short"), new byte[3]);
    }

    @Test
    void opensWhatAnEarlierReleaseSealed() throws Exception {
        assertThat(secrets("key").open(MINE, sealed(MINE, PLAIN, KEY))).isEqualTo(PLAIN);
    }

    @Test
    void opensNothingForAnotherInstance() throws Exception {
        byte[] sealed = sealed(MINE, PLAIN, KEY);
        assertUnreadable(() -> secrets("key").open(THEIRS, sealed));
    }

    @Test
    void opensNothingWithAnotherOrAMissingKeyOrWhenDamaged() throws Exception {
        byte[] sealed = sealed(MINE, PLAIN, KEY);
        assertUnreadable(() -> secrets("other").open(MINE, sealed));
        assertUnreadable(() -> secrets("short").open(MINE, sealed));
        assertUnreadable(() -> secrets("missing").open(MINE, sealed));
        assertThat(folder.resolve("missing")).doesNotExist();
        byte[] damaged = sealed.clone();
        damaged[damaged.length - 1] ^= 1;
        assertUnreadable(() -> secrets("key").open(MINE, damaged));
        assertUnreadable(() -> secrets("key").open(MINE, new byte[3]));
    }

    /** As earlier releases did. */
    static byte[] sealed(InstanceKey instance, byte[] plain, byte[] key) throws Exception {
        byte[] nonce = new byte[12];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(instance.toString().getBytes(StandardCharsets.UTF_8));
        byte[] sealed = cipher.doFinal(plain);
        return ByteBuffer.allocate(1 + nonce.length + sealed.length)
                .put((byte) 1)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** A key of a test. */
    static byte[] key(int seed) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) seed);
        return key;
    }

    private static void assertUnreadable(ThrowingCallable act) {
        assertThat(catchThrowableOfType(ProblemException.class, act).problem().code())
                .isEqualTo("secrets-unreadable");
    }

    private SealedSecrets secrets(String file) {
        return new SealedSecrets(folder.resolve(file));
    }
}
