package io.maestro.adapter.spi.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.Operation;
import io.maestro.model.Digest;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An adapter for the contract 1.0, called by name as the host does, answers as one for 1.1. */
final class EarlierStorageTest {
    private static final CallContext CALL = new CallContext("test", Instant.MAX, null);

    private final MemoryOfOneZero storage = new MemoryOfOneZero();

    @Test
    void givesTheRangeAndTheWholeSize() throws IOException {
        storage.put("key", "0123456789");
        try (OpenObject open = get(new GetObject("key", 2L, 3L))) {
            assertThat(open.object().size()).isEqualTo(10);
            assertThat(open.range()).isEqualTo(new ByteRange(2, 3));
            assertThat(open.content().readAllBytes()).isEqualTo("234".getBytes(UTF_8));
            assertThat(open.content().read()).isEqualTo(-1);
        }
        try (OpenObject open = get(new GetObject("key", 8L, 1000L))) {
            assertThat(open.range()).isEqualTo(new ByteRange(8, 2));
            assertThat(open.content().readAllBytes()).isEqualTo("89".getBytes(UTF_8));
        }
        try (OpenObject whole = get(new GetObject("key"))) {
            assertThat(whole.range()).isNull();
            assertThat(whole.content().readAllBytes()).hasSize(10);
        }
        assertThat(storage.open).as("streams that are open").isZero();
    }

    @Test
    void refusesRangesThatAreNotThereAndClosesWhatItOpened() {
        storage.put("key", "0123456789");
        refused("storage-range-unsatisfiable", () -> get(new GetObject("key", 10L, null)));
        refused("storage-request-invalid", () -> get(new GetObject("key", -1L, null)));
        assertThat(storage.open).as("streams that are open").isZero();
    }

    @Test
    void tellsOfAnObjectWithoutItsBytes() {
        storage.put("key", "0123456789");
        StoredObject head = plain("head_object", HeadObject.class, StoredObject.class, new HeadObject("key"));
        assertThat(head.size()).isEqualTo(10);
        assertThat(storage.open).as("streams that are open").isZero();
    }

    @Test
    void contentOfAnotherDigestIsNotStored() {
        storage.put("key", "as it was");
        String said = Digest.sha256("right").hex();
        ProblemException refusal = refused(
                "storage-digest-mismatch", () -> put(new PutObject("key", null, null, null, null, said), "wrong"));
        assertThat(refusal.problem().detail())
                .contains(said)
                .contains(Digest.sha256("wrong").hex());
        assertThat(storage.objects).containsEntry("key", "as it was");
        put(new PutObject("key", null, null, null, null, said), "right");
        assertThat(storage.objects).containsEntry("key", "right");
    }

    @Test
    void dividesListsPageByPageAndTellsEachPrefixOnce() {
        List.of("a", "b/1", "b/2", "b/3", "b/4", "b/5", "c", "d/1", "d/e/1", "e", "f/1")
                .forEach(key -> storage.put(key, key));
        for (int limit = 1; limit <= 12; limit++) {
            List<String> seen = new ArrayList<>();
            String cursor = null;
            do {
                ObjectList page = list(new ListObjects(null, limit, cursor, "/"));
                assertThat(page.prefixes()).isNotNull();
                page.objects().forEach(entry -> seen.add(entry.key()));
                assertThat(page.objects().size() + prefixes(page).size()).isBetween(1, limit);
                seen.addAll(prefixes(page));
                cursor = page.next();
            } while (cursor != null);
            assertThat(seen).as("by %s", limit).containsExactlyInAnyOrder("a", "b/", "c", "d/", "e", "f/");
        }
        assertThat(prefixes(list(new ListObjects("d/", null, null, "/")))).containsExactly("d/e/");
        assertThat(list(new ListObjects(null, null, null)).prefixes()).isNull();
    }

    private static List<String> prefixes(ObjectList page) {
        List<String> prefixes = page.prefixes();
        return prefixes == null ? List.of() : prefixes;
    }

