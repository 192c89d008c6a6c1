package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists with a delimiter tell keys by what they begin with, once and in order, page by page. */
abstract class DivisionContract extends StorageContract {
    private static final Comparator<String> BY_BYTES =
            (left, right) -> Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8));

    DivisionContract(StorageKit kit) {
        super(kit);
    }

    private ObjectList divided(
            @Nullable String prefix, @Nullable Integer limit, @Nullable String cursor, @Nullable String delimiter) {
        return storage().list(call(), new ListObjects(prefix, limit, cursor, delimiter));
    }

    private static List<String> prefixes(ObjectList page) {
        List<String> prefixes = page.prefixes();
        assertThat(prefixes).as("what a list with a delimiter has").isNotNull();
        return prefixes == null ? List.of() : prefixes;
    }

    private static List<String> keys(ObjectList page) {
        return page.objects().stream().map(ObjectList.Entry::key).toList();
    }

    @Test
    void keysWithADelimiterAreToldByWhatTheyBeginWith() {
        List.of("top", "a/1", "a/2", "a/deep/1", "a/deep/2", "a/deep er/1", "é/1", "b/", "c+d/1")
                .forEach(key -> put(key, key));
        ObjectList all = divided(null, null, null, "/");
        assertThat(keys(all)).containsExactly("top");
        assertThat(prefixes(all)).containsExactly("a/", "b/", "c+d/", "é/");
        assertThat(all.next()).isNull();
        ObjectList below = divided("a/", null, null, "/");
        assertThat(keys(below)).containsExactly("a/1", "a/2");
        assertThat(prefixes(below)).containsExactly("a/deep er/", "a/deep/");
        ObjectList halfName = divided("a/d", null, null, "/");
        assertThat(keys(halfName)).isEmpty();
        assertThat(prefixes(halfName)).containsExactly("a/deep er/", "a/deep/");
        ObjectList nothing = divided("nothing", null, null, "/");
        assertThat(keys(nothing)).isEmpty();
        assertThat(prefixes(nothing)).isEmpty();
    }

    @Test
    void withoutADelimiterAllKeysAreToldAndNoPrefixes() {
        List.of("a/1", "a/2", "b").forEach(key -> put(key, key));
        ObjectList all = divided(null, null, null, null);
        assertThat(keys(all)).containsExactly("a/1", "a/2", "b");
        assertThat(all.prefixes()).isNull();
    }

    @Test
    void pagesThroughObjectsAndPrefixesOnceAndInOrder() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                put("list/dir-%d/%d".formatted(i, j), "x");
            }
            put("list/file-%d".formatted(i), "x");
            put("list/dir-%d.txt".formatted(i), "x");
            expected.addAll(
                    List.of("list/dir-%d/".formatted(i), "list/file-%d".formatted(i), "list/dir-%d.txt".formatted(i)));
        }
        put("list/zip/1", "x");
        put("list/zip/2", "x");
        expected.add("list/zip/");
        expected.sort(BY_BYTES);
        put("listing", "x");
        for (int limit : List.of(1, 2, 3, 5, 12, 13, 14)) {
            List<String> seen = new ArrayList<>();
            String cursor = null;
            int pages = 0;
            do {
                ObjectList page = divided("list/", limit, cursor, "/");
                List<String> told = new ArrayList<>(keys(page));
                told.addAll(prefixes(page));
                assertThat(told).as("a page of %s", limit).hasSizeBetween(1, limit);
                assertThat(keys(page)).isSortedAccordingTo(BY_BYTES);
                assertThat(prefixes(page)).isSortedAccordingTo(BY_BYTES);
                told.sort(BY_BYTES);
                seen.addAll(told);
                cursor = page.next();
                pages++;
            } while (cursor != null && pages < 30);
            assertThat(seen).as("pages of %s", limit).isEqualTo(expected);
        }
    }

    @Test
    void delimitersThatAreNoneAreRefused() {
        for (String bad : List.of("", "a\u0000", "12345678901234567")) {
            refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> divided(null, null, null, bad));
        }
    }
}
