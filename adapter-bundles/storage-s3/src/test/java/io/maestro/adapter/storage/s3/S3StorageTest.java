package io.maestro.adapter.storage.s3;

import static io.maestro.testing.peers.S3Proxy.ACCESS_KEY_ID;
import static io.maestro.testing.peers.S3Proxy.SECRET_ACCESS_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.SecretRotation;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.conformance.storage.StorageCalls;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.testing.peers.S3Proxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is this adapter's own; the rest is in {@link S3ConformanceTest}. */
final class S3StorageTest extends StorageCalls {
    private static S3Proxy server;
    private static int buckets;

    private final List<TestAdapterContext> contexts = new ArrayList<>();
    private String bucket = "";

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = S3Proxy.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void closeContexts() {
        contexts.forEach(TestAdapterContext::close);
    }

    @Override
    protected ObjectStorage openEmpty() throws IOException {
        bucket = "bucket-" + buckets++;
        server.createBucket(bucket);
        return open(Map.of());
    }

    private ObjectStorage open(Map<String, Object> differently) {
        TestAdapterContext context = new TestAdapterContext(folder, configuration(differently));
        contexts.add(context);
        return (ObjectStorage) new StorageS3Component().open(context);
    }

    private Map<String, Object> configuration(Map<String, Object> differently) {
        Map<String, Object> configuration = new HashMap<>(Map.of(
                "endpoint",
                server.endpoint().toString(),
                "bucket",
                bucket,
                "accessKeyId",
                ACCESS_KEY_ID,
                "secretAccessKey",
                SECRET_ACCESS_KEY));
        configuration.putAll(differently);
        return configuration;
    }

    @Test
    void wrongSecretIsRefusedAndNotTold() throws IOException {
        put("there", "x");
        try (ObjectStorage wrong = open(Map.of("secretAccessKey", "a-wrong-secret-of-tests"))) {
            CallContext call = call();
            List<ThrowingCallable> calls = List.of(
                    () -> wrong.getObject(call, new GetObject("there")),
                    () -> wrong.list(call, new ListObjects(null, null, null)),
                    () -> wrong.deleteObject(call, new DeleteObject("there")),
                    () -> wrong.putObject(
                            call,
                            PutObject.of("there"),
                            new Content(GeneratedContent.of(1, 100), OptionalLong.of(100))),
                    () -> wrong.putObject(
                            call,
                            PutObject.of("there"),
                            new Content(GeneratedContent.of(1, 8_000_000), OptionalLong.of(8_000_000))),
                    () -> wrong.putObject(
                            call,
                            PutObject.of("there"),
                            new Content(GeneratedContent.of(1, 20_000_000), OptionalLong.of(20_000_000))));
            for (var act : calls) {
                refused(StorageProblem.STORAGE_ACCESS_DENIED, act);
                assertThatExceptionOfType(ProblemException.class)
                        .isThrownBy(act)
                        .satisfies(refusal -> assertThat(stackTrace(refusal)).doesNotContain("a-wrong-secret"));
            }
            assertThat(wrong.health())
                    .isInstanceOfSatisfying(
                            Health.Down.class,
                            down -> assertThat(down.reason())
                                    .contains("refuses access")
                                    .doesNotContain("a-wrong-secret"));
        }
        assertThat(read("there")).isEqualTo("x");
    }

    @Test
    void takesANewSecretWhileItIsOpen() throws IOException {
        put("there", "x");
        try (ObjectStorage storage = open(Map.of("secretAccessKey", "a-wrong-secret-of-tests"))) {
            refused(
                    StorageProblem.STORAGE_ACCESS_DENIED,
                    () -> storage.list(call(), new ListObjects(null, null, null)));
            TestAdapterContext renewed = new TestAdapterContext(folder, configuration(Map.of()));
            contexts.add(renewed);

            ((SecretRotation) storage).secretsChanged(renewed);

            assertThat(storage.list(call(), new ListObjects(null, null, null)).objects())
                    .hasSize(1);
            assertThat(storage.health()).isEqualTo(new Health.Up());
        }
    }

    @Test
    void unknownAccessKeyIsRefused() {
        try (ObjectStorage wrong = open(Map.of("accessKeyId", "nobody"))) {
            refused(StorageProblem.STORAGE_ACCESS_DENIED, () -> wrong.list(call(), new ListObjects(null, null, null)));
        }
    }

    @Test
    void configurationIsNotPrinted() {
        assertThat(new S3Configuration("http://a", null, "b", "id", new Secret("hidden"), null, null).toString())
                .doesNotContain("hidden");
        assertThat(Bucket.of(new S3Configuration("http://a", null, "b", "id", new Secret("hidden"), null, null))
                        .toString())
                .doesNotContain("hidden");
    }

