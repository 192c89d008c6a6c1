package io.maestro.testing.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every storage keeps, whatever stands behind it. Run it with a heap smaller than 64 MiB, so that streaming is proven.
 */
public abstract class ObjectStorageContract extends StreamContract {
    @Test
    void returnsWhatWasStored() throws IOException {
        Instant before = Instant.now().minus(Duration.ofMinutes(1));
        PutObject request = new PutObject(
                "folder/notes.txt",
                "text/plain;charset=utf-8",
                Map.of("origin", "unit test", "number-2", "a=b"),
                null,
                null);
        StoredObject stored = put(request, "content ıİ".getBytes(UTF_8));
        assertThat(stored.key()).isEqualTo("folder/notes.txt");
        assertThat(stored.size()).isEqualTo("content ıİ".getBytes(UTF_8).length);
        assertThat(stored.etag()).isNotBlank().doesNotContain("\"");
        assertThat(stored.contentType()).isEqualTo("text/plain;charset=utf-8");
        assertThat(stored.metadata()).isEqualTo(Map.of("origin", "unit test", "number-2", "a=b"));
        assertThat(stored.lastModified()).isBetween(before, Instant.now().plus(Duration.ofMinutes(1)));
        try (OpenObject open = storage().getObject(call(), new GetObject("folder/notes.txt"))) {
            assertThat(open.content().readAllBytes()).isEqualTo("content ıİ".getBytes(UTF_8));
            assertThat(open.content().read()).isEqualTo(-1);
            assertThat(open.object())
                    .usingRecursiveComparison()
                    .ignoringFields("lastModified")
                    .isEqualTo(stored);
            assertThat(Duration.between(stored.lastModified(), open.object().lastModified())
                            .abs())
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void storesPlainBytesWhenNothingIsSaid() throws IOException {
        put("plain", "x");
        try (OpenObject open = storage().getObject(call(), new GetObject("plain"))) {
            assertThat(open.object().contentType()).isEqualTo("application/octet-stream");
            assertThat(open.object().metadata()).isEmpty();
        }
    }

    @Test
    void storesEmptyObjectOfKnownAndUnknownLength() throws IOException {
        put("empty", "");
        storage()
                .putObject(
                        call(),
                        PutObject.of("empty-too"),
                        new Content(InputStream.nullInputStream(), OptionalLong.empty()));
        assertThat(read("empty")).isEmpty();
        assertThat(read("empty-too")).isEmpty();
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::size)
                .containsExactly(0L, 0L);
    }

    @Test
    void replacesContentTypeAndMetadataTogether() throws IOException {
        StoredObject first =
                put(new PutObject("key", "text/plain", Map.of("a", "1"), null, null), "first".getBytes(UTF_8));
        StoredObject second =
                put(new PutObject("key", "text/html", Map.of("b", "2"), null, null), "the second".getBytes(UTF_8));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThat(open.object().contentType()).isEqualTo("text/html");
            assertThat(open.object().metadata()).isEqualTo(Map.of("b", "2"));
            assertThat(open.object().etag()).isEqualTo(second.etag());
            assertThat(new String(open.content().readAllBytes(), UTF_8)).isEqualTo("the second");
        }
    }

