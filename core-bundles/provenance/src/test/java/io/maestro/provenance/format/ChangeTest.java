package io.maestro.provenance.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receipt says of two states, hostile ones included. */
final class ChangeTest {
    @Test
    void namesTheMembersThatDiffer() {
        Change change = Change.between("{\"b\":1,\"a\":\"x\",\"gone\":true}", "{\"a\":\"x\",\"b\":2.0,\"new\":null}");
        assertThat(String.valueOf(change.changes()))
                .isEqualTo("{\"b\":{\"before\":1,\"after\":2},\"gone\":{\"before\":true},\"new\":{\"after\":null}}");
        assertThat(change.reduced()).isNull();
    }

    @Test
    void givesTheSameDigestToTheSameState() {
        assertThat(Change.between(null, "{\"b\":1.0,\"a\":2}").after())
                .isEqualTo(Change.between(null, "{ \"a\":2, \"b\":1 }").after())
                .startsWith("sha256:");
    }

    @Test
    void replacesALargeValueByItsDigest() {
        Change change = Change.between(null, "{\"a\":\"" + "x".repeat(2000) + "\"}");
        assertThat(String.valueOf(change.changes())).matches("\\{\"a\":\\{\"afterDigest\":\"sha256:[0-9a-f]{64}\"}}");
    }

    @Test
    void leavesOutChangesThatAreTooMany() {
        StringBuilder state = new StringBuilder("{\"first\":1");
        for (int i = 0; i < 100; i++) {
            state.append(",\"m")
                    .append(i)
                    .append("\":\"")
                    .append("x".repeat(1000))
                    .append('"');
        }
        Change change = Change.between(null, state.append('}').toString());
        assertThat(change.changes()).isNull();
        assertThat(change.after()).startsWith("sha256:");
        assertThat(change.reduced()).contains("more than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":12345678901234567890}",
                "{\"a\":1e999999999}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":\"\\ud800\"}",
                "not json",
                ""
            })
    void sealsAHostileStateInAReducedForm(String state) {
        Change change = Change.between("{\"a\":1}", state);
        assertThat(change.before()).startsWith("sha256:");
        assertThat(change.after()).startsWith("raw-sha256:");
        assertThat(change.changes()).isNull();
        assertThat(change.reduced()).startsWith("after: it ");
    }

    @Test
    void survivesAStateAsDeepAsAWell() {
        assertThat(Change.between("[".repeat(100_000), null).before()).startsWith("raw-sha256:");
    }

    @Test
    void tellsNoMembersOfWhatIsNoObject() {
        Change change = Change.between("[1]", "[2]");
        assertThat(change.changes()).isNull();
        assertThat(change.before()).isNotEqualTo(change.after()).startsWith("sha256:");
    }
}