    @Test
    void missingBucketIsAProblemOfItsOwn() {
        try (ObjectStorage missing = open(Map.of("bucket", "no-such-bucket"))) {
            refused(
                    StorageProblem.STORAGE_CONTAINER_MISSING,
                    () -> missing.list(call(), new ListObjects(null, null, null)));
            refused(StorageProblem.STORAGE_CONTAINER_MISSING, () -> missing.getObject(call(), new GetObject("key")));
            refused(
                    StorageProblem.STORAGE_CONTAINER_MISSING,
                    () -> missing.putObject(
                            call(),
                            PutObject.of("key"),
                            new Content(GeneratedContent.of(1, 10), OptionalLong.empty())));
            assertThat(missing.health())
                    .isInstanceOfSatisfying(
                            Health.Down.class, down -> assertThat(down.reason()).contains("missing"));
        }
    }

    @Test
    void largeObjectGoesInParts() throws IOException {
        for (OptionalLong length : List.of(OptionalLong.of(20_000_000), OptionalLong.empty())) {
            StoredObject stored = storage()
                    .putObject(
                            call(),
                            new PutObject("parts", "text/x-parts", Map.of("origin", "parts"), null, null),
                            new Content(GeneratedContent.of(7, 20_000_000), length));
            assertThat(stored.etag()).endsWith("-3");
            try (OpenObject open = storage().getObject(call(), new GetObject("parts"))) {
                assertThat(open.object().contentType()).isEqualTo("text/x-parts");
                assertThat(open.object().metadata()).isEqualTo(Map.of("origin", "parts"));
                assertThat(open.object().etag()).isEqualTo(stored.etag());
                assertThat(GeneratedContent.digest(open.content()))
                        .isEqualTo(GeneratedContent.digest(GeneratedContent.of(7, 20_000_000)));
            }
        }
        assertThat(unfinishedUploads()).isEmpty();
    }

    @Test
    void contentOfExactlyOnePartIsStored() throws IOException {
        for (long size : List.of((long) Upload.PART - 1, (long) Upload.PART, (long) Upload.PART + 1)) {
            for (OptionalLong length : List.of(OptionalLong.of(size), OptionalLong.empty())) {
                storage().putObject(call(), PutObject.of("edge"), new Content(GeneratedContent.of(3, size), length));
                try (OpenObject open = storage().getObject(call(), new GetObject("edge"))) {
                    assertThat(open.object().size()).isEqualTo(size);
                    assertThat(GeneratedContent.digest(open.content()))
                            .isEqualTo(GeneratedContent.digest(GeneratedContent.of(3, size)));
                }
            }
        }
    }

    @Test
    void conditionsHoldForLargeObjectsToo() throws IOException {
        StoredObject first = put("large", "small still");
        for (PutObject conditional : List.of(
                new PutObject("large", null, null, true, null),
                new PutObject("large", null, null, null, "0".repeat(32)))) {
            refused(
                    StorageProblem.STORAGE_PRECONDITION_FAILED,
                    () -> storage()
                            .putObject(
                                    call(),
                                    conditional,
                                    new Content(GeneratedContent.of(1, 10_000_000), OptionalLong.of(10_000_000))));
        }
        assertThat(read("large")).isEqualTo("small still");
        assertThat(unfinishedUploads()).isEmpty();
        StoredObject second = storage()
                .putObject(
                        call(),
                        new PutObject("large", null, null, null, first.etag()),
                        new Content(GeneratedContent.of(1, 10_000_000), OptionalLong.of(10_000_000)));
        assertThat(second.etag()).endsWith("-2");
    }

    @Test
    void refusalOfALongBodyIsHeard() {
        StoredObject first = put("long", "x");
        for (long size : List.of(100L, 60_000L, 70_000L, 1_000_000L, 8_000_000L)) {
            for (OptionalLong length : List.of(OptionalLong.of(size), OptionalLong.empty())) {
                refused(
                        StorageProblem.STORAGE_PRECONDITION_FAILED,
                        () -> storage()
                                .putObject(
                                        call(),
                                        new PutObject("long", null, null, true, null),
                                        new Content(GeneratedContent.of(1, size), length)));
            }
        }
        assertThat(list(null, null, null).objects().getFirst().etag()).isEqualTo(first.etag());
    }

