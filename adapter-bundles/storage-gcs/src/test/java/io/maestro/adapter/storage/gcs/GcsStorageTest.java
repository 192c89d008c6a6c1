package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

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
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.conformance.storage.StorageCalls;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.testing.peers.GcsProtocolServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is this adapter's own, against the protocol server; the rest is in {@link ConformanceAgainstProtocolServerTest}. */
final class GcsStorageTest extends StorageCalls {
    private static final long LARGE = 2L * Chunk.SIZE + 1000;

    private static GcsProtocolServer server;

    @TempDir
    Path folder;

    private Map<String, ?> place = Map.of();

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = GcsProtocolServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected ObjectStorage openEmpty() throws Exception {
        place = new ProtocolServerFixture(server).emptyPlace();
        return open(place);
    }

    private ObjectStorage open(Map<String, ?> configuration) {
        return (ObjectStorage) new StorageGcsComponent().open(context(configuration));
    }

    private TestAdapterContext context(Map<String, ?> configuration) {
        return closeAfterwards(new TestAdapterContext(folder, configuration));
    }

    private StoredObject putLarge(PutObject request, OptionalLong length) {
        return storage().putObject(call(), request, new Content(GeneratedContent.of(1, LARGE), length));
    }

    private void hasLarge(String key) throws IOException {
        try (OpenObject opened = storage().getObject(call(), new GetObject(key))) {
            assertThat(opened.object().size()).isEqualTo(LARGE);
            assertThat(GeneratedContent.digest(opened.content()))
                    .isEqualTo(GeneratedContent.digest(GeneratedContent.of(1, LARGE)));
        }
    }

    @Test
    void contentAroundOneChunkIsStored() throws IOException {
        for (long size : List.of(Chunk.SIZE - 1L, (long) Chunk.SIZE, Chunk.SIZE + 1L, 2L * Chunk.SIZE)) {
            for (OptionalLong length : List.of(OptionalLong.of(size), OptionalLong.empty())) {
                StoredObject stored = storage()
                        .putObject(
                                call(),
                                new PutObject("edge", "text/x-chunks", Map.of("number-2", "b"), null, null),
                                new Content(GeneratedContent.of(3, size), length));
                try (OpenObject open = storage().getObject(call(), new GetObject("edge"))) {
                    assertThat(open.object()).isEqualTo(stored);
                    assertThat(GeneratedContent.digest(open.content()))
                            .isEqualTo(GeneratedContent.digest(GeneratedContent.of(3, size)));
                }
            }
        }
    }

    @Test
    void conditionsHoldForObjectsOfManyChunksToo() throws IOException {
        StoredObject first = put("large", "small still");
        for (PutObject conditional : List.of(ifAbsent("large"), ifMatch("large", "1"), ifMatch("none", "1"))) {
            refused(StorageProblem.STORAGE_PRECONDITION_FAILED, () -> putLarge(conditional, OptionalLong.of(LARGE)));
        }
        assertThat(read("large")).isEqualTo("small still");
        putLarge(ifMatch("large", first.etag()), OptionalLong.of(LARGE));
        hasLarge("large");
    }

