package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Problem;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A repeated request is answered and not done again. */
final class IdempotencyTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> post(String path, String token, String key, String body) {
        return server.send(server.request(path, token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void answersRepeatedRequestWithTheFirstAnswer() {
        HttpResponse<String> first = post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");
        HttpResponse<String> second = post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");

        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(second.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(server.fakes.touched).containsExactly("createTenant");
    }

    @Test
    void answersARepeatedRequestAlsoWhenThePolicyWouldRefuseItNow() {
        HttpResponse<String> first = post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");
        server.fakes.governance.refusal.set(Problem.of(PolicyProblem.APPROVAL_NOT_VALID, "it was used", "Ask anew."));

        HttpResponse<String> second = post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");

        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(server.fakes.governance.asked).hasSize(1);
    }

    @Test
    void givesTheKeyBackWhenThePolicyRefuses() {
        server.fakes.governance.refusal.set(Problem.of(PolicyProblem.APPROVAL_REQUIRED, "two are needed", "Ask."));
        assertThat(TestServer.code(post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}")))
                .isEqualTo("approval-required");
        server.fakes.governance.refusal.set(null);

        assertThat(post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}").statusCode())
                .isEqualTo(201);
    }

    @Test
    void answersNobodyWhoLostTheRight() {
        post("/api/tenants/acme/environments", ACME, "k1", "{\"name\":\"qa\"}");

        assertThat(post("/api/tenants/globex/environments", ACME, "k1", "{\"name\":\"qa\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusesKeyForAnotherRequest() {
        post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");

        assertThat(TestServer.code(post("/api/tenants", ADMIN, "k1", "{\"id\":\"globex\"}")))
                .isEqualTo("idempotency-key-reused");
        assertThat(TestServer.code(post("/api/tenants/acme/environments", ADMIN, "k1", "{\"id\":\"acme\"}")))
                .isEqualTo("idempotency-key-reused");
    }

    @Test
    void keepsKeysOfTwoPrincipalsApart() {
        post("/api/tenants/acme/environments", ADMIN, "k1", "{\"name\":\"qa\"}");

        assertThat(post("/api/tenants/acme/environments", ACME, "k1", "{\"name\":\"uat\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void givesTheKeyBackWhenTheRequestFails() {
        post("/api/tenants", ADMIN, "k0", "{\"id\":\"acme\"}");

        assertThat(TestServer.code(post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}")))
                .isEqualTo("tenant-exists");
        assertThat(TestServer.code(post("/api/tenants", ADMIN, "k2", "{\"id\":")))
                .isEqualTo("invalid-request");
        assertThat(post("/api/tenants", ADMIN, "k1", "{\"id\":\"other\"}").statusCode())
                .isEqualTo(201);
        assertThat(post("/api/tenants", ADMIN, "k2", "{\"id\":\"third\"}").statusCode())
                .isEqualTo(201);
    }

    @Test
    void doesNotClaimForThoseWhoMayNot() {
        assertThat(TestServer.code(post("/api/tenants", ACME, "k1", "{\"id\":\"x\"}")))
                .isEqualTo("forbidden");
        assertThat(server.fakes.requests.claims).isEmpty();
    }

    @Test
    void keepsNeitherTheKeyNorADigestByWhichABodyCouldBeGuessed() throws Exception {
        String body = "{\"id\":\"acme\"}";
        post("/api/tenants", ADMIN, "a-key-as-sent", body);

        String plain = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(("POST\n/api/tenants\n" + body).getBytes(StandardCharsets.UTF_8)));
        assertThat(server.fakes.requests.claims).hasSize(1);
        assertThat(server.fakes.requests.claims.toString()).doesNotContain("a-key-as-sent", plain);
    }

    @Test
    void doesNotKeepSecrets() {
        String body = "{\"name\":\"ci\",\"roles\":[\"tenant_developer\"]}";
        assertThat(post("/api/tenants/acme/tokens", ACME, "k1", body).body()).contains("mst_t1_secret");

        assertThat(TestServer.code(post("/api/tenants/acme/tokens", ACME, "k1", body)))
                .isEqualTo("idempotency-answer-secret");
        assertThat(server.fakes.requests.claims.toString()).doesNotContain("mst_");
        assertThat(server.fakes.touched).containsExactly("createToken");
    }

    @Test
    void refusesKeysThatAreNone() {
        assertThat(TestServer.code(post("/api/tenants", ADMIN, "a b", "{\"id\":\"x\"}")))
                .isEqualTo("invalid-request");
        assertThat(TestServer.code(post("/api/tenants", ADMIN, "k".repeat(256), "{\"id\":\"x\"}")))
                .isEqualTo("invalid-request");
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void doesItOnceWhenManyAskAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                answers.add(threads.submit(() -> {
                    go.await();
                    return post("/api/tenants", ADMIN, "k1", "{\"id\":\"acme\"}");
                }));
            }
            go.countDown();
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<HttpResponse<String>> answer : answers) {
            statuses.add(answer.get().statusCode());
        }

        assertThat(statuses).contains(201).isSubsetOf(201, 409);
        assertThat(Collections.frequency(server.fakes.touched, "createTenant")).isOne();
    }
}
