package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.e2e.Api.Answer;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often a request with a key is sent, by however many at once, before and after a crash: it is done once. */
final class ReplaysTest {
    private static final int REPLAYS = 1_000;
    private static final int CALLERS = 8;
    private static final int ACTS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    /**
     * What is sent again and again.
     *
     * @param action as its receipt names it
     * @param secret whether the answer is shown once only
     */
    private record Act(String action, String path, Map<String, Object> body, boolean secret) {}

    @Test
    void doNothingTwice() throws Exception {
        TestPublisher publisher = TestPublisher.create("partner");
        TestPublisher other = TestPublisher.create("other");
        List<Act> acts = List.of(
                new Act("tenant.create", "/api/tenants", Map.of("id", "acme", "displayName", "Acme"), false),
                new Act("environment.create", "/api/tenants/acme/environments", Map.of("name", "qa"), false),
                new Act(
                        "publisher-key.trust",
                        "/api/publishers",
                        Map.of("name", other.name(), "certificate", other.pem()),
                        false),
                new Act(
                        "token.create",
                        "/api/tenants/acme/tokens",
                        Map.of("name", "build", "roles", List.of("tenant_developer")),
                        true),
                new Act(
                        "instance.create",
                        Api.instances("acme/qa"),
                        Map.of("id", "files", "adapter", "demo@1.0.0", "configuration", Map.of("greeting", "hello")),
                        false));
        List<String> firsts = new ArrayList<>();
        LaunchedServer server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        try {
            Api admin = Api.admin(server);
            admin.trust(publisher);
            expect(201, admin.upload(AdapterJar.storage("demo", "1.0.0").signedBy(publisher)));
            for (Act act : acts) {
                long before = receipts(server, act);
                firsts.add(sendToAll(admin, act));
                assertThat(receipts(server, act) - before).as(act.action()).isOne();
            }
            server.kill9();
            server.close();
            server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
            Api restarted = Api.admin(server);
            for (int i = 0; i < acts.size(); i++) {
                Act act = acts.get(i);
                long before = receipts(server, act);
                Answer answer = restarted.postWithKey(key(act), act.path(), act.body());
                assertThat(answer.status()).as(act + ": " + answer.body()).isEqualTo(act.secret() ? 409 : 201);
                if (act.secret()) {
                    assertThat(answer.code()).isEqualTo("idempotency-answer-secret");
                } else {
                    assertThat(answer.body().toString()).as(act.action()).isEqualTo(firsts.get(i));
                }
                assertThat(receipts(server, act)).as(act.action()).isEqualTo(before);
            }
        } finally {
            server.close();
        }
    }

    /** Returns the answer that all were given. */
    private static String sendToAll(Api admin, Act act) throws Exception {
        List<Future<List<Answer>>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> {
                    List<Answer> answers = new ArrayList<>();
                    for (int j = 0; j < REPLAYS / CALLERS / ACTS; j++) {
                        answers.add(admin.postWithKey(key(act), act.path(), act.body()));
                    }
                    return answers;
                }));
            }
        }
        List<String> made = new ArrayList<>();
        for (Future<List<Answer>> caller : callers) {
            for (Answer answer : caller.get()) {
                if (answer.status() == 201) {
                    made.add(answer.body().toString());
                } else {
                    assertThat(answer.code())
                            .as(act + ": " + answer.body())
                            .isIn("idempotency-key-busy", act.secret() ? "idempotency-answer-secret" : "");
                }
            }
        }
        assertThat(made).as(act.action()).isNotEmpty();
        assertThat(made.stream().distinct()).as(act.action()).hasSize(1);
        if (act.secret()) {
            assertThat(made).as("shown once").hasSize(1);
        }
        return made.getFirst();
    }

    private static String key(Act act) {
        return "replayed-" + act.action();
    }

    /** How many receipts there are of what this act does, once all that was done has one. */
    private static long receipts(LaunchedServer server, Act act) {
        await().atMost(PATIENCE).until(() -> count(server, "select count(*) from store.fact") == 0);
        return count(server, "select count(*) from provenance.receipt where action = '" + act.action() + "'");
    }

    private static long count(LaunchedServer server, String query) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('maestro.platform', 'on', false)");
            try (ResultSet found = statement.executeQuery(query)) {
                found.next();
                return found.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
