package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.Launch;
import io.maestro.testing.server.LaunchedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed between the commit of acts and their sealing, the server seals each of them once after its restart. */
final class KilledBeforeSealingTest {
    /** What every sealer takes before it seals; who holds it keeps all from sealing, and nothing else. */
    private static final long SEALING = 0x52435054L;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ACTS = 30;
    private static final int CALLERS = 4;

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestPostgres.fresh();
    }

    @AfterEach
    void drop() {
        TestPostgres.drop(database);
    }

    @Test
    void sealsWhatWasCommittedBeforeTheKill() throws Exception {
        List<String> tokens = new ArrayList<>();
        try (LaunchedServer server = launch()) {
            Api admin = Api.admin(server);
            admin.tenant("acme");
            tokens.add(token(admin, "sealed before"));
            awaitSealed();
            try (Connection held = database.connect();
                    Statement lock = held.createStatement()) {
                lock.execute("select pg_advisory_lock(" + SEALING + ")");
                for (int i = 0; i < ACTS; i++) {
                    tokens.add(token(admin, "number " + i));
                }
                // committed and answered, and certainly not sealed
                assertThat(count("store.fact")).isGreaterThanOrEqualTo(ACTS);
                server.kill9();
            }
        }
        try (LaunchedServer server = launch()) {
            assertSealedOnce(Api.admin(server), tokens);
        }
    }

    @Test
    void sealsWhateverWasAnsweredWhenItIsKilledInTheMiddleOfActsAndBatches() throws Exception {
        Queue<String> answered = new ConcurrentLinkedQueue<>();
        for (int kill = 0; kill < 3; kill++) {
            try (LaunchedServer server = launch()) {
                Api admin = Api.admin(server);
                if (kill == 0) {
                    admin.tenant("acme");
                }
                int before = answered.size();
                List<Thread> callers = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    callers.add(Thread.startVirtualThread(() -> callUntilKilled(admin, answered)));
                }
                Awaitility.await().atMost(PATIENCE).until(() -> answered.size() >= before + ACTS);
                server.kill9();
                for (Thread caller : callers) {
                    caller.join();
                }
            }
        }
        try (LaunchedServer server = launch()) {
            assertSealedOnce(Api.admin(server), List.copyOf(answered));
        }
    }

    private static void callUntilKilled(Api admin, Queue<String> answered) {
        try {
            while (true) {
                answered.add(token(admin, "one of many"));
            }
        } catch (RuntimeException | AssertionError killed) {
            // unanswered: it may have been committed or not
        }
    }

    private LaunchedServer launch() {
        return new Launch(Distribution.built(), folder.resolve("data"))
                .options("--no-demo", "--database-url", database.url(), "--database-user", database.user())
                .environment("MAESTRO_DATABASE_PASSWORD", database.password())
                .start();
    }

    private static String token(Api admin, String name) {
        return expect(
                        201,
                        admin.post(
                                "/api/tenants/acme/tokens",
                                Map.of("name", name, "roles", List.of("auditor"), "lifetimeDays", 1)))
                .at("/token/id")
                .asText();
    }

    /** Each answered act has one receipt, no receipt is there twice, and there is one for each token that exists. */
    private void assertSealedOnce(Api admin, List<String> tokens) throws Exception {
        awaitSealed();
        List<String> subjects = new ArrayList<>();
        List<Long> places = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = expect(200, admin.get("/api/tenants/acme/receipts?order=oldest&limit=100" + next));
            for (JsonNode receipt : page.path("items")) {
                assertThat(receipt.path("verified").asBoolean())
                        .as("%s", receipt)
                        .isTrue();
                places.add(receipt.path("sequence").asLong());
                if (receipt.at("/body/action").asText().equals("token.create")) {
                    subjects.add(receipt.at("/body/subject/name").asText());
                }
            }
            next = page.path("next").isTextual()
                    ? "&cursor=" + page.path("next").asText()
                    : "";
        } while (!next.isEmpty());
        assertThat(places)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, places.size()).boxed().toList());
        assertThat(subjects).doesNotHaveDuplicates().containsAll(tokens);
        assertThat(subjects).hasSize((int) count("identity.token where tenant_id = 'acme'"));
        assertVerifiesOffline(admin, places.size());
    }

    private void assertVerifiesOffline(Api admin, int receipts) throws Exception {
        Path export = folder.resolve("receipts.ndjson");
        Files.write(export, admin.get("/api/tenants/acme/receipts/export").bytes());
        String root =
                Files.readString(folder.resolve("data/keys/receipts/root")).strip();
        Process verify = new ProcessBuilder(
                        Distribution.built().maestro().toString(),
                        "receipts",
                        "verify",
                        export.toString(),
                        "--key",
                        root)
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(verify.exitValue()).as(said).isZero();
        assertThat(said).contains("All " + receipts + " receipts of tenant:acme");
    }

    private void awaitSealed() {
        Awaitility.await().atMost(PATIENCE).until(() -> count("store.fact") == 0);
    }

    private long count(String rows) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select count(*) from " + rows)) {
            found.next();
            return found.getLong(1);
        }
    }
}