    private static ProblemException refused(String code, ThrowingCallable act) {
        ProblemException[] refusal = new ProblemException[1];
        assertThatExceptionOfType(ProblemException.class).isThrownBy(act).satisfies(e -> {
            assertThat(e.problem().code()).isEqualTo(code);
            refusal[0] = e;
        });
        return refusal[0];
    }

    private ObjectList list(ListObjects request) {
        return plain("list", ListObjects.class, ObjectList.class, request);
    }

    private static Operation<ObjectStorage, ?, ?> operation(String name) {
        return ObjectStorage.TYPE.operation(new OperationName(name)).orElseThrow();
    }

    @SuppressWarnings("unchecked") // by the names of the operations
    private <I extends Record, O extends Record> O plain(String name, Class<I> in, Class<O> out, I request) {
        var plain = (Operation.Plain<ObjectStorage, I, O>) operation(name);
        assertThat(plain.input()).isEqualTo(in);
        assertThat(plain.output()).isEqualTo(out);
        return plain.call().invoke(storage, CALL, request);
    }

    @SuppressWarnings("unchecked") // by the names of the operations
    private OpenObject get(GetObject request) {
        var get = (Operation.Download<ObjectStorage, GetObject, OpenObject, ReadObject>) operation("get_object");
        OpenObject open = get.call().invoke(storage, CALL, request);
        assertThat(get.head().apply(open).range()).isEqualTo(open.range());
        assertThat(get.head().apply(open).size()).isEqualTo(open.object().size());
        return open;
    }

    @SuppressWarnings("unchecked") // by the names of the operations
    private void put(PutObject request, String text) {
        var put = (Operation.Upload<ObjectStorage, PutObject, StoredObject>) operation("put_object");
        put.call()
                .invoke(
                        storage,
                        CALL,
                        request,
                        new Content(new ByteArrayInputStream(text.getBytes(UTF_8)), OptionalLong.of(text.length())));
    }

    /** Knows the five operations, and the records, of the contract 1.0 only. */
    private static final class MemoryOfOneZero implements ObjectStorage {
        private final TreeMap<String, String> objects = new TreeMap<>();
        private int open;

        void put(String key, String text) {
            objects.put(key, text);
        }

        @Override
        public StoredObject putObject(CallContext context, PutObject request, Content content) {
            try {
                objects.put(request.key(), new String(content.bytes().readAllBytes(), UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ProblemException e) {
                throw new IllegalStateException("an adapter may make anything of it", e);
            }
            return stored(request.key());
        }

        private StoredObject stored(String key) {
            String text = objects.get(key);
            if (text == null) {
                throw Problem.of(StorageProblem.OBJECT_NOT_FOUND, "no", "no").asException();
            }
            return new StoredObject(key, text.length(), "e", "text/plain", Instant.EPOCH, Map.of());
        }

        @Override
        public OpenObject getObject(CallContext context, GetObject request) {
            StoredObject stored = stored(request.key());
            open++;
            InputStream content = new ByteArrayInputStream(
                    objects.getOrDefault(request.key(), "").getBytes(UTF_8)) {
                @Override
                public void close() {
                    open--;
                }
            };
            return new OpenObject(stored, content);
        }

        @Override
        public ObjectList list(CallContext context, ListObjects request) {
            List<ObjectList.Entry> page = new ArrayList<>();
            for (String key : objects.tailMap(after(request.cursor()), false).keySet()) {
                if (key.startsWith(StorageRules.prefix(request))) {
                    if (page.size() == StorageRules.limit(request)) {
                        return new ObjectList(page, page.getLast().key());
                    }
                    page.add(new ObjectList.Entry(key, 1, "e", Instant.EPOCH));
                }
            }
            return new ObjectList(page, null);
        }

        private static String after(@Nullable String cursor) {
            return cursor == null ? "" : cursor;
        }

        @Override
        public DeletedObject deleteObject(CallContext context, DeleteObject request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SignedUrl signedUrl(CallContext context, SignUrl request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Health health() {
            return new Health.Up();
        }

        @Override
        public void close() {}
    }
}
