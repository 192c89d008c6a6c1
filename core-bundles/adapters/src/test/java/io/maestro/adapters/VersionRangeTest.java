package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.AdapterVersion;
import io.maestro.model.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VersionRangeTest {
    @ParameterizedTest
    @CsvSource({
        "1.4.0, 1.4.0",
        "=1.4.0, 1.4.0",
        "*, 0.0.0",
        "^1.2.3, 1.2.3",
        "^1.2.3, 1.99.0",
        "^0.2.3, 0.2.9",
        "^0.0.3, 0.0.3",
        "~1.2.3, 1.2.9",
        "~0.0.3, 0.0.9",
        ">=1.0.0 <2.0.0, 1.9.9",
        ">1.0.0, 1.0.1",
        "<=1.0.0, 1.0.0",
        "^1.2.3-beta.1, 1.2.3-beta.2",
        "'  >=1.0.0   <2.0.0 ', 1.0.0",
        "^99999999999999999999.0.0, 99999999999999999999.1.0"
    })
    void contains(String range, String version) {
        assertThat(VersionRange.parse(range).contains(new AdapterVersion(version)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.4.0, 1.4.1",
        "^1.2.3, 1.2.2",
        "^1.2.3, 2.0.0",
        "^1.2.3, 2.0.0-alpha",
        "^1.2.3, 1.3.0-beta.1",
        "^1.2.3-beta.1, 2.0.0-alpha",
        "^0.2.3, 0.3.0",
        "^0.0.3, 0.0.4",
        "~1.2.3, 1.3.0",
        ">=1.0.0 <2.0.0, 2.0.0",
        ">1.0.0, 1.0.0",
        "<1.0.0, 1.0.0-rc.1",
        "*, 1.0.0-rc.1"
    })
    void doesNotContain(String range, String version) {
        assertThat(VersionRange.parse(range).contains(new AdapterVersion(version)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "latest",
                "1",
                "1.2",
                ">= 1.0.0",
                "1.0.0 || 2.0.0",
                "[1.0,2.0)",
                "^^1.0.0",
                "1.0.0+b",
                "^"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> VersionRange.parse(text)).isInstanceOf(ProblemException.class);
    }

    @Test
    void refusesALongRange() {
        assertThatThrownBy(() -> VersionRange.parse(">1.0.0 ".repeat(9))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> VersionRange.parse("1.0.0-" + "a".repeat(300))).isInstanceOf(ProblemException.class);
    }
}
