package io.maestro.adapter.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
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
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.testing.peers.Azurite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
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

/** What is this adapter's own; the rest is in {@link AzureConformanceTest}. */
final class AzureStorageTest extends StorageCalls {
    private static Azurite server;

    @TempDir
    Path folder;

    private Map<String, ?> place = Map.of();

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = Azurite.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected ObjectStorage openEmpty() throws Exception {
        place = new AzuriteFixture(server).emptyPlace();
        return open(place);
    }

    private ObjectStorage open(Map<String, ?> configuration) {
        return (ObjectStorage) new StorageAzureComponent().open(context(configuration));
    }

    private TestAdapterContext context(Map<String, ?> configuration) {
        return closeAfterwards(new TestAdapterContext(folder, configuration));
    }

    @Test
    void contentAroundOneBlockIsStored() throws IOException {
        for (long size : List.of(Block.SIZE - 1L, (long) Block.SIZE, Block.SIZE + 1L, 3L * Block.SIZE)) {
            for (OptionalLong length : List.of(OptionalLong.of(size), OptionalLong.empty())) {
                StoredObject stored = storage()
                        .putObject(
                                call(),
                                new PutObject("edge", "text/x-blocks", Map.of("number-2", "b"), null, null),
                                new Content(GeneratedContent.of(3, size), length));
                try (OpenObject open = storage().getObject(call(), new GetObject("edge"))) {
                    assertThat(open.object())
                            .usingRecursiveComparison()
                            .ignoringFields("lastModified")
                            .isEqualTo(stored);
                    assertThat(GeneratedContent.digest(open.content()))
                            .isEqualTo(GeneratedContent.digest(GeneratedContent.of(3, size)));
                }
            }
        }
    }

    @Test
    void conditionsHoldForObjectsOfManyBlocksToo() throws IOException {
        StoredObject first = put("large", "small still");
        long size = 2L * Block.SIZE + 1;
        for (PutObject conditional : List.of(ifAbsent("large"), ifMatch("large", "0x0"), ifMatch("none", "0x0"))) {
            refused(
                    StorageProblem.STORAGE_PRECONDITION_FAILED,
                    () -> storage()
                            .putObject(
                                    call(),
                                    conditional,
                                    new Content(GeneratedContent.of(1, size), OptionalLong.of(size))));
        }
        assertThat(read("large")).isEqualTo("small still");
        assertThat(list(null, null, null).objects()).hasSize(1);
        storage()
                .putObject(
                        call(),
                        ifMatch("large", first.etag()),
                        new Content(GeneratedContent.of(1, size), OptionalLong.of(size)));
        assertThat(list(null, null, null).objects().getFirst().size()).isEqualTo(size);
    }

    @Test
    void moreThanABlobCanHoldIsRefusedBeforeAnythingIsRead() {
        GeneratedContent content = GeneratedContent.with(1, 1, 0, () -> {
            throw new AssertionError("the content was read");
        });
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> storage()
                        .putObject(
                                call(),
                                PutObject.of("huge"),
                                new Content(content, OptionalLong.of(50_000L * Block.SIZE + 1))));
    }

    @Test
    void contentThatIsNotWhatWasStoredIsAFailureAndNotTheContent() throws IOException {
        byte[] changed = "changed".getBytes(UTF_8);
        String md5OfAnother = "XrY7u+Ae7tCTyyK7j1rNww==";
        try (AzureStream stream =
                new AzureStream(new ByteArrayInputStream(changed), changed.length, md5OfAnother, new HashSet<>())) {
            assertThatIOException().isThrownBy(stream::readAllBytes).withMessageContaining("MD5");
        }
        try (AzureStream unknown =
                new AzureStream(new ByteArrayInputStream(changed), changed.length, "", new HashSet<>())) {
            assertThat(unknown.readAllBytes()).isEqualTo(changed);
        }
    }

    @Test
    void serviceKeepsTheMd5OfWholeObjects() throws Exception {
        long size = Block.SIZE + 10L;
        storage()
                .putObject(
                        call(),
                        PutObject.of("blocks"),
                        new Content(GeneratedContent.of(5, size), OptionalLong.empty()));
        Block whole = new Block(new Content(GeneratedContent.of(5, size), OptionalLong.empty()));
        while (whole.total() < size) {
            whole.fill();
        }
        TestAdapterContext context = context(place);
        AzureConfiguration configuration = context.configuration(AzureConfiguration.class);
        Container container = Container.of(configuration);
        Connection connection = new Connection(
                context.http(), container, new SharedKey(container, configuration.accountKey()), context.clock());
        Connection.Answer head = connection.send(BlobRequest.of("HEAD", "blocks"), call().deadline());
        assertThat(head.headers().firstValue("Content-MD5")).contains(whole.md5OfWhole());
    }

    @Test
    void instancesWithPrefixesShareAContainer() throws IOException {
        try (ObjectStorage left = open(AzuriteFixture.with(place, "prefix", "left/"));
                ObjectStorage right = open(AzuriteFixture.with(place, "prefix", "right/"))) {
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
        Map<String, ?> wrong = new AzuriteFixture(server).wrongCredentials(place);
        try (ObjectStorage storage = open(wrong)) {
            refused(
                    StorageProblem.STORAGE_ACCESS_DENIED,
                    () -> storage.list(call(), new ListObjects(null, null, null)));
            ((SecretRotation) storage).secretsChanged(context(place));
            assertThat(storage.health()).isEqualTo(new Health.Up());
        }
    }

    @Test
    void serverKilledInTheMiddleOfAPutIsARetryableProblem(@TempDir Path own) throws Exception {
        try (Azurite mortal = Azurite.start(own)) {
            try (ObjectStorage storage = open(new AzuriteFixture(mortal).emptyPlace())) {
                storage.putObject(call(), PutObject.of("kept"), content("as it was".getBytes(UTF_8)));
                long size = 3L * Block.SIZE;
                GeneratedContent content = GeneratedContent.with(2, size, size / 2, mortal::kill);
                Problem broken = refused(
                        StorageProblem.STORAGE_UNREACHABLE,
                        () -> storage.putObject(
                                call(), PutObject.of("kept"), new Content(content, OptionalLong.of(size))));
                assertThat(broken.retry()).isInstanceOf(Retry.After.class);
                assertThat(storage.health()).isInstanceOf(Health.Down.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http://a/path", "http://user:password@a", "http://a?b", "nothing", "http:///"})
    void endpointThatIsNoneIsRefusedWithoutItsPassword(String endpoint) {
        Problem refusal = refused(
                StorageProblem.STORAGE_REQUEST_INVALID, () -> open(AzuriteFixture.with(place, "endpoint", endpoint)));
        assertThat(refusal.detail()).doesNotContain("password");
    }

    @Test
    void keyThatIsNoBase64IsRefusedWithoutTellingIt() {
        Problem refusal = refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> open(AzuriteFixture.with(place, "accountKey", "not Base64 at all!")));
        assertThat(refusal.toString()).doesNotContain("not Base64 at all!");
    }

    @ParameterizedTest
    @CsvSource({"origin, origin", "number-2, number_2", "2nd, _2nd", "a-b-c, a_b_c", "2-b, _2_b"})
    void metadataNamesBecomeIdentifiersAndComeBack(String name, String encoded) {
        assertThat(MetadataNames.encode(name)).isEqualTo(encoded).matches("[A-Za-z_][A-Za-z0-9_]*");
        assertThat(MetadataNames.decode(encoded)).isEqualTo(name);
    }
}
