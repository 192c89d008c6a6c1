package io.maestro.adapter.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.conformance.storage.StorageCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is this adapter's own; the rest is in {@link FileConformanceTest}. */
final class FileStorageTest extends StorageCalls {
    @TempDir
    Path folder;

    @Override
    protected ObjectStorage openEmpty() {
        return open(Map.of());
    }

    @Test
    void ordersKeysByTheirUtf8BytesWhichIsNotTheOrderOfJavaStrings() {
        String late = "\ud83d\ude42";
        String early = "\uffee";
        assertThat(late).isLessThan(early);
        put(late, "x");
        put(early, "x");
        ObjectList first = list(null, 1, null);
        assertThat(first.objects()).extracting(ObjectList.Entry::key).containsExactly(early);
        assertThat(list(null, 1, first.next()).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly(late);
    }

    private ObjectStorage open(Map<String, ?> configuration) {
        try (TestAdapterContext context = new TestAdapterContext(folder, configuration)) {
            return (ObjectStorage) new StorageFileComponent().open(context);
        }
    }

    @Test
    void keysThatAreFoldersElsewhereAreJustKeys() throws IOException {
        List<String> keys = List.of("/", "//", "/a", "a", "a/", "a//b", "a/b", "a/b/");
        for (String key : keys) {
            put(key, "content of " + key);
        }
        for (String key : keys) {
            assertThat(read(key)).isEqualTo("content of " + key);
        }
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .isEqualTo(keys);
    }

    @Test
    void longKeysAreStoredListedAndKeptApart() throws IOException {
        List<String> keys = List.of("é".repeat(511) + "a", "é".repeat(511) + "b", "é".repeat(512));
        for (String key : keys) {
            put(key, "content of " + key);
        }
        for (String key : keys) {
            assertThat(read(key)).isEqualTo("content of " + key);
        }
        assertThat(list("éé", 2, null).objects())
                .extracting(ObjectList.Entry::key)
                .isEqualTo(keys.subList(0, 2));
        storage().deleteObject(call(), new DeleteObject(keys.get(0)));
        assertThat(list(null, null, null).objects()).hasSize(2);
    }

    @Test
    void nothingIsWrittenOutsideItsFolders() throws IOException {
        for (String key : List.of("...", "a/...", "%2e%2e/up", "..\\up", "objects/x", "incoming/x", "~")) {
            put(key, "x");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !folder.resolve("objects").equals(file.getParent())))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    @Test
    void readersSeeOneStateAndNeverAMix() throws Exception {
        byte[] ones = "1".repeat(300_000).getBytes(UTF_8);
        byte[] twos = "2".repeat(200_000).getBytes(UTF_8);
        PutObject one = new PutObject("mix", "text/one", Map.of("state", "1"), null, null);
        PutObject two = new PutObject("mix", "text/two", Map.of("state", "2"), null, null);
        put(one, ones);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int writer = 0; writer < 2; writer++) {
                tasks.add(executor.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        put(one, ones);
                        put(two, twos);
                    }
                }));
            }
            for (int reader = 0; reader < 4; reader++) {
                tasks.add(executor.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        try (OpenObject open = storage().getObject(call(), new GetObject("mix"))) {
                            boolean first = open.object().contentType().equals("text/one");
                            assertThat(open.object().metadata()).isEqualTo(Map.of("state", first ? "1" : "2"));
                            assertThat(open.content().readAllBytes()).isEqualTo(first ? ones : twos);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
        }
    }

    @Test
    void failedPutsLeaveNoFiles() throws IOException {
        refused(
                StorageProblem.CONTENT_INCOMPLETE,
                () -> storage()
                        .putObject(
                                call(),
                                PutObject.of("broken"),
                                new Content(GeneratedContent.broken(1, 100_000), OptionalLong.empty())));
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void opensAfterACrashWithoutItsUnfinishedFiles() throws IOException {
        Path left = Files.writeString(folder.resolve("incoming/7c1e1a5c-5a0e-4b9e-9a55-1f1d6b1b2c3d_1"), "half");
        Path lock = Files.writeString(folder.resolve("incoming/7c1e1a5c-5a0e-4b9e-9a55-1f1d6b1b2c3d.lock"), "");
        open(Map.of()).close();
        assertThat(left).doesNotExist();
        assertThat(lock).doesNotExist();
    }

    @Test
    void anotherInstanceThatOpensSparesWhatThisOneWrites() throws IOException {
        GeneratedContent content =
                GeneratedContent.with(1, 300_000, 100_000, () -> open(Map.of()).close());
        storage().putObject(call(), PutObject.of("spared"), new Content(content, OptionalLong.empty()));
        try (OpenObject object = storage().getObject(call(), new GetObject("spared"))) {
            assertThat(GeneratedContent.digest(object.content()))
                    .isEqualTo(GeneratedContent.digest(GeneratedContent.of(1, 300_000)));
        }
    }

    @Test
    void closingEndsReadingAndLeavesNoLock() throws IOException {
        put("read", "x".repeat(100_000));
        OpenObject open = storage().getObject(call(), new GetObject("read"));
        storage().close();
        assertThatIOException().isThrownBy(() -> open.content().read());
        try (Stream<Path> files = Files.list(folder.resolve("incoming"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void refusesMoreThanConfigured() {
        try (ObjectStorage small = open(Map.of("maxObjectBytes", 10))) {
            small.putObject(
                    call(), PutObject.of("fits"), new Content(GeneratedContent.of(1, 10), OptionalLong.empty()));
            refused(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    () -> small.putObject(
                            call(),
                            PutObject.of("known"),
                            new Content(GeneratedContent.of(1, 11), OptionalLong.of(11))));
            refused(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    () -> small.putObject(
                            call(),
                            PutObject.of("unknown"),
                            new Content(GeneratedContent.of(1, 11), OptionalLong.empty())));
        }
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly("fits");
    }

    @Test
    void followsNoSymbolicLink() throws IOException {
        put("real", "secret");
        Files.createSymbolicLink(folder.resolve("objects/link"), folder.resolve("objects/real"));
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("link")));
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly("real");
        put("link", "own");
        assertThat(read("real")).isEqualTo("secret");
        assertThat(read("link")).isEqualTo("own");
    }

    @Test
    void refusesToOpenThroughASymbolicLink(@TempDir Path elsewhere) throws IOException {
        storage().close();
        Files.delete(folder.resolve("incoming"));
        Files.createSymbolicLink(folder.resolve("incoming"), elsewhere);
        refused(StorageProblem.STORAGE_FAILED, () -> open(Map.of()));
    }

    @Test
    void damagedObjectIsAProblemAndNotItsContent() throws IOException {
        put("damaged", "some content");
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("objects/damaged").toFile(), "rw")) {
            file.setLength(file.length() - 1);
        }
        refused(StorageProblem.STORAGE_FAILED, () -> storage().getObject(call(), new GetObject("damaged")));
    }

    @Test
    void foreignFilesAreNotListed() throws IOException {
        put("own", "x");
        Files.writeString(folder.resolve("objects/Foreign"), "y");
        Files.createDirectory(folder.resolve("objects/directory"));
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::key)
                .containsExactly("own");
    }

    @Test
    void isDownWithoutItsFolder(@TempDir Path other) throws IOException {
        Path gone = Files.createDirectory(other.resolve("gone"));
        try (TestAdapterContext context = new TestAdapterContext(gone, Map.of());
                ObjectStorage storage = (ObjectStorage) new StorageFileComponent().open(context)) {
            Files.move(gone, other.resolve("moved"));
            assertThat(storage.health()).isInstanceOf(Health.Down.class);
        }
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("incoming"))) {
            return files.filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }
}
