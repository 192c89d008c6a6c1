package io.maestro.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedCallsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId FILES = new InstanceId("files");
    private static final OperationName PUT = new OperationName("put_object");
    private static final OperationName GET = new OperationName("get_object");
    private static final OperationName LIST = new OperationName("list");
    private static final CallOptions OPTIONS = new CallOptions("token:t", "c-1", null, null);

    private static final CallContext CONTEXT = new CallContext("c-1", Instant.MAX, null);

    private final FlightTable flights = new FlightTable();
    private final MemoryStorage storage = new MemoryStorage();
    private final Guard guard = new Guard("acme/prod/files", GuardSettings.USUAL, flights);
    private final Binding binding =
            new Binding(ACME, FILES, DefinitionId.parse("storage-memory@1.0.0"), ObjectStorage.TYPE, storage, guard);
    private final GuardedCalls calls = new GuardedCalls(
            (scope, instance) -> Map.of(ACME + "/" + FILES, binding).get(scope + "/" + instance),
            new OperationCatalogue(AdapterType.all(), Wire.mapper()),
            (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no " + instance, null),
            InstantSource.system());

    @AfterEach
    void stopTheWatchdog() {
        flights.close();
    }

    @Test
    void putsAndGetsWithTheContentInTheJson() {
        String content = Base64.getEncoder().encodeToString("hello".getBytes(UTF_8));

        String stored = call(PUT, "{\"key\":\"a/b\",\"contentBase64\":\"" + content + "\"}");
        String got = call(GET, "{\"key\":\"a/b\"}");

        assertThat(stored)
                .isEqualTo("{\"key\":\"a/b\",\"size\":5,\"etag\":\"etag\",\"contentType\":\"text/plain\","
                        + "\"lastModified\":\"2001-02-03T04:05:06Z\",\"metadata\":{}}");
        assertThat(got).contains("\"contentBase64\":\"" + content + "\"");
    }

    @Test
    void streamsContentInAndOut() throws IOException {
        byte[] bytes = "streamed".getBytes(UTF_8);
        calls.upload(
                ACME,
                FILES,
                PUT,
                json("{\"key\":\"k\"}"),
                new ByteArrayInputStream(bytes),
                OptionalLong.of(bytes.length),
                OPTIONS);

        try (Download download = calls.download(ACME, FILES, GET, json("{\"key\":\"k\"}"), OPTIONS)) {
            assertThat(download.content().readAllBytes()).isEqualTo(bytes);
            assertThat(new String(download.output(), UTF_8)).contains("\"size\":8");
            assertThat(guard.running()).isEqualTo(1);
        }
        assertThat(guard.running()).isZero();
    }

    @Test
    void readsEnumConstantsInLowerCase() {
        assertThat(call(new OperationName("signed_url"), "{\"key\":\"k\",\"access\":\"read\",\"expiresInSeconds\":60}"))
                .contains("\"url\":\"https://example.test/k\"");
    }

    @Test
    void passesTheAdaptersProblemOn() {
        assertProblem(StorageProblem.OBJECT_NOT_FOUND, () -> call(GET, "{\"key\":\"nothing\"}"));
    }

    @Test
    void saysWhyAnInstanceIsNotThere() {
        assertProblem(
                AdapterProblem.INSTANCE_UNKNOWN,
                () -> calls.call(Scope.of("globex", "prod"), FILES, LIST, json("{}"), OPTIONS));
    }

    @Test
    void namesTheOperationsThereAreWhenAskedForAnother() {
        assertThatThrownBy(() -> call(new OperationName("no_such"), "{}"))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo("operation-unknown");
                    assertThat(e.problem().fix())
                            .isEqualTo("Its operations are: delete_object, get_object, list, put_object, signed_url.");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list       | [1]                                            | ''",
                "list       | null                                           | ''",
                "list       | {\"limit\":\"ten\"}                            | /limit",
                "list       | {\"limit\":\"10\"}                             | /limit",
                "list       | {\"limit\":1.5}                                | /limit",
                "list       | {\"colour\":\"red\"}                           | /colour",
                "list       | {\"prefix\":\"a\",\"prefix\":\"b\"}            | ''",
                "list       | {} {}                                          | ''",
                "list       | {\"prefix\":                                   | ''",
                "get_object | {}                                             | /key",
                "get_object | {\"key\":null}                                 | /key",
                "get_object | {\"key\":{}}                                   | /key",
                "put_object | {\"key\":\"k\"}                                | /contentBase64",
                "put_object | {\"key\":\"k\",\"contentBase64\":\"%%\"}       | /contentBase64",
                "put_object | {\"contentBase64\":\"\"}                       | /key",
                "signed_url | {\"key\":\"k\",\"access\":\"READ\",\"expiresInSeconds\":60} | /access",
                "signed_url | {\"key\":\"k\",\"access\":\"read\"}            | /expiresInSeconds",
            })
    void refusesInputThatIsNotOneWithItsPlace(String operation, String input, String pointer) {
        assertThatThrownBy(() -> call(new OperationName(operation), input))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(AdapterProblem.OPERATION_INPUT_INVALID.code());
                    assertThat(e.problem().violations()).singleElement().satisfies(violation -> {
                        assertThat(violation.pointer()).isEqualTo(pointer);
                        assertThat(violation.detail()).isNotBlank().doesNotContain("io.maestro", "java.");
                    });
                });
        assertThat(guard.running()).isZero();
    }

    @Test
    void refusesContentTooLargeForJsonBothWays() {
        byte[] large = new byte[OperationCodec.LARGEST_CONTENT + 1];
        String base64 = Base64.getEncoder().encodeToString(large);
        assertProblem(
                AdapterProblem.OPERATION_CONTENT_TOO_LARGE,
                () -> call(PUT, "{\"key\":\"k\",\"contentBase64\":\"" + base64 + "AAAA\"}"));

        calls.upload(
                ACME,
                FILES,
                PUT,
                json("{\"key\":\"large\"}"),
                new ByteArrayInputStream(large),
                OptionalLong.empty(),
                OPTIONS);
        assertProblem(AdapterProblem.OPERATION_CONTENT_TOO_LARGE, () -> call(GET, "{\"key\":\"large\"}"));
    }

    @Test
    void refusesADeadlineOutOfBounds() {
        CallOptions endless = new CallOptions("token:t", "c-1", null, Duration.ofDays(1));
        assertProblem(CallerProblem.INVALID_REQUEST, () -> calls.call(ACME, FILES, LIST, json("{}"), endless));
    }

    @Test
    void refusesAStreamWhereTheOperationHasNone() {
        assertProblem(
                AdapterProblem.OPERATION_INPUT_INVALID, () -> calls.download(ACME, FILES, LIST, json("{}"), OPTIONS));
    }

    @Test
    void theRegisteredServiceIsBoundedToo() {
        ObjectStorage service = GuardedContract.of(ObjectStorage.class, storage, guard);

        assertThat(service.list(CONTEXT, new ListObjects(null, null, null)).objects())
                .isEmpty();
        assertThat(guard.drain(Duration.ofSeconds(1))).isTrue();
        assertProblem(
                AdapterProblem.INSTANCE_NOT_RUNNING, () -> service.list(CONTEXT, new ListObjects(null, null, null)));
        assertThatThrownBy(service::close).isInstanceOf(UnsupportedOperationException.class);
    }

    private String call(OperationName operation, String input) {
        return new String(calls.call(ACME, FILES, operation, json(input), OPTIONS), UTF_8);
    }

    private static byte[] json(String text) {
        return text.getBytes(UTF_8);
    }

    private static void assertProblem(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code.code()));
    }
}
