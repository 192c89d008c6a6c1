package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.MasterKeys.Source;
import java.nio.charset.StandardCharsets;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

/** What every holder of a master key promises. */
abstract class KeyManagementContract {
    private static final byte[] KEY = "a data key of thirty-two bytes !".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONTEXT = Sealing.context("data key", "acme", "prod", 1);

    /** A holder with a key of this name, made when it is asked for first. */
    abstract Source source(String key) throws Exception;

    final KeyManagement open(String key) throws Exception {
        return MasterKeySources.open(source(key), false);
    }

    @Test
    void unwrapsWhatItWrappedAlsoWhenItIsOpenedAgain() throws Exception {
        byte[] wrapped = open("one").wrap(KEY, CONTEXT);
        assertThat(open("one").unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
        assertThat(open("one").wrap(KEY, CONTEXT)).isNotEqualTo(wrapped);
    }

    @Test
    void unwrapsNothingOfAnotherKeyOrContextOrWhenChanged() throws Exception {
        byte[] wrapped = open("one").wrap(KEY, CONTEXT);
        KeyManagement one = open("one");
        KeyManagement two = open("two");
        assertRefused(two, wrapped, CONTEXT);
        assertRefused(one, wrapped, Sealing.context("data key", "globex", "prod", 1));
        wrapped[wrapped.length - 1] ^= 1;
        assertRefused(one, wrapped, CONTEXT);
        assertRefused(one, new byte[5], CONTEXT);
    }

    @Test
    void hasAnIdThatTellsItFromOthersAndStays() throws Exception {
        assertThat(open("one").id())
                .matches("[0-9a-f]{16}")
                .isEqualTo(open("one").id());
        assertThat(open("two").id()).isNotEqualTo(open("one").id());
        assertThat(open("one").toString()).doesNotContain("SecretKey");
    }

    private static void assertRefused(KeyManagement key, byte[] wrapped, byte[] context) {
        assertThatThrownBy(() -> key.unwrap(wrapped, context)).isInstanceOf(AEADBadTagException.class);
    }
}
