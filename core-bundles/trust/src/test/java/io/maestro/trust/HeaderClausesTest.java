package io.maestro.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.trust.HeaderClauses.Clause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderClausesTest {
    @Test
    void readsPathsDirectivesAndAttributes() {
        assertThat(HeaderClauses.parse(
                        "a;b; version=\"[1,2)\" ;resolution:=optional, c;objectClass:List<String>=\"x,y\""))
                .containsExactly(
                        new Clause(List.of("a", "b"), Map.of("resolution", "optional"), Map.of("version", "[1,2)")),
                        new Clause(List.of("c"), Map.of(), Map.of("objectClass", "x,y")));
    }

    @Test
    void doesNotSplitWithinQuotes() {
        assertThat(HeaderClauses.parse("a;filter:=\"(&(x=1),(y=\\\"2;\\\"))\""))
                .containsExactly(new Clause(List.of("a"), Map.of("filter", "(&(x=1),(y=\"2;\"))"), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "a,",
                "a;",
                ";a",
                "a;x=",
                "a;x=\"",
                "a;x=\"1\"b",
                "a;x:=1;x:=2",
                "x=1",
                "a;x=1;b",
                "a\"b\""
            })
    void refusesWhatIsMalformed(String header) {
        assertThatThrownBy(() -> HeaderClauses.parse(header)).isInstanceOf(IllegalArgumentException.class);
    }
}
