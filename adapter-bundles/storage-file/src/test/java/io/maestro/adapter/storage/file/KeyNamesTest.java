package io.maestro.adapter.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyNamesTest {
    @ParameterizedTest
    @CsvSource({
        "notes.txt, notes.txt",
        "Notes, %4eotes",
        "a/b, a%2fb",
        ".hidden, %2ehidden",
        "..., %2e..",
        "é, %c3%a9",
        "a+b, a%2bb",
        "50%, 50%25"
    })
    void encodesReversibly(String key, String name) {
        assertThat(KeyNames.encode(key)).isEqualTo(name);
        assertThat(KeyNames.decode(name)).contains(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "Upper", ".hidden", "%61", "é", "a b", "%2Fa", "%ff"})
    void knowsForeignNames(String name) {
        assertThat(KeyNames.decode(name)).isEmpty();
    }

    @Test
    void namesAreSafeShortAndDistinct() {
        Random random = new Random(1);
        Set<String> names = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int length = random.nextInt(1, 300); length > 0; length--) {
                key.appendCodePoint(
                        random.nextInt(20) == 0 ? random.nextInt(0x1F600, 0x1F640) : random.nextInt(32, 127));
            }
            keys.add(key.toString());
            String name = KeyNames.encode(key.toString());
            names.add(name);
            assertThat(name).matches("[a-z0-9_%+-][a-z0-9._%+-]*").hasSizeLessThanOrEqualTo(KeyNames.LONGEST);
            if (!KeyNames.isLong(name)) {
                assertThat(KeyNames.decode(name)).contains(key.toString());
            }
        }
        assertThat(names).hasSameSizeAs(keys);
    }
}
