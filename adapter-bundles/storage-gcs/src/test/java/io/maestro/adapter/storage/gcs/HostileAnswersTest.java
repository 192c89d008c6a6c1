package io.maestro.adapter.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.conformance.storage.StorageCalls;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.testing.peers.GcsProtocolServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that no sound service gives are told as such, and do no harm. */
final class HostileAnswersTest extends StorageCalls {
    private static GcsProtocolServer server;

    @TempDir
    Path folder;

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
        return (ObjectStorage) new StorageGcsComponent()
                .open(closeAfterwards(new TestAdapterContext(folder, new ProtocolServerFixture(server).emptyPlace())));
    }

    static List<String> noDescriptions() {
        return List.of(
                "",
                "<html>",
                "null",
                "[]",
                "{}",
                "{\"name\": \"x\"",
                described("\"size\": \"-1\""),
                described("\"size\": \"1e3\""),
                described("\"size\": [1]"),
                described("\"generation\": \"1&alt=media\""),
                described("\"timeCreated\": \"yesterday\""),
                described("\"metadata\": {\"a\": {\"b\": \"c\"}}"),
                described("\"metadata\": []"),
                described("\"x\": " + "[".repeat(100_000)),
                described("\"x\": \"" + "y".repeat(100_000) + "\""),
                described("\"x\": " + "9".repeat(100_000)));
    }

    /** A sound description, but for what comes last. */
    private static String described(String wrong) {
        String name = wrong.substring(0, wrong.indexOf(':'));
        StringBuilder description = new StringBuilder("{");
        for (String sound : List.of(
                "\"name\": \"x\"",
                "\"size\": \"1\"",
                "\"generation\": \"1\"",
                "\"timeCreated\": \"2026-01-01T00:00:00Z\"")) {
            if (!sound.startsWith(name + ":")) {
                description.append(sound).append(", ");
            }
        }
        return description + wrong + "}";
    }

    @ParameterizedTest
    @MethodSource("noDescriptions")
    void descriptionThatIsNoneIsAFailureOfTheService(String text) throws Exception {
        for (int i = 0; i < 2; i++) {
            server.fault(Map.of("on", "fields=name", "status", 200, "text", text));
        }
        refused(StorageProblem.STORAGE_FAILED, () -> storage().getObject(call(), new GetObject("x")));
        refused(StorageProblem.STORAGE_FAILED, () -> put("x", "y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\": {}}",
                "{\"items\": [1]}",
                "{\"items\": [{\"name\": \"x\"}]}",
                "{\"nextPageToken\": {}}",
                "{\"items\": [], \"items\": []}"
            })
    void listThatIsNoneIsAFailureOfTheService(String text) throws Exception {
        server.fault(Map.of("on", "^GET", "status", 200, "text", text));
        refused(StorageProblem.STORAGE_FAILED, () -> list(null, null, null));
    }

    @Test
    void answerWithoutAnEndIsNotHeld() throws Exception {
        server.fault(Map.of("on", "^GET", "status", 200, "endless", true));
        tooLargeOnce(() -> list(null, null, null));
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    /** It is not asked for again, neither here nor by the host. */
    private static void tooLargeOnce(ThrowingCallable act) {
        Problem large = refused(StorageProblem.STORAGE_FAILED, act);
        assertThat(large.detail()).contains("larger");
        assertThat(large.retry()).isEqualTo(Retry.never());
    }

    /** Far more as objects than this process has memory. */
    @Test
    void answerOfVeryManyValuesIsNotMadeAnObject() throws Exception {
        String piece = "{\"\":{}},";
        server.fault(Map.of(
                "on",
                "^GET",
                "status",
                200,
                "text",
                "{\"items\":[PIECE{}]}",
                "piece",
                piece,
                "times",
                79 * 1024 * 1024 / 10 / piece.length()));
        Problem dense = refused(StorageProblem.STORAGE_FAILED, () -> list(null, null, null));
        assertThat(dense.retry()).isEqualTo(Retry.never());
    }

    @Test
    void pageOfAThousandLongNamesIsRead() throws Exception {
        String item = described("\"name\": \"" + "n".repeat(1024) + "\"");
        server.fault(Map.of(
                "on",
                "^GET",
                "status",
                200,
                "text",
                "{\"items\":[PIECE" + item + "]}",
                "piece",
                item + ",",
                "times",
                999));
        assertThat(list(null, null, null).objects()).hasSize(1000);
    }

    @Test
    void whatIsSaidOfOneObjectIsBounded() throws Exception {
        put("x", "y");
        server.fault(padded("^GET.*fields=name", 200, described("\"x\": [PIECE\"\"]")));
        tooLargeOnce(() -> storage().getObject(call(), new GetObject("x")));
        server.fault(padded("^POST.*fields=name", 200, described("\"x\": [PIECE\"\"]")));
        tooLargeOnce(() -> put("x", "z"));
        assertThat(read("x")).isEqualTo("y");
    }

    @Test
    void errorsAndTokensAreBounded() throws Exception {
        server.fault(padded("/token", 200, "{\"access_token\":\"a\",\"expires_in\":3600,\"x\":[PIECE\"\"]}"));
        tooLargeOnce(() -> list(null, null, null));
        for (String act : List.of("^GET.*/o\\?", "^GET.*alt=media")) {
            put("x", "y");
            server.fault(padded(act, 503, "{\"error\":{\"errors\":[{\"reason\":\"x\"}]},\"x\":[PIECE\"\"]}"));
            tooLargeOnce(() -> {
                list(null, null, null);
                read("x");
            });
        }
    }

    /** An answer of 300 KB, of few values. */
    private static Map<String, ?> padded(String on, int status, String text) {
        String piece = "\"" + "p".repeat(997) + "\",";
        return Map.of("on", on, "status", status, "text", text, "piece", piece, "times", 300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"access_token\": \"a b\", \"expires_in\": 3600}",
                "{\"access_token\": \"a\\r\\nX-Other: 1\", \"expires_in\": 3600}",
                "{\"access_token\": \"a\", \"expires_in\": 0}",
                "{\"access_token\": \"a\", \"expires_in\": \"soon\"}",
                "{\"access_token\": \"a\", \"expires_in\": 99999999999}",
                "{\"access_token\": [\"a\"], \"expires_in\": 3600}"
            })
    void tokenThatIsNoneIsAFailureAndIsNotUsed(String text) throws Exception {
        server.fault(Map.of("on", "/token", "status", 200, "text", text));
        refused(StorageProblem.STORAGE_FAILED, () -> list(null, null, null));
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401, STORAGE_ACCESS_DENIED",
        "400, STORAGE_ACCESS_DENIED",
        "429, STORAGE_THROTTLED",
        "500, STORAGE_FAILED",
        "404, STORAGE_FAILED",
        "302, STORAGE_FAILED"
    })
    void refusalOfATokenDoesNotPassOnWhatItSays(int status, StorageProblem expected) throws Exception {
        server.fault(Map.of(
                "on", "/token", "status", status, "text", "{\"error\": \"<echo>\", \"error_description\": \"echo\"}"));
        Problem refusal = refused(expected, () -> list(null, null, null));
        assertThat(refusal.toString()).doesNotContain("echo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes=0-", "bytes=1-99", "bytes=0-99999999999999", "bytes=0-9", "0-8388607"})
    void uploadThatTheServiceDoesNotKeepInOrderIsGivenUp(String range) throws Exception {
        server.fault(Map.of("on", "^PUT", "status", 308, "range", range));
        refused(
                range.equals("bytes=0-9") ? StorageProblem.STORAGE_REQUEST_INVALID : StorageProblem.STORAGE_FAILED,
                () -> storage()
                        .putObject(
                                call(),
                                PutObject.of("x"),
                                new Content(GeneratedContent.of(1, Chunk.SIZE + 10L), OptionalLong.empty())));
        assertThat(list(null, null, null).objects()).isEmpty();
    }
}
