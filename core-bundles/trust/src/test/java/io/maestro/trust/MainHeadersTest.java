package io.maestro.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainHeadersTest {
    @Test
    void readsContinuationsAndStopsAtTheFirstSection() {
        MainHeaders headers = MainHeaders.parse(
                "Manifest-Version: 1.0\r\nLong: ab\r\n cd\r\n ef\r\n\r\nName: x\r\nOther: y\r\n".getBytes(UTF_8));

        assertThat(headers.value("long")).isEqualTo("abcdef");
        assertThat(headers.value("Other")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " first: x\n",
                "A: 1\nB\n",
                "A: 1\na: 2\n",
                "A: 1\rB: 2\n",
                "A: 1\u0000\n",
                ": x\n",
            })
    void refusesWhatParsersReadDifferently(String manifest) {
        assertThatThrownBy(() -> MainHeaders.parse(manifest.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("structure-forbidden"));
    }
}
