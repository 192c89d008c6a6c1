package io.maestro.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedCallsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId FILES = new InstanceId("files");
    private static final InstanceKey KEY = new InstanceKey(ACME, FILES);
    private static final OperationName PUT = new OperationName("put_object");
    private static final OperationName GET = new OperationName("get_object");
    private static final OperationName LIST = new OperationName("list");
    private static final CallOptions OPTIONS = new CallOptions("token:t", "c-1", null, null);

    private static final Json FACTS = new Json("{\"name\":\"storage-memory\"}");
    private static final CallContext CONTEXT = new CallContext("c-1", Instant.MAX, null);

    private final FlightTable flights = new FlightTable();
    private final CallHistories histories = new CallHistories();
    private final MemoryStorage storage = new MemoryStorage();
    private final Guard guard = new Guard(
            KEY, GuardSettings.USUAL, flights, new CallMeter(Metrics.NONE, KEY, histories), InstantSource.system());
    private final Binding binding =
            new Binding(ACME, FILES, DefinitionId.parse("storage-memory@1.0.0"), ObjectStorage.TYPE, storage, guard);
    private final AskedPolicy policy = new AskedPolicy();
    private final List<Duration> waited = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals(new Observations(), instance -> {}, GuardSettings.USUAL);
    private final GuardedCalls calls = new GuardedCalls(
            (scope, instance) -> Map.of(ACME + "/" + FILES, binding).get(scope + "/" + instance),
            arrivals,
            new Questions(policy),
            new OperationCatalogue(AdapterType.all(), Wire.mapper()),
            (scope, instance) -> FACTS,
            (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no " + instance, null),
            binding -> true,
            new Retries(waited::add, () -> 1),
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
    void callsAgainWhatMayBeRepeatedAndFailedForTheMoment() throws IOException {
        put("k");
        storage.failFor(2);
        assertThat(call(LIST, "{}")).contains("\"k\"");
        storage.failFor(1);
        try (Download download = calls.download(ACME, FILES, GET, json("{\"key\":\"k\"}"), OPTIONS)) {
            assertThat(download.output()).isNotEmpty();
        }
        storage.failFor(1);
        call(new OperationName("delete_object"), "{\"key\":\"k\"}");
        assertThat(waited).hasSize(4);
        assertThat(policy.asked).as("a repeated call is one call").hasSize(4);
    }

    @Test
    void keepsEachTryOfACall() {
        storage.failFor(1);
        call(LIST, "{}");

        assertThat(histories.of(KEY).recent().newestFirst())
                .extracting(RecentCalls.Ended::asked)
                .containsExactly(new Asked("list", "token:t", "c-1", 2), new Asked("list", "token:t", "c-1", 1));
    }

    @Test
    void callsOnceWhatChangesOrWhatSomebodyAgreedTo() {
        storage.failFor(1);
        assertProblem(StorageProblem.STORAGE_UNREACHABLE, () -> put("k"));
        put("k");
        storage.failFor(1);
        CallOptions agreed = as(calls.fingerprint(ACME, FILES));
        assertProblem(StorageProblem.STORAGE_UNREACHABLE, () -> calls.call(ACME, FILES, LIST, json("{}"), agreed));
        storage.failFor(1);
        CallOptions approved =
                new CallOptions(new Actor("token:t", "c-1").allowedBy("decision", "approval"), null, null, null);
        assertProblem(StorageProblem.STORAGE_UNREACHABLE, () -> calls.call(ACME, FILES, LIST, json("{}"), approved));
        assertThat(waited).isEmpty();
    }

    private void put(String key) {
        call(PUT, "{\"key\":\"" + key + "\",\"contentBase64\":\"\"}");
    }

    @Test
    void asksThePolicyOnceForEachCallAndCallsNothingThatItForbids() {
        call(LIST, "{}");
        assertThat(policy.asked).singleElement().satisfies(input -> {
            assertThat(input.entryPoint()).isEqualTo(EntryPoint.ADAPTER_CALL);
            assertThat(input.tenant()).isEqualTo(ACME.tenant());
            assertThat(input.actor().id()).isEqualTo("token:t");
            assertThat(input.more()).containsEntry("operation", new Json("\"list\""));
        });

        policy.forbidden.add(EntryPoint.ADAPTER_CALL);
        assertProblem(PolicyProblem.POLICY_DENIED, () -> call(PUT, "{\"key\":\"a\",\"contentBase64\":\"\"}"));
        policy.forbidden.clear();
        assertProblem(StorageProblem.OBJECT_NOT_FOUND, () -> call(GET, "{\"key\":\"a\"}"));
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
                            .isEqualTo(
                                    "Its operations are: delete_object, get_object, head_object, list, put_object, signed_url.");
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
    void usesTheApprovalUpRightBeforeTheCallAndNotForOneThatComesToNothing() {
        policy.approval.set(UUID.randomUUID());

        assertProblem(AdapterProblem.OPERATION_INPUT_INVALID, () -> call(GET, "{}"));
        assertProblem(AdapterProblem.OPERATION_UNKNOWN, () -> call(new OperationName("no_such"), "{}"));
        assertThat(policy.used).isEmpty();
        call(LIST, "{}");
        assertThat(policy.used).hasSize(1);
        calls.upload(
                ACME, FILES, PUT, json("{\"key\":\"k\"}"), InputStream.nullInputStream(), OptionalLong.of(0), OPTIONS);
        assertThat(policy.used).hasSize(2);
    }

    @Test
    void bindsACallToItsArgumentsAndShowsThem() {
        call(LIST, "{}");
        call(LIST, "{\"prefix\":\"a\"}");
        call(LIST, "{}");

        List<PolicyInput.Content> contents = policy.asked.stream()
                .map(input -> Objects.requireNonNull(input.content()).get())
                .toList();
        assertThat(contents.get(0)).isEqualTo(contents.get(2)).isNotEqualTo(contents.get(1));
        assertThat(contents.get(1).shown()).isEqualTo(new Json("{\"arguments\":{\"prefix\":\"a\"}}"));
    }

    @Test
    void bindsAnUploadToTheDigestThatItsContentIsSaidToHave() {
        upload("hello", OptionalLong.of(5), sha256("hello"));
        PolicyInput.Content bound =
                Objects.requireNonNull(policy.asked.getLast().content()).get();
        assertThat(String.valueOf(bound.shown()))
                .contains(sha256("hello").toString())
                .contains("\"key\":\"k\"");

        upload("other", OptionalLong.of(5), sha256("other"));
        assertThat(Objects.requireNonNull(policy.asked.getLast().content()).get())
                .isNotEqualTo(bound);

        upload("hello", OptionalLong.of(5), null);
        assertProblem(
                AdapterProblem.CONTENT_DIGEST_REQUIRED,
                () -> Objects.requireNonNull(policy.asked.getLast().content()).get());
    }

    @ParameterizedTest
    @CsvSource({"hello, 5", "hello, -1", "'', 0", "'', -1"})
    void letsNoAdapterHaveTheEndOfAnotherContent(String content, long length) {
        OptionalLong said = length < 0 ? OptionalLong.empty() : OptionalLong.of(length);

        assertProblem(AdapterProblem.CONTENT_DIGEST_MISMATCH, () -> upload(content, said, sha256("another")));
        assertProblem(StorageProblem.OBJECT_NOT_FOUND, () -> call(GET, "{\"key\":\"k\"}"));
        upload(content, said, sha256(content));
        assertThat(call(GET, "{\"key\":\"k\"}")).contains(Base64.getEncoder().encodeToString(content.getBytes(UTF_8)));
    }

    @Test
    void namesTheDigestThatWasSaidAndTheOneThatCame() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> upload("hello", OptionalLong.of(5), sha256("another")))
                .satisfies(e -> assertThat(e.problem().detail())
                        .contains(sha256("another").hex())
                        .contains(sha256("hello").hex()));
    }

    /** The storage of this test implements no more than the contract 1.0. */
    @Test
    void doesForAnEarlierAdapterWhatItDoesNotKnow() {
        upload("hello", OptionalLong.of(5), null);

        assertThat(call(GET, "{\"key\":\"k\",\"offset\":1,\"length\":3}"))
                .contains(Base64.getEncoder().encodeToString("ell".getBytes(UTF_8)))
                .contains("\"size\":5")
                .contains("\"range\":{\"offset\":1,\"length\":3}");
        assertThat(call(new OperationName("head_object"), "{\"key\":\"k\"}")).contains("\"size\":5");
        assertProblem(StorageProblem.STORAGE_RANGE_UNSATISFIABLE, () -> call(GET, "{\"key\":\"k\",\"offset\":5}"));
    }

    private void upload(String content, OptionalLong length, @Nullable Digest declared) {
        calls.upload(
                ACME,
                FILES,
                PUT,
                json("{\"key\":\"k\"}"),
                new ByteArrayInputStream(content.getBytes(UTF_8)),
                length,
                OPTIONS.of(declared));
    }

    private static Digest sha256(String text) {
        try {
            return Digest.of(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesADeadlineOutOfBounds() {
        CallOptions endless = new CallOptions("token:t", "c-1", null, Duration.ofDays(1));
        assertProblem(CallerProblem.INVALID_REQUEST, () -> calls.call(ACME, FILES, LIST, json("{}"), endless));
    }

    @Test
    void callsAnInstanceThatHasToBeWhatItWasOnlyWhileItIs() {
        Digest known = calls.fingerprint(ACME, FILES);
        calls.call(ACME, FILES, LIST, json("{}"), as(known));
        Digest other = new Digest("a".repeat(64));
        assertProblem(AdapterProblem.INSTANCE_CHANGED, () -> calls.call(ACME, FILES, LIST, json("{}"), as(other)));
        assertProblem(
                AdapterProblem.INSTANCE_CHANGED,
                () -> calls.download(ACME, FILES, GET, json("{\"key\":\"k\"}"), as(other)));
        assertProblem(AdapterProblem.INSTANCE_UNKNOWN, () -> calls.fingerprint(ACME, new InstanceId("other")));
    }

    @Test
    void givesNothingOutThatAnInstanceAnsweredWhileItChanged() {
        Digest known = calls.fingerprint(ACME, FILES);
        Binding changed = binding.as(Fingerprints.unknown(), "");
        Iterator<Binding> found =
                List.of(binding, changed, binding, changed, binding, changed).iterator();
        GuardedCalls changing = new GuardedCalls(
                (scope, instance) -> found.next(),
                arrivals,
                new Questions(policy),
                new OperationCatalogue(AdapterType.all(), Wire.mapper()),
                (scope, instance) -> FACTS,
                (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no " + instance, null),
                binding -> true,
                new Retries(waited::add, () -> 1),
                InstantSource.system());
        call(PUT, "{\"key\":\"k\",\"contentBase64\":\"\"}");

        assertProblem(AdapterProblem.INSTANCE_CHANGED, () -> changing.call(ACME, FILES, LIST, json("{}"), as(known)));
        assertProblem(
                AdapterProblem.INSTANCE_CHANGED,
                () -> changing.download(ACME, FILES, GET, json("{\"key\":\"k\"}"), as(known)));
        assertThat(guard.running()).as("the download is closed").isZero();
        assertProblem(
                AdapterProblem.INSTANCE_CHANGED,
                () -> changing.upload(
                        ACME,
                        FILES,
                        PUT,
                        json("{\"key\":\"k\"}"),
                        InputStream.nullInputStream(),
                        OptionalLong.of(0),
                        as(known)));
    }

    @Test
    void usesAnApprovalOnceWhenAnotherVersionTakesTheCall() {
        policy.approval.set(UUID.randomUUID());
        Guard closed = new Guard(
                KEY,
                GuardSettings.USUAL,
                flights,
                new CallMeter(Metrics.NONE, KEY, new CallHistories()),
                InstantSource.system());
        assertThat(closed.drain(Duration.ofSeconds(1))).isTrue();
        Binding before = new Binding(
                ACME, FILES, DefinitionId.parse("storage-memory@0.9.0"), ObjectStorage.TYPE, storage, closed);
        Iterator<Binding> found = List.of(before, binding, binding).iterator();
        GuardedCalls moving = new GuardedCalls(
                (scope, instance) -> found.next(),
                arrivals,
                new Questions(policy),
                new OperationCatalogue(AdapterType.all(), Wire.mapper()),
                (scope, instance) -> FACTS,
                (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no " + instance, null),
                binding -> true,
                new Retries(waited::add, () -> 1),
                InstantSource.system());

        moving.call(ACME, FILES, LIST, json("{}"), OPTIONS);

        assertThat(policy.asked).as("about each version").hasSize(2);
        assertThat(policy.used).singleElement().isSameAs(policy.asked.getLast());
    }

    @Test
    void whoMayNotCallAnInstanceThatIsAboutToOpenNeitherWaitsNorHasItOpened() {
        Observations observations = new Observations();
        observations.publish(KEY, new Observation(1, 1, Observed.PENDING, null));
        List<InstanceKey> called = new ArrayList<>();
        AtomicReference<@Nullable Binding> open = new AtomicReference<>();
        GuardedCalls early = new GuardedCalls(
                (scope, instance) -> open.get(),
                new Arrivals(
                        observations,
                        key -> {
                            called.add(key);
                            open.set(binding);
                            observations.publish(key, new Observation(1, 1, Observed.RUNNING, null));
                        },
                        GuardSettings.USUAL),
                new Questions(policy),
                new OperationCatalogue(AdapterType.all(), Wire.mapper()),
                (scope, instance) -> FACTS,
                (scope, instance) -> Problem.of(AdapterProblem.INSTANCE_NOT_RUNNING, "not yet " + instance, null),
                binding -> true,
                new Retries(waited::add, () -> 1),
                InstantSource.system());

        policy.forbidden.add(EntryPoint.ADAPTER_CALL);
        assertProblem(PolicyProblem.POLICY_DENIED, () -> early.call(ACME, FILES, LIST, json("{}"), OPTIONS));
        assertThat(called).isEmpty();
        assertThat(policy.asked).singleElement().satisfies(asked -> {
            assertThat(asked.subject()).isEqualTo("files");
            assertThat(asked.more()).containsEntry("adapter", FACTS).containsEntry("operation", new Json("\"list\""));
        });

        policy.forbidden.clear();
        early.call(ACME, FILES, LIST, json("{}"), OPTIONS);
        assertThat(called).containsExactly(KEY);
        early.call(ACME, FILES, LIST, json("{}"), OPTIONS);
        assertThat(policy.asked).as("once of an instance that is open").hasSize(4);
    }

    @Test
    void whoGetsNoPlaceToWaitAsksNeitherTheRowsNorThePolicy() throws Exception {
        Observations observations = new Observations();
        observations.publish(KEY, new Observation(1, 1, Observed.PENDING, null));
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicInteger rows = new AtomicInteger();
        AtomicReference<@Nullable Binding> open = new AtomicReference<>();
        GuardedCalls early = new GuardedCalls(
                (scope, instance) -> open.get(),
                new Arrivals(
                        observations,
                        key -> waiting.countDown(),
                        GuardSettings.USUAL.with(1, GuardSettings.USUAL.deadline())),
                new Questions(policy),
                new OperationCatalogue(AdapterType.all(), Wire.mapper()),
                (scope, instance) -> {
                    rows.incrementAndGet();
                    return FACTS;
                },
                (scope, instance) -> {
                    rows.incrementAndGet();
                    return Problem.of(AdapterProblem.INSTANCE_NOT_RUNNING, "not yet " + instance, null);
                },
                binding -> true,
                new Retries(waited::add, () -> 1),
                InstantSource.system());
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> first = callers.submit(() -> early.call(ACME, FILES, LIST, json("{}"), OPTIONS));
            waiting.await();

            assertProblem(
                    AdapterProblem.INSTANCE_NOT_RUNNING, () -> early.call(ACME, FILES, LIST, json("{}"), OPTIONS));

            assertThat(rows).hasValue(1);
            assertThat(policy.asked).hasSize(1);
            open.set(binding);
            observations.publish(KEY, new Observation(1, 1, Observed.RUNNING, null));
            assertThat(first.get()).isNotEmpty();
        }
    }

    private static CallOptions as(Digest fingerprint) {
        return new CallOptions(new Actor("token:t", "c-1"), null, null, fingerprint);
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