    @Test
    void failedUploadLeavesNoParts() {
        for (OptionalLong length : List.of(OptionalLong.of(30_000_000), OptionalLong.empty())) {
            refused(
                    StorageProblem.CONTENT_INCOMPLETE,
                    () -> storage()
                            .putObject(
                                    call(),
                                    PutObject.of("broken"),
                                    new Content(GeneratedContent.broken(1, 20_000_000), length)));
        }
        assertThat(unfinishedUploads()).isEmpty();
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void interruptedUploadLeavesNoParts() throws Exception {
        GeneratedContent content = GeneratedContent.with(
                1, 30_000_000, 20_000_000, () -> Thread.currentThread().interrupt());
        Future<?> put;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            put = executor.submit(() -> storage()
                    .putObject(call(), PutObject.of("interrupted"), new Content(content, OptionalLong.of(30_000_000))));
        }
        assertThat(put.exceptionNow()).isInstanceOf(ProblemException.class);
        assertThat(unfinishedUploads()).isEmpty();
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void pagesThroughMoreThanTwoThousandFiveHundredObjects() throws Exception {
        int count = 2_510;
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            List<Future<?>> puts = IntStream.range(0, count)
                    .<Future<?>>mapToObj(i -> executor.submit(() -> put("many/%05d".formatted(i), "x")))
                    .toList();
            for (Future<?> put : puts) {
                put.get();
            }
        }
        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String cursor = null;
        do {
            ObjectList page = list("many/", null, cursor);
            page.objects().forEach(entry -> seen.add(entry.key()));
            sizes.add(page.objects().size());
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen)
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj("many/%05d"::formatted)
                        .toList());
        assertThat(sizes).containsExactly(1000, 1000, 510);
    }

    @Test
    void instancesWithPrefixesShareABucket() throws IOException {
        try (ObjectStorage left = open(Map.of("prefix", "left/"));
                ObjectStorage right = open(Map.of("prefix", "right/"))) {
            left.putObject(call(), PutObject.of("key"), new Content(GeneratedContent.of(1, 10), OptionalLong.of(10)));
            refused(StorageProblem.OBJECT_NOT_FOUND, () -> right.getObject(call(), new GetObject("key")));
            assertThat(left.list(call(), new ListObjects("k", null, null)).objects())
                    .extracting(ObjectList.Entry::key)
                    .containsExactly("key");
            assertThat(right.list(call(), new ListObjects(null, null, null)).objects())
                    .isEmpty();
            assertThat(list(null, null, null).objects())
                    .extracting(ObjectList.Entry::key)
                    .containsExactly("left/key");
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> left.getObject(call(), new GetObject("k".repeat(1020))));
        }
    }

    @Test
    void refusedConnectionIsRetryable() {
        try (ObjectStorage nowhere = open(Map.of("endpoint", "http://127.0.0.1:1"))) {
            unreachable(() -> nowhere.list(call(), new ListObjects(null, null, null)));
            unreachable(() -> nowhere.getObject(call(), new GetObject("key")));
            unreachable(() -> nowhere.putObject(
                    call(), PutObject.of("key"), new Content(GeneratedContent.of(1, 1_000), OptionalLong.of(1_000))));
            unreachable(() -> nowhere.putObject(
                    call(),
                    PutObject.of("key"),
                    new Content(GeneratedContent.of(1, 20_000_000), OptionalLong.empty())));
            assertThat(nowhere.health()).isInstanceOf(Health.Down.class);
        }
    }

    @Test
    void serverKilledInTheMiddleOfAPutIsARetryableProblem(@TempDir Path own) throws Exception {
        try (S3Proxy mortal = S3Proxy.start(own)) {
            mortal.createBucket("mortal");
            Map<String, Object> there = Map.of("endpoint", mortal.endpoint().toString(), "bucket", "mortal");
            try (ObjectStorage storage = open(there)) {
                for (long size : List.of(6_000_000L, 30_000_000L)) {
                    storage.putObject(
                            call(), PutObject.of("kept"), new Content(GeneratedContent.of(1, 10), OptionalLong.of(10)));
                    GeneratedContent content = GeneratedContent.with(2, size, size / 2, mortal::kill);
                    unreachable(() -> storage.putObject(
                            call(), PutObject.of("kept"), new Content(content, OptionalLong.of(size))));
                    assertThat(storage.health()).isInstanceOf(Health.Down.class);
                    mortal.restart();
                    assertThat(storage.health()).isEqualTo(new Health.Up());
                    try (OpenObject open = storage.getObject(call(), new GetObject("kept"))) {
                        assertThat(open.object().size()).isEqualTo(10);
                    }
                }
            }
        }
    }

    @Test
    void serverKilledInTheMiddleOfAGetIsNoShortObject(@TempDir Path own) throws Exception {
        try (S3Proxy mortal = S3Proxy.start(own)) {
            mortal.createBucket("mortal");
            Map<String, Object> there = Map.of("endpoint", mortal.endpoint().toString(), "bucket", "mortal");
            try (ObjectStorage storage = open(there)) {
                long size = 40_000_000;
                storage.putObject(
                        call(),
                        PutObject.of("large"),
                        new Content(GeneratedContent.of(1, size), OptionalLong.of(size)));
                try (OpenObject open = storage.getObject(call(), new GetObject("large"))) {
                    assertThat(open.content().readNBytes(100_000)).hasSize(100_000);
                    mortal.kill();
                    assertThatIOException().isThrownBy(() -> GeneratedContent.digest(open.content()));
                }
            }
        }
    }

    private static void unreachable(ThrowingCallable act) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(act).satisfies(refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
            assertThat(refusal.problem().retry()).isInstanceOf(Retry.After.class);
        });
    }

    /** What the store still keeps of unfinished uploads, asked past the adapter's own operations. */
    private List<String> unfinishedUploads() {
        TestAdapterContext context = contexts.getFirst();
        Bucket place = Bucket.of(context.configuration(S3Configuration.class));
        Connection connection = new Connection(context.http(), new Signer(place, context.clock()), context.clock());
        String xml = new String(
                connection
                        .send(
                                S3Request.of("GET", "").query("uploads", ""),
                                Instant.now().plusSeconds(60))
                        .body()
                        .bytes(),
                UTF_8);
        assertThat(xml).contains("ListMultipartUploadsResult");
        return xml.lines().filter(line -> line.contains("<UploadId>")).toList();
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