    @Test
    void conditionIsCheckedAgainWhenTheLastChunkHasCome() throws IOException {
        GeneratedContent content = GeneratedContent.with(1, LARGE, LARGE - 10, () -> put("raced", "came first"));
        refused(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                () -> storage().putObject(call(), ifAbsent("raced"), new Content(content, OptionalLong.of(LARGE))));
        assertThat(read("raced")).isEqualTo("came first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "-1", "0x1", "CJDx", "99999999999999999999999999"})
    void etagThatIsNoGenerationNeverHolds(String etag) {
        refused(StorageProblem.STORAGE_PRECONDITION_FAILED, () -> put(ifMatch("new", etag), new byte[1]));
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void whatTheServerDidNotKeepOfAChunkIsSentAgain() throws Exception {
        for (OptionalLong length : List.of(OptionalLong.of(LARGE), OptionalLong.empty())) {
            for (int chunk = 0; chunk < 4; chunk++) {
                server.fault(Map.of("partial", true));
            }
            putLarge(PutObject.of("partial"), length);
            hasLarge("partial");
        }
    }

    @Test
    void chunkWhoseConnectionBreaksIsSentOnceMore() throws Exception {
        server.fault(Map.of("on", "^PUT", "cut", true));
        putLarge(PutObject.of("cut"), OptionalLong.empty());
        hasLarge("cut");
    }

    /** The first one may have been stored, and replaced by somebody before the second comes. */
    @Test
    void putInOneRequestWhoseConnectionBreaksIsNotSentTwice() throws Exception {
        for (PutObject request : List.of(PutObject.of("once"), ifAbsent("once"))) {
            server.fault(Map.of("on", "^POST.*uploadType=multipart", "cut", true));
            Problem lost = refused(StorageProblem.STORAGE_UNREACHABLE, () -> put(request, new byte[10]));
            assertThat(lost.retry()).isInstanceOf(Retry.After.class);
            refused(StorageProblem.OBJECT_NOT_FOUND, () -> read("once"));
        }
    }

    @Test
    void uploadThatTheServerGivesUpCanBeTriedAgain() throws Exception {
        server.fault(Map.of("on", "^PUT", "status", 410, "reason", "gone"));
        Problem lost =
                refused(StorageProblem.STORAGE_FAILED, () -> putLarge(PutObject.of("lost"), OptionalLong.empty()));
        assertThat(lost.retry()).isInstanceOf(Retry.After.class);
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/upload/storage/v1/b/x/o?upload_id=1",
                "https://elsewhere.example/upload/storage/v1/b/x/o",
                "/upload/storage/v1/b/x/o",
                "not a URL"
            })
    void contentAndTokenGoNowhereElse(String address) throws Exception {
        server.fault(Map.of("on", "uploadType=resumable", "status", 200, "location", address));
        refused(StorageProblem.STORAGE_FAILED, () -> putLarge(PutObject.of("astray"), OptionalLong.empty()));
    }

    @Test
    void contentThatIsNotWhatWasStoredIsAFailureAndNotTheContent() throws Exception {
        put("spoilt", "as it was");
        server.fault(Map.of("corrupt", true));
        try (OpenObject open = storage().getObject(call(), new GetObject("spoilt"))) {
            assertThatIOException()
                    .isThrownBy(() -> open.content().readAllBytes())
                    .withMessageContaining("checksum");
        }
        assertThat(read("spoilt")).isEqualTo("as it was");
    }

    @Test
    void putOfWhichTheServerMadeSomethingElseIsAFailureAndLeavesNothing() throws Exception {
        StoredObject stored = put("changed", "x");
        server.fault(Map.of(
                "on",
                "uploadType=multipart",
                "status",
                200,
                "body",
                Map.of(
                        "name",
                        "changed",
                        "size",
                        "1",
                        "generation",
                        stored.etag(),
                        "timeCreated",
                        "2026-01-01T00:00:00.000Z",
                        "crc32c",
                        "AAAAAA==")));
        refused(StorageProblem.STORAGE_FAILED, () -> put("changed", "y"));
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> read("changed"));
    }

    @Test
    void objectReplacedBetweenDescriptionAndContentIsReadAnew() throws Exception {
        put("moving", "old");
        server.fault(Map.of("on", "alt=media", "status", 404, "reason", "notFound"));
        assertThat(read("moving")).isEqualTo("old");
        for (int i = 0; i < 3; i++) {
            server.fault(Map.of("on", "alt=media", "status", 404, "reason", "notFound"));
        }
        Problem restless = refused(StorageProblem.STORAGE_FAILED, () -> read("moving"));
        assertThat(restless.retry()).isInstanceOf(Retry.After.class);
    }

    @Test
    void oneTokenServesManyCallsUntilShortlyBeforeItExpires() throws Exception {
        int before = server.tokens();
        for (int i = 0; i < 5; i++) {
            put("key-" + i, "x");
        }
        assertThat(server.tokens() - before).isEqualTo(1);
        server.tokenSeconds(1);
        try (ObjectStorage brief = open(place)) {
            brief.list(call(), new ListObjects(null, null, null));
            brief.list(call(), new ListObjects(null, null, null));
        } finally {
            server.tokenSeconds(3600);
        }
        // a token of a second is not used a second time
        assertThat(server.tokens() - before).isEqualTo(3);
    }

    @Test
    void revokedTokenIsReplacedWithoutAFailure() throws Exception {
        put("kept", "x");
        server.revokeTokens();
        assertThat(read("kept")).isEqualTo("x");
        server.revokeTokens();
        putLarge(PutObject.of("large"), OptionalLong.empty());
        hasLarge("large");
    }

    @Test
    void accountWithoutTheRightsIsToldWhatIsMissing() {
        put("there", "x");
        ProtocolServerFixture fixture = new ProtocolServerFixture(server);
        try (ObjectStorage none =
                open(ProtocolServerFixture.with(place, "serviceAccountKey", fixture.account("none")))) {
            Problem denied =
                    refused(StorageProblem.STORAGE_ACCESS_DENIED, () -> none.getObject(call(), new GetObject("there")));
            assertThat(denied.fix()).contains("role");
            assertThat(none.health()).isInstanceOf(Health.Down.class);
        }
        try (ObjectStorage viewer =
                open(ProtocolServerFixture.with(place, "serviceAccountKey", fixture.account("viewer")))) {
            assertThat(viewer.health()).isEqualTo(new Health.Up());
            refused(
                    StorageProblem.STORAGE_ACCESS_DENIED,
                    () -> viewer.putObject(call(), PutObject.of("new"), content(new byte[1])));
            refused(StorageProblem.STORAGE_ACCESS_DENIED, () -> viewer.deleteObject(call(), new DeleteObject("there")));
        }
    }

    @Test
    void deletingInAMissingBucketSaysThatTheBucketIsMissing() {
        try (ObjectStorage nowhere = open(new ProtocolServerFixture(server).containerMissing(place))) {
            refused(
                    StorageProblem.STORAGE_CONTAINER_MISSING,
                    () -> nowhere.deleteObject(call(), new DeleteObject("key")));
            refused(
                    StorageProblem.STORAGE_CONTAINER_MISSING,
                    () -> nowhere.putObject(
                            call(),
                            PutObject.of("large"),
                            new Content(GeneratedContent.of(1, LARGE), OptionalLong.empty())));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, rateLimitExceeded, 7, STORAGE_THROTTLED, 7",
        "403, rateLimitExceeded, , STORAGE_THROTTLED, 1",
        "503, backendError, , STORAGE_FAILED, 0",
        "500, backendError, 99999999, STORAGE_FAILED, 3600"
    })
    void momentaryRefusalsSayWhenToTryAgain(
            int status, String reason, Integer retryAfter, StorageProblem expected, long seconds) throws Exception {
        Map<String, ?> fault = Map.of("on", "^GET", "status", status, "reason", reason);
        server.fault(retryAfter == null ? fault : ProtocolServerFixture.with(fault, "retryAfter", retryAfter));
        assertThat(refused(expected, () -> list(null, null, null)).retry())
                .isEqualTo(Retry.after(Duration.ofSeconds(seconds)));
    }

    @Test
    void instancesWithPrefixesShareABucket() throws IOException {
        try (ObjectStorage left = open(ProtocolServerFixture.with(place, "prefix", "left/"));
                ObjectStorage right = open(ProtocolServerFixture.with(place, "prefix", "right/"))) {
            left.putObject(call(), PutObject.of("key"), content("x".getBytes(UTF_8)));
            refused(StorageProblem.OBJECT_NOT_FOUND, () -> right.getObject(call(), new GetObject("key")));
            assertThat(left.list(call(), new ListObjects("k", null, null)).objects())
                    .extracting(ObjectList.Entry::key)
                    .containsExactly("key");
            assertThat(right.list(call(), new ListObjects(null, null, null)).objects())
                    .isEmpty();
            assertThat(read("left/key")).isEqualTo("x");
            refused(StorageProblem.OBJECT_KEY_INVALID, () -> left.getObject(call(), new GetObject("k".repeat(1020))));
        }
    }

    @Test
    void takesANewKeyWhileItIsOpen() {
        Map<String, ?> wrong = new ProtocolServerFixture(server).wrongCredentials(place);
        try (ObjectStorage storage = open(place)) {
            assertThat(storage.health()).isEqualTo(new Health.Up());
            // the token that was had with the old key does not count any more
            ((SecretRotation) storage).secretsChanged(context(wrong));
            refused(
                    StorageProblem.STORAGE_ACCESS_DENIED,
                    () -> storage.list(call(), new ListObjects(null, null, null)));
            ((SecretRotation) storage).secretsChanged(context(place));
            assertThat(storage.health()).isEqualTo(new Health.Up());
        }
    }

    @Test
    void serverKilledInTheMiddleOfAPutIsARetryableProblem(@TempDir Path own) throws Exception {
        try (GcsProtocolServer mortal = GcsProtocolServer.start(own)) {
            try (ObjectStorage storage = open(new ProtocolServerFixture(mortal).emptyPlace())) {
                storage.putObject(call(), PutObject.of("kept"), content("as it was".getBytes(UTF_8)));
                GeneratedContent content = GeneratedContent.with(2, LARGE, LARGE / 2 + Chunk.SIZE / 2, mortal::kill);
                Problem broken = refused(
                        StorageProblem.STORAGE_UNREACHABLE,
                        () -> storage.putObject(
                                call(), PutObject.of("kept"), new Content(content, OptionalLong.of(LARGE))));
                assertThat(broken.retry()).isInstanceOf(Retry.After.class);
                assertThat(storage.health()).isInstanceOf(Health.Down.class);
            }
        }
    }

    @Test
    void usesGooglesAddressesWhenNoneAreConfigured() {
        Map<String, ?> usual = Map.of("bucket", "acme-files", "serviceAccountKey", place.get("serviceAccountKey"));
        try (ObjectStorage storage = open(usual)) {
            assertThat(storage.signedUrl(call(), new SignUrl("a b/é", SignUrl.Access.READ, 60))
                            .url()
                            .toString())
                    .startsWith("https://storage.googleapis.com/acme-files/a%20b/%C3%A9?X-Goog-Algorithm=");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://Storage.Example:443, https://storage.example",
        "HTTPS://storage.example/, https://storage.example",
        "https://storage.example:80, https://storage.example:80",
        "http://LocalHost:80/, http://localhost",
        "http://127.0.0.1:443, http://127.0.0.1:443",
        "http://[::1]:9002, http://[::1]:9002"
    })
    void endpointIsSpelledAsClientsSendIt(String configured, String origin) {
        try (ObjectStorage storage = open(ProtocolServerFixture.with(place, "endpoint", configured))) {
            assertThat(storage.signedUrl(call(), new SignUrl("a", SignUrl.Access.READ, 60))
                            .url()
                            .toString())
                    .startsWith(origin + "/" + place.get("bucket") + "/a?");
        }
        Bucket bucket = Bucket.of(new GcsConfiguration("files", new Secret("unused"), configured, null, null));
        // this is what is signed
        assertThat("://" + bucket.host()).isEqualTo(origin.substring(origin.indexOf(':')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a",
                "https://a/path",
                "https://user:password@a",
                "https://a?b",
                "nothing",
                "http:///",
                "http://storage.example",
                "http://127.0.0.1.example",
                "http://127.0.0.2:9002",
                "http://10.0.0.1:9002"
            })
    void endpointThatIsNoneIsRefusedWithoutItsPassword(String endpoint) {
        Problem refusal = refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> open(ProtocolServerFixture.with(place, "endpoint", endpoint)));
        assertThat(refusal.detail()).doesNotContain("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/token",
                "https://user:password@a/token",
                "https://a/token?b",
                "https://a b",
                "token",
                "http://tokens.example/token",
                "http://localhost.example/token"
            })
    void tokenEndpointThatIsNoneIsRefusedWithoutItsPassword(String endpoint) {
        Problem refusal = refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> open(ProtocolServerFixture.with(place, "tokenEndpoint", endpoint)));
        assertThat(refusal.detail()).doesNotContain("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not a document of JSON",
                "[]",
                "{\"type\": \"authorized_user\", \"private_key\": \"not-told-anywhere\"}",
                "{\"type\": \"service_account\", \"client_email\": \"a@b\", \"private_key_id\": \"1\", \"private_key\":"
                        + " \"-----BEGIN PRIVATE KEY-----\\nbm90LXRvbGQtYW55d2hlcmU=\\n-----END PRIVATE KEY-----\"}",
                "{\"type\": \"service_account\", \"type\": \"not-told-anywhere\"}"
            })
    void keyFileThatIsNoneIsRefusedWithoutTellingIt(String file) {
        Problem refusal = refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> open(ProtocolServerFixture.with(place, "serviceAccountKey", file)));
        assertThat(refusal.toString()).doesNotContain("not-told", "bm90LXRvbGQ");
    }
}
