package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.StorageCalls;
import io.maestro.testing.peers.FirebaseStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The adapter against a server of Google's: the storage emulator of Firebase, as far as that speaks the JSON API. The build
 * runs it with {@code ./test --full} only, because the emulator is large.
 */
final class FirebaseEmulatorTest extends StorageCalls {
    private static FirebaseStorage server;
    private static Path serverFolder;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        serverFolder = folder;
        server = FirebaseStorage.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected ObjectStorage openEmpty() throws IOException {
        return (ObjectStorage) new StorageGcsComponent()
                .open(closeAfterwards(new TestAdapterContext(
                        folder,
                        Map.of(
                                "endpoint",
                                server.endpoint().toString(),
                                "tokenEndpoint",
                                server.tokenEndpoint().toString(),
                                "bucket",
                                "b-" + UUID.randomUUID(),
                                "serviceAccountKey",
                                keyFile()))));
    }

    /** The one that Google has published for tests. */
    private static String keyFile() throws IOException {
        try (InputStream file = FirebaseEmulatorTest.class.getResourceAsStream(
                "/com/google/cloud/conformance/storage/v1/test_service_account.not-a-test.json")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @Test
    void whatIsPutComesBackWithItsDescriptionAndChecksums() throws IOException {
        for (int size : List.of(0, 1, 100_000, Chunk.SIZE)) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 ^ (i >> 8));
            }
            StoredObject stored = put(
                    new PutObject("sized", "text/x-test", Map.of("origin", "a test", "number-2", "b"), null, null),
                    bytes);
            try (OpenObject open = storage().getObject(call(), new GetObject("sized"))) {
                assertThat(open.object()).isEqualTo(stored);
                assertThat(open.object().size()).isEqualTo(size);
                assertThat(open.object().metadata()).containsEntry("number-2", "b");
                assertThat(open.object().contentType()).isEqualTo("text/x-test");
                assertThat(open.content().readAllBytes()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void theEmulatorKeepsItsBytesInItsOwnFolder() {
        put("kept", "x");
        assertThat(serverFolder.resolve("firebase/storage/blobs")).isNotEmptyDirectory();
    }

    @Test
    void oddKeysAreKeptApart() throws IOException {
        List<String> keys = List.of("a b", "a%20b", "a%2Fb", "a+b", "a/b", "a?b#c", "a\\b", "é", "漢字");
        for (String key : keys) {
            put(key, "content of " + key);
        }
        for (String key : keys) {
            assertThat(read(key)).as(key).isEqualTo("content of " + key);
        }
        assertThat(list("a", null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactlyInAnyOrderElementsOf(keys.subList(0, 7));
    }

    @Test
    void listsPageByPage() {
        List<String> keys = List.of("p/1", "p/2", "p/3", "p/4", "p/5");
        keys.forEach(key -> put(key, key));
        put("q", "q");
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            ObjectList page = list("p/", 2, cursor);
            assertThat(page.objects()).hasSizeBetween(1, 2);
            page.objects().forEach(entry -> seen.add(entry.key()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void whatIsDeletedOrNeverWasIsNotFound() {
        put("gone", "x");
        storage().deleteObject(call(), new DeleteObject("gone"));
        storage().deleteObject(call(), new DeleteObject("gone"));
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> read("gone"));
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> read("never"));
        assertThat(list(null, null, null).objects()).isEmpty();
        assertThat(storage().health()).isEqualTo(new Health.Up());
    }
}
