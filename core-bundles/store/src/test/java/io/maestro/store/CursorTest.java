package io.maestro.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorTest {
    private static PageRequest after(String cursor) {
        return new PageRequest(2, cursor);
    }

    @Test
    void comesBackAsItWas() {
        Instant at = Instant.parse("2026-01-02T03:04:05.678901Z");
        Cursor cursor = Cursor.of(
                        "things", 3, after(Cursor.at("things", "ı|ş", 42L, at).encode()))
                .orElseThrow();
        assertThat(cursor.text(0)).isEqualTo("ı|ş");
        assertThat(cursor.number(1)).isEqualTo(42);
        assertThat(cursor.instant(2)).isEqualTo(at);
    }

    @Test
    void isAbsentOnTheFirstPage() {
        assertThat(Cursor.of("things", 1, PageRequest.first())).isEmpty();
    }

    @Test
    void refusesTheCursorOfAnotherList() {
        String other = Cursor.at("others", "a").encode();
        assertInvalid(() -> Cursor.of("things", 1, after(other)));
    }

    @Test
    void refusesAKeyOfAnotherShape() {
        assertInvalid(
                () -> Cursor.of("things", 2, after(Cursor.at("things", "a").encode())));
        Cursor word =
                Cursor.of("things", 1, after(Cursor.at("things", "a").encode())).orElseThrow();
        assertInvalid(() -> word.number(0));
        assertInvalid(() -> word.instant(0));
        Cursor late = Cursor.of(
                        "things", 1, after(Cursor.at("things", Instant.MAX).encode()))
                .orElseThrow();
        assertInvalid(() -> late.instant(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "dGhpbmdz", "dGhpbmdzHw==x", "_____w"})
    void refusesWhatIsNoCursor(String text) {
        assertInvalid(() -> Cursor.of("things", 1, after(text)));
    }

    @Test
    void refusesTextThatPostgresCannotHold() {
        String zero = Base64.getUrlEncoder().encodeToString("things\u001fa\0b".getBytes(StandardCharsets.UTF_8));
        assertInvalid(() -> Cursor.of("things", 1, after(zero)));
    }

    @Test
    void refusesAnEndlessCursor() {
        assertInvalid(() -> Cursor.of("things", 1, after("a".repeat(100_000))));
    }

    @Test
    void endsAPageWithTheCursorOfItsLastItemOnlyWhenThereIsMore() {
        PageRequest two = new PageRequest(2, null);
        Page<String> more = Cursor.page(two, List.of("a", "b", "c"), item -> Cursor.at("things", item));
        assertThat(more.items()).containsExactly("a", "b");
        assertThat(Cursor.of("things", 1, new PageRequest(2, more.next()))
                        .orElseThrow()
                        .text(0))
                .isEqualTo("b");
        assertThat(Cursor.page(two, List.of("a", "b"), item -> Cursor.at("things", item))
                        .next())
                .isNull();
    }

    private static void assertInvalid(ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("invalid-cursor"));
    }
}
