package io.maestro.adapter.spi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.model.ProblemException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a/../b", "../a", "a/.", "a\u0000b", "a\nb", "a\u0085b", "\ud800", "a\udc00"})
    void refusesBadKey(String key) {
        refused("object-key-invalid", () -> StorageRules.check(new GetObject(key)));
        refused("object-key-invalid", () -> StorageRules.check(new HeadObject(key)));
        refused("object-key-invalid", () -> StorageRules.check(new DeleteObject(key)));
        refused("object-key-invalid", () -> StorageRules.check(PutObject.of(key)));
        refused("object-key-invalid", () -> StorageRules.check(new SignUrl(key, SignUrl.Access.READ, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "...", ".a", "a/...b/c", "/", "a//b", "İı ß", "漢字/🙂", "%2e%2e", "a\\b"})
    void takesOddKey(String key) {
        taken(() -> StorageRules.check(new GetObject(key)));
    }

    @Test
    void countsBytesOfKeysNotCharacters() {
        taken(() -> StorageRules.check(new GetObject("é".repeat(512))));
        refused("object-key-invalid", () -> StorageRules.check(new GetObject("é".repeat(512) + "a")));
        refused("object-key-invalid", () -> StorageRules.check(new GetObject("a".repeat(100_000))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "text/", "/plain", "text/plain\r\nx: y", "téxt/plain"})
    void refusesBadContentType(String contentType) {
        refused("storage-request-invalid", () -> StorageRules.check(put(contentType, null, null, null)));
    }

    @Test
    void takesContentTypeWithParameter() {
        taken(() -> StorageRules.check(put("text/plain; charset=utf-8", null, null, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "under_score", "-a", "a-", "a b", "ı", "a:b"})
    void refusesBadMetadataName(String name) {
        refused("storage-request-invalid", () -> StorageRules.check(put(null, Map.of(name, "value"), null, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "a\r\nb", "é", "\u0000"})
    void refusesBadMetadataValue(String value) {
        refused("storage-request-invalid", () -> StorageRules.check(put(null, Map.of("name", value), null, null)));
    }

    @Test
    void refusesMoreThanTwoKibibytesOfMetadata() {
        taken(() -> StorageRules.check(put(null, Map.of("name", "v".repeat(2044)), null, null)));
        refused(
                "storage-request-invalid",
                () -> StorageRules.check(put(null, Map.of("name", "v".repeat(2045)), null, null)));
    }

    @Test
    void refusesConditionsThatNeverHoldTogether() {
        taken(() -> StorageRules.check(put(null, null, true, null)));
        taken(() -> StorageRules.check(put(null, null, false, "abc")));
        refused("storage-request-invalid", () -> StorageRules.check(put(null, null, true, "abc")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"quoted\"", "a b", "a\nb", "é"})
    void refusesBadEtag(String etag) {
        refused("storage-request-invalid", () -> StorageRules.check(put(null, null, null, etag)));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE})
    void refusesLimitOutOfBounds(int limit) {
        refused("storage-request-invalid", () -> StorageRules.check(new ListObjects(null, limit, null)));
    }

    @Test
    void takesLimitWithinBoundsAndPrefixOfHalfASegment() {
        taken(() -> StorageRules.check(new ListObjects("a/.", 1, null)));
        taken(() -> StorageRules.check(new ListObjects(null, 1000, null)));
        taken(() -> StorageRules.check(new ListObjects("", null, null)));
        refused("storage-request-invalid", () -> StorageRules.check(new ListObjects("a".repeat(1025), null, null)));
        refused("storage-request-invalid", () -> StorageRules.check(new ListObjects("a\u0000", null, null)));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 604_801})
    void refusesExpiryOutOfBounds(int seconds) {
        refused("storage-request-invalid", () -> StorageRules.check(new SignUrl("a", SignUrl.Access.WRITE, seconds)));
    }

    @Test
    void givesTheRangeThatIsThere() {
        assertThat(StorageRules.range(new GetObject("a"), 10)).isNull();
        assertThat(StorageRules.range(new GetObject("a", 0L, null), 10)).isEqualTo(new ByteRange(0, 10));
        assertThat(StorageRules.range(new GetObject("a", 9L, null), 10)).isEqualTo(new ByteRange(9, 1));
        assertThat(StorageRules.range(new GetObject("a", 2L, 3L), 10)).isEqualTo(new ByteRange(2, 3));
        assertThat(StorageRules.range(new GetObject("a", 8L, Long.MAX_VALUE), 10))
                .isEqualTo(new ByteRange(8, 2));
        refused("storage-range-unsatisfiable", () -> StorageRules.range(new GetObject("a", 10L, 1L), 10));
        refused("storage-range-unsatisfiable", () -> StorageRules.range(new GetObject("a", 0L, null), 0));
    }

    @Test
    void refusesRangeThatIsNone() {
        taken(() -> StorageRules.check(new GetObject("a", 0L, 1L)));
        refused("storage-request-invalid", () -> StorageRules.check(new GetObject("a", -1L, null)));
        refused("storage-request-invalid", () -> StorageRules.check(new GetObject("a", 0L, 0L)));
        refused("storage-request-invalid", () -> StorageRules.check(new GetObject("a", null, 1L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000", "12345678901234567", "\ud800"})
    void refusesBadDelimiter(String delimiter) {
        refused("storage-request-invalid", () -> StorageRules.check(new ListObjects(null, null, null, delimiter)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"})
    void refusesBadDigest(String sha256) {
        refused(
                "storage-request-invalid",
                () -> StorageRules.check(new PutObject("key", null, null, null, null, sha256)));
    }

    @Test
    void digestTakesItsPartOfTheMetadata() {
        String sha256 = "0".repeat(64);
        taken(() ->
                StorageRules.check(new PutObject("key", null, Map.of("name", "v".repeat(1964)), null, null, sha256)));
        refused(
                "storage-request-invalid",
                () -> StorageRules.check(
                        new PutObject("key", null, Map.of("name", "v".repeat(1965)), null, null, sha256)));
    }

    private static PutObject put(
            @Nullable String contentType,
            @Nullable Map<String, String> metadata,
            @Nullable Boolean ifAbsent,
            @Nullable String ifMatch) {
        return new PutObject("key", contentType, metadata, ifAbsent, ifMatch);
    }

    private static void taken(ThrowingCallable check) {
        assertThatCode(check).doesNotThrowAnyException();
    }

    private static void refused(String code, ThrowingCallable check) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(check).satisfies(refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code);
            assertThat(refusal.problem().fix()).isNotBlank();
        });
    }
}
