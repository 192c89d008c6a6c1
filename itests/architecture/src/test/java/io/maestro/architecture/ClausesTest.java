package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.architecture.Clauses.Clause;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;

class ClausesTest {
    @Test
    void readsNamesVersionsAndRanges() {
        Attributes headers = new Attributes();
        headers.putValue("X", "b;version=\"[1.0,2)\",a;uses:=\"c,d\";version=1.2.0,c");

        assertThat(Clauses.of(headers, "X"))
                .containsExactly(new Clause("a", "1.2.0"), new Clause("b", "[1.0,2)"), new Clause("c", null));
    }

    @Test
    void missingHeaderHasNoClauses() {
        assertThat(Clauses.of(new Attributes(), "X")).isEmpty();
    }
}
