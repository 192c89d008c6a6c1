package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");
    private static final byte[] PLAIN = "very-secret".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONTEXT = Sealing.context("secret", "acme", "prod", "name", 1);

    private final Sealing sealing = new Sealing(null);

    @Test
    void opensWhatItSealedAndNeverSealsTwiceTheSame() throws Exception {
        byte[] sealed = sealing.seal(KEY, PLAIN, CONTEXT);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(sealing.open(KEY, sealed, CONTEXT)).isEqualTo(PLAIN);
        assertThat(sealing.seal(KEY, PLAIN, CONTEXT)).isNotEqualTo(sealed);
    }

    @Test
    void noticesEachChangedBitAndEachMissingByte() throws Exception {
        byte[] sealed = sealing.seal(KEY, PLAIN, CONTEXT);
        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertRefused(KEY, changed, CONTEXT);
        }
        for (int length = 0; length < sealed.length; length++) {
            assertRefused(KEY, Arrays.copyOf(sealed, length), CONTEXT);
        }
    }

    @Test
    void opensNothingByAnotherKeyOrInAnotherContext() throws Exception {
        byte[] sealed = sealing.seal(KEY, PLAIN, CONTEXT);
        byte[] other = new byte[32];
        other[31] = 1;
        assertRefused(new SecretKeySpec(other, "AES"), sealed, CONTEXT);
        assertRefused(KEY, sealed, Sealing.context("secret", "globex", "prod", "name", 1));
        assertRefused(KEY, sealed, Sealing.context("secret", "acme", "dev", "name", 1));
        assertRefused(KEY, sealed, Sealing.context("secret", "acme", "prod", "other", 1));
        assertRefused(KEY, sealed, Sealing.context("secret", "acme", "prod", "name", 2));
        assertRefused(KEY, sealed, Sealing.context("data key", "acme", "prod", "name", 1));
    }

    @Test
    void tellsPartsOfAContextApart() {
        assertThat(Sealing.context("a", "bc")).isNotEqualTo(Sealing.context("ab", "c"));
        assertThat(Sealing.context("a1:b")).isNotEqualTo(Sealing.context("a", "b"));
    }

    private void assertRefused(SecretKeySpec key, byte[] sealed, byte[] context) {
        assertThatThrownBy(() -> sealing.open(key, sealed, context)).isInstanceOf(AEADBadTagException.class);
    }
}
