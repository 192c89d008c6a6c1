package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store may answer and a real one rarely does when asked to. */
final class AnswersTest {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private ExecutorService threads;
    private HttpServer server;
    private TestAdapterContext context;
    private ObjectStorage storage;

    @FunctionalInterface
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private volatile Handler handler = exchange -> answer(exchange, 500, "");

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            handler.handle(exchange);
        });
        server.start();
        context = new TestAdapterContext(
                folder,
                Map.of(
                        "endpoint",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "bucket",
                        "fake",
                        "accessKeyId",
                        "id",
                        "secretAccessKey",
                        "hidden"));
        storage = (ObjectStorage) new StorageS3Component().open(context);
    }

    @AfterEach
    void stop() {
        storage.close();
        context.close();
        threads.shutdownNow();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidArgument, storage-request-invalid, false",
        "400, KeyTooLongError, object-key-invalid, false",
        "301, PermanentRedirect, storage-failed, false",
        "401, '', storage-access-denied, false",
        "403, RequestTimeTooSkewed, storage-access-denied, false",
        "404, NoSuchKey, object-not-found, false",
        "404, NoSuchBucket, storage-container-missing, false",
        "429, TooManyRequests, storage-throttled, true",
        "500, InternalError, storage-failed, true",
        "501, NotImplemented, storage-unsupported, false",
        "503, SlowDown, storage-throttled, true",
        "503, '', storage-throttled, true"
    })
    void failuresBecomeProblems(int status, String code, String problem, boolean retryable) {
        handler = exchange -> answer(
                exchange,
                status,
                "<Error><Code>" + code + "</Code><Message>echoed hidden</Message><Resource>/x</Resource></Error>");
        Problem refusal = refused(() -> storage.getObject(call(), new GetObject("key")));
        assertThat(refusal.code()).isEqualTo(problem);
        assertThat(refusal.retry()).isInstanceOf(retryable ? Retry.After.class : Retry.Never.class);
        assertThat(refusal.toString()).doesNotContain("echoed");
        assertThat(asked).as("requests; the adapter never retries").hasSize(1);
    }

    @Test
    void throttlingSaysHowLongToWait() {
        handler = exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            answer(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
        };
        assertThat(refused(() -> storage.list(call(), new ListObjects(null, null, null)))
                        .retry())
                .isEqualTo(Retry.after(Duration.ofSeconds(7)));
        assertThat(storage.health()).isInstanceOf(Health.Degraded.class);
    }

    @Test
    void storeThatDoesNotAnswerIsUnreachableAtTheDeadline() {
        handler = exchange -> {}; // keeps the exchange open
        CallContext brief = new CallContext("test", Instant.now().plusMillis(300), null);
        assertThat(refused(() -> storage.list(brief, new ListObjects(null, null, null)))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
    }

    @Test
    void storeThatStopsReadingIsUnreachableAtTheDeadlineAndFillsNoMemory() {
        handler = exchange -> {}; // does not read the body
        CallContext brief = new CallContext("test", Instant.now().plusSeconds(1), null);
        long size = Upload.PART;
        Problem refusal = refused(() -> storage.putObject(
                brief, PutObject.of("key"), new Content(GeneratedContent.of(1, size), OptionalLong.of(size))));
        assertThat(refusal.code()).isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
        assertThat(refusal.retry()).isInstanceOf(Retry.After.class);
    }

    @Test
    void shortAnswerIsAFailureAndNotAShortObject() {
        handler = exchange -> {
            object(exchange, 1000);
            exchange.getResponseBody().write(new byte[400]);
            exchange.getResponseBody().flush();
            exchange.close();
        };
        assertThatIOException().isThrownBy(() -> {
            try (OpenObject object = storage.getObject(call(), new GetObject("key"))) {
                object.content().readAllBytes();
            }
        });
    }

    @Test
    void objectWithoutLengthIsRefused() {
        handler = exchange -> {
            object(exchange, 0);
            exchange.getResponseBody().write(new byte[400]);
            exchange.close();
        };
        assertThat(refused(() -> storage.getObject(call(), new GetObject("key")))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_FAILED.code());
    }

    @ParameterizedTest
    @CsvSource({"200, ''", "206, bytes 0-9/10", "206, bytes 3-5/10", "206, bytes 4-5/10", "206, bytes 3-4/*"})
    void otherBytesThanThoseOfTheRangeAreNotGiven(int status, String range) {
        handler = exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            exchange.getResponseHeaders().set("Last-Modified", "Fri, 20 Nov 2026 22:00:00 GMT");
            if (!range.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Range", range);
            }
            answer(exchange, status, "0123456789");
        };
        Problem refusal = refused(() -> storage.getObject(call(), new GetObject("key", 3L, 2L)));
        assertThat(refusal.code()).isIn("storage-unsupported", "storage-failed");
        assertThat(refusal.fix()).isNotBlank();
    }

    @Test
    void conditionalPutIsNotSentASecondTime() {
        handler = HttpExchange::close;
        Problem refusal = refused(() -> storage.putObject(
                call(),
                new PutObject("key", null, null, true, null),
                new Content(InputStream.nullInputStream(), OptionalLong.of(0))));
        assertThat(refusal.code()).isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
        assertThat(asked)
                .as("requests: the first may have stored, and the condition holds no more")
                .hasSize(1);
    }

    @Test
    void failureAfterTwoHundredIsAFailureAndThePartsAreGivenUp() {
        handler = exchange -> {
            exchange.getRequestBody().readAllBytes();
            String query = exchange.getRequestURI().getRawQuery();
            if (query.startsWith("uploads")) {
                answer(
                        exchange,
                        200,
                        "<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>");
            } else if (exchange.getRequestMethod().equals("PUT")) {
                exchange.getResponseHeaders().set("ETag", "\"part\"");
                answer(exchange, 200, "");
            } else if (exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 200, "<Error><Code>InternalError</Code></Error>");
            } else {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
        };
        long size = Upload.PART + 1L;
        Problem refusal = refused(() -> storage.putObject(
                call(), PutObject.of("key"), new Content(GeneratedContent.of(1, size), OptionalLong.of(size))));
        assertThat(refusal.code()).isEqualTo(StorageProblem.STORAGE_FAILED.code());
        assertThat(asked.getLast()).startsWith("DELETE /fake/key?uploadId=");
        assertThat(URLDecoder.decode(asked.getLast(), UTF_8)).endsWith("uploadId=u&1");
    }

    @Test
    void documentTypeOfAnAnswerIsNotLookedAt(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "of-the-node");
        handler = exchange -> answer(
                exchange,
                200,
                "<!DOCTYPE x [<!ENTITY leak SYSTEM \"" + secret.toUri() + "\">]><ListBucketResult>"
                        + "<NextContinuationToken>&leak;</NextContinuationToken><IsTruncated>true</IsTruncated>"
                        + "</ListBucketResult>");
        assertThat(refused(() -> storage.list(call(), new ListObjects(null, null, null)))
                        .toString())
                .doesNotContain("of-the-node");
    }

    @ParameterizedTest
    @CsvSource({
        "'not xml at all'",
        "''",
        "'<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>'",
        "'<ListBucketResult><Contents><Key>a</Key><Size>many</Size><ETag>e</ETag></Contents></ListBucketResult>'",
        "'<ListBucketResult>'"
    })
    void nonsenseIsAFailure(String body) {
        handler = exchange -> answer(exchange, 200, body);
        assertThat(refused(() -> storage.list(call(), new ListObjects(null, null, null)))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_FAILED.code());
    }

    @Test
    void answerWithoutEndIsNotHeld() {
        handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            for (int i = 0; i < 1_000; i++) {
                exchange.getResponseBody().write(chunk);
            }
            exchange.close();
        };
        assertThat(refused(() -> storage.list(call(), new ListObjects(null, null, null)))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_UNREACHABLE.code());
    }

    @Test
    void deletingWhatIsNotThereIsNoFailureEvenIfTheStoreSaysSo() {
        handler = exchange -> answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
        assertThat(storage.deleteObject(call(), new DeleteObject("key")).key()).isEqualTo("key");
        handler = exchange -> answer(exchange, 404, "<Error><Code>NoSuchBucket</Code></Error>");
        assertThat(refused(() -> storage.deleteObject(call(), new DeleteObject("key")))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_CONTAINER_MISSING.code());
    }

    @Test
    void missingObjectBreaksAConditionLikeAnyOtherState() {
        handler = exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
        };
        assertThat(refused(() -> storage.putObject(
                                call(),
                                new PutObject("key", null, null, null, "etag"),
                                new Content(GeneratedContent.of(1, 10), OptionalLong.of(10))))
                        .code())
                .isEqualTo(StorageProblem.STORAGE_PRECONDITION_FAILED.code());
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://store",
        "store:9000",
        "http://",
        "http://store/path",
        "http://store?query",
        "http://user:password@store",
        "'http://bad host'"
    })
    void endpointThatCannotWorkIsRefusedWhenOpened(String endpoint, @TempDir Path folder) {
        try (TestAdapterContext bad = new TestAdapterContext(
                folder,
                Map.of("endpoint", endpoint, "bucket", "fake", "accessKeyId", "id", "secretAccessKey", "hidden"))) {
            Problem refusal = refused(() -> new StorageS3Component().open(bad));
            assertThat(refusal.code()).isEqualTo(StorageProblem.STORAGE_REQUEST_INVALID.code());
            assertThat(refusal.detail()).doesNotContain("password");
        }
    }

    @Test
    void bucketMayStandInTheHostInstead(@TempDir Path folder) {
        handler = exchange -> answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
        try (TestAdapterContext hosted = new TestAdapterContext(
                        folder,
                        Map.of(
                                "endpoint",
                                "http://127.0.0.1:" + server.getAddress().getPort(),
                                "bucket",
                                "fake",
                                "accessKeyId",
                                "id",
                                "secretAccessKey",
                                "hidden",
                                "pathStyle",
                                false));
                ObjectStorage other = (ObjectStorage) new StorageS3Component().open(hosted)) {
            assertThat(refused(() -> other.getObject(call(), new GetObject("a b/ü")))
                            .code())
                    .isEqualTo(StorageProblem.OBJECT_NOT_FOUND.code());
        }
        assertThat(asked).containsExactly("GET /a%20b/%C3%BC");
    }

    private static void object(HttpExchange exchange, long length) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.getResponseHeaders().set("Last-Modified", "Sun, 01 Mar 2026 09:30:00 GMT");
        exchange.sendResponseHeaders(200, length);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static CallContext call() {
        return new CallContext("test", Instant.now().plusSeconds(60), null);
    }

    private static Problem refused(ThrowingCallable act) {
        return assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(act)
                .actual()
                .problem();
    }
}