    @Test
    void saysThatAnObjectIsNotThere() {
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("missing")));
    }

    @Test
    void deletesTwiceWithoutFailure() {
        put("gone", "x");
        assertThat(storage().deleteObject(call(), new DeleteObject("gone")).key())
                .isEqualTo("gone");
        assertThat(storage().deleteObject(call(), new DeleteObject("gone")).key())
                .isEqualTo("gone");
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("gone")));
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void keepsOddKeysApartAndListsThemInOrderOfTheirBytes() throws IOException {
        List<String> keys = new ArrayList<>(List.of(
                "a",
                "A",
                "a b",
                "a+b",
                "a%20b",
                "a%2Fb",
                "a&b=c?d#e",
                "a'b\"c",
                "a<b>c",
                "a;b",
                "a,b",
                "a\\b",
                "a~b",
                "a*b",
                "é",
                "e\u0301",
                "ı",
                "İ",
                "ß",
                "漢字",
                "🙂",
                "a!b(c)",
                "a@b:c$d",
                "x/y/z",
                "x-y",
                "...",
                ".hidden"));
        for (String key : keys) {
            put(key, "content of " + key);
        }
        for (String key : keys) {
            assertThat(read(key)).as(key).isEqualTo("content of " + key);
        }
        keys.sort((left, right) -> Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8)));
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .isEqualTo(keys);
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
        } while (cursor != null);
        assertThat(seen).isEqualTo(keys);
        assertThat(pages).isEqualTo(4);
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
    void entriesOfListSayWhatGetSays() throws IOException {
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
    void storesOnlyIfAbsentWhenAsked() throws IOException {
        put(ifAbsent("once"), "first".getBytes(UTF_8));
        refused(StorageProblem.STORAGE_PRECONDITION_FAILED, () -> put(ifAbsent("once"), "second".getBytes(UTF_8)));
        assertThat(read("once")).isEqualTo("first");
    }

    @Test
    void storesOnlyOverTheExpectedStateWhenAsked() throws IOException {
        StoredObject first = put("state", "first");
        StoredObject second = put(ifMatch("state", first.etag()), "second".getBytes(UTF_8));
        refused(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                () -> put(ifMatch("state", first.etag()), "third".getBytes(UTF_8)));
        refused(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                () -> put(ifMatch("missing", second.etag()), "third".getBytes(UTF_8)));
        assertThat(read("state")).isEqualTo("second");
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void oneOfManyConditionalPutsWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "race-" + round;
            List<Integer> first = winners(index -> put(ifAbsent(key), ("winner " + index).getBytes(UTF_8)));
            assertThat(first).as("puts if absent that won").isNotEmpty();
            String etag = list(key, null, null).objects().getFirst().etag();
            List<Integer> second =
                    winners(index -> put(ifMatch(key, etag), ("second winner " + index).getBytes(UTF_8)));
            assertThat(second).as("puts if unchanged that won").isNotEmpty();
            if (checksConditionsAtomically()) {
                assertThat(first).hasSize(1);
                assertThat(second).hasSize(1);
            }
            assertThat(second).extracting(index -> "second winner " + index).contains(read(key));
        }
    }

    @Test
    void refusesBadRequests() {
        refused(StorageProblem.OBJECT_KEY_INVALID, () -> put("../up", "x"));
        refused(StorageProblem.OBJECT_KEY_INVALID, () -> put("", "x"));
        refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().getObject(call(), new GetObject("a\u0000b")));
        refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().deleteObject(call(), new DeleteObject("a/./b")));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, 0, null));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, 1001, null));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> list(null, null, "no such cursor!"));
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> put(new PutObject("a", null, Map.of("Upper", "x"), null, null), new byte[0]));
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> storage().signedUrl(call(), new SignUrl("a", SignUrl.Access.READ, 0)));
    }

    @Test
    void signsUrlsOrSaysThatItCannot() {
        SignUrl request = new SignUrl("signed", SignUrl.Access.READ, 60);
        if (!signsUrls()) {
            refused(StorageProblem.STORAGE_UNSUPPORTED, () -> storage().signedUrl(call(), request));
            return;
        }
        SignedUrl url = storage().signedUrl(call(), request);
        assertThat(url.method()).isEqualTo("GET");
        assertThat(url.expiresAt()).isBetween(Instant.now(), Instant.now().plusSeconds(61));
        assertThat(url.toString()).doesNotContain(url.url().toString());
    }

    @Test
    void isUp() {
        assertThat(storage().health()).isEqualTo(new Health.Up());
    }

    @Test
    void refusesEverythingOnceClosed() {
        put("kept", "x");
        storage().close();
        refused(StorageProblem.STORAGE_CLOSED, () -> put("kept", "y"));
        refused(StorageProblem.STORAGE_CLOSED, () -> storage().getObject(call(), new GetObject("kept")));
        refused(StorageProblem.STORAGE_CLOSED, () -> list(null, null, null));
        refused(StorageProblem.STORAGE_CLOSED, () -> storage().deleteObject(call(), new DeleteObject("kept")));
        refused(
                StorageProblem.STORAGE_CLOSED,
                () -> storage().signedUrl(call(), new SignUrl("kept", SignUrl.Access.READ, 1)));
        assertThat(storage().health()).isInstanceOf(Health.Down.class);
    }
}
