package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists tell all objects, once and in order, page by page. */
abstract class ListContract extends StorageContract {
    ListContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void nothingIsAnEmptyPageAndTheLast() {
        assertThat(list(null, null, null)).isEqualTo(new ObjectList(List.of(), null));
    }

    @Test
    void pagesThroughAllObjectsOnceAndInOrder() {
        List<String> keys =
                IntStream.range(0, 25).mapToObj("page/%02d"::formatted).toList();
        keys.reversed().forEach(key -> put(key, key));
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            ObjectList page = list("page/", 7, cursor);
            assertThat(page.objects()).hasSizeBetween(1, 7);
            page.objects().forEach(entry -> seen.add(entry.key()));
            cursor = page.next();
            pages++;
        } while (cursor != null && pages < 30);
        assertThat(seen).isEqualTo(keys);
        assertThat(pages).isEqualTo(4);
    }

    @Test
    void nextPageBeginsAfterTheLastObjectWhateverWasDeletedBefore() {
        List<String> keys = IntStream.range(0, 6).mapToObj("key-%d"::formatted).toList();
        keys.forEach(key -> put(key, key));
        ObjectList first = list(null, 3, null);
        keys.subList(0, 2).forEach(key -> storage().deleteObject(call(), new DeleteObject(key)));
        assertThat(first.next()).isNotNull();
        assertThat(list(null, 3, first.next()).objects())
                .extracting(ObjectList.Entry::key)
                .isEqualTo(keys.subList(3, 6));
    }

    @Test
    void lastFullPageHasNoNext() {
        put("a", "1");
        put("b", "2");
        ObjectList page = list(null, 2, null);
        assertThat(page.objects()).hasSize(2);
        assertThat(page.next()).isNull();
    }

    @Test
    void listsByPrefixOnly() {
        // not "ab" itself: to some stores that are folders within, it is a folder already
        List.of("b", "ab/c", "a", "abc", "AB", "ab/d/e").forEach(key -> put(key, key));
        assertThat(list("ab", null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly("ab/c", "ab/d/e", "abc");
        assertThat(list("ab/", null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly("ab/c", "ab/d/e");
        assertThat(list("nothing", null, null)).isEqualTo(new ObjectList(List.of(), null));
        assertThat(list("", null, null).objects()).hasSize(6);
    }

    @Test
    void entriesSayWhatGetSays() throws IOException {
        put("one", "12345");
        ObjectList.Entry entry = list(null, null, null).objects().getFirst();
        try (OpenObject open = storage().getObject(call(), new GetObject("one"))) {
            assertThat(entry.size()).isEqualTo(5);
            assertThat(entry.etag()).isEqualTo(open.object().etag());
            assertThat(Duration.between(entry.lastModified(), open.object().lastModified())
                            .abs())
                    .isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void limitsAndCursorsOutOfBoundsAreRefused() {
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, 0, null));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, 1001, null));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list("a\u0000", null, null));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, null, "no such cursor!"));
    }
}
