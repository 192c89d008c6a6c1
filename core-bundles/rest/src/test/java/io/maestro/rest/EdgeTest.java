package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server refuses before any resource, and that it does so with problems. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EdgeTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String exchange(String head) throws IOException {
        return RawExchange.exchange(server.base(), head, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1", "[::1]:80", "127.0.0.1:1", "10.0.0.1"})
    void answersForItsOwnNames(String host) throws IOException {
        assertThat(exchange("GET /api/health/live HTTP/1.1\r\nHost: " + host + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80"})
    void refusesForeignHosts(String host) throws IOException {
        assertThat(exchange("GET /api/health/live HTTP/1.1\r\nHost: " + host + "\r\n"))
                .startsWith("HTTP/1.1 421")
                .contains("\"code\":\"host-unknown\"");
    }

    @Test
    void refusesForeignHostInTheRequestLine() throws IOException {
        assertThat(exchange("GET http://evil.example/api/health/live HTTP/1.1\r\nHost: localhost\r\n"))
                .matches(text -> text.startsWith("HTTP/1.1 421") || text.startsWith("HTTP/1.1 400"));
    }

    @Test
    void refusesRequestWithoutHost() throws IOException {
        assertThat(exchange("GET /api/health/live HTTP/1.1\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n",
                "GET /api HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n",
                "GET /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "GET /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
                "GET /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n",
                "GET /a b HTTP/1.1\r\nHost: localhost\r\n"
            })
    void refusesMalformedRequestsWithAProblem(String head) throws IOException {
        String answer = exchange(head);

        assertThat(answer).matches(text -> text.startsWith("HTTP/1.1 4") || text.startsWith("HTTP/1.1 505"));
        assertThat(answer)
                .contains("application/problem+json", "X-Correlation-Id")
                .doesNotContain("jetty", "Jetty");
    }

    /** Whoever reads such a request in two ways can be made to take one for two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n",
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n",
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n",
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n",
                "POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding\t: chunked\r\n",
                "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
                "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n folded: c\r\n",
                "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-A: b\u0000c\r\n",
                "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-A: b\rX-B: c\r\n",
                "CONNECT /api/health/live HTTP/1.1\r\nHost: localhost\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n",
                "TRACE /api/health/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n",
                "OPTIONS /api/health/live HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n",
                "GET /api/%2e%2e/health/live HTTP/1.1\r\nHost: localhost\r\n",
                "GET /api/health/live/%00 HTTP/1.1\r\nHost: localhost\r\n",
                "GET /api/%u002e/live HTTP/1.1\r\nHost: localhost\r\n",
                "GET /api\\health HTTP/1.1\r\nHost: localhost\r\n",
                "GET //api/health/live HTTP/1.1\r\nHost: localhost\r\n",
                "GET ?x HTTP/1.1\r\nHost: localhost\r\n",
                "GET http: HTTP/1.1\r\nHost: localhost\r\n",
                "GET /api/health/live HTTP/2.0\r\nHost: localhost\r\n",
                "PRI * HTTP/2.0\r\n"
            })
    void refusesWhatCanBeReadInTwoWays(String head) throws IOException {
        assertThat(exchange(head))
                .containsPattern("^HTTP/1.1 (4\\d\\d|501|505) ")
                .contains("application/problem+json")
                .doesNotContain("Access-Control", "secret", "etty", "NullPointer");
    }

    @Test
    void refusesLongAddresses() throws IOException {
        assertThat(exchange("GET /api/" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("\"code\":\"uri-too-long\"");
        assertThat(exchange("GET /api/" + "a".repeat(50_000) + " HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("\"code\":\"uri-too-long\"");
    }

    @Test
    void refusesLargeHeaders() throws IOException {
        assertThat(exchange("GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("\"code\":\"headers-too-large\"");
    }

    @Test
    void echoesHarmlessCorrelationIds() {
        assertThat(server.send(server.request("/api/health/live", null)
                                .header("X-Correlation-Id", "Trace-1_2.3:4/5+6="))
                        .headers()
                        .firstValue("X-Correlation-Id"))
                .contains("Trace-1_2.3:4/5+6=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\tb", "<script>", "ünï", "a,b", "\"x\""})
    void replacesOddCorrelationIds(String odd) throws IOException {
        String answer =
                exchange("GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-Correlation-Id: " + odd + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain(odd);
        assertThat(answer).containsPattern("X-Correlation-Id: [0-9a-f]{32}\r\n");
    }

    @Test
    void doesNotLetCorrelationIdsSplitAnswers() throws IOException {
        String answer =
                exchange("GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-Correlation-Id: a\r\n X-Evil: 1\r\n");
        assertThat(answer).doesNotContain("\nX-Evil");
        assertThat(exchange("GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nX-Correlation-Id: " + "a".repeat(65)
                        + "\r\n"))
                .doesNotContain("a".repeat(65));
    }

    @Test
    void answersTwoRequestsOnOneConnection() throws IOException {
        try (RawExchange raw = new RawExchange(server.base())) {
            raw.send("GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "GET /api/whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ACME
                    + "\r\nConnection: close\r\n\r\n");

            assertThat(raw.rest()).contains("{\"status\":\"up\"}").contains("token:acme");
        }
    }

    @Test
    void refusesArtifactsThatGrowTooLargeWhileTheyCome() {
        HttpResponse<String> answer = server.send(server.request("/api/adapters", ADMIN)
                .header("Content-Type", "application/java-archive")
                .POST(BodyPublishers.ofByteArrays(java.util.Collections.nCopies(66, new byte[1024 * 1024]))));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(TestServer.code(answer)).isEqualTo("body-too-large");
    }

    @Test
    void answersARefusedUploadSoThatTheClientSeesIt() {
        HttpResponse<String> answer = server.send(server.request("/api/adapters", ACME)
                .header("Content-Type", "application/java-archive")
                .POST(BodyPublishers.ofByteArray(new byte[512 * 1024])));

        assertThat(TestServer.code(answer)).isEqualTo("forbidden");
    }

    @Test
    void staysUsableAfterAllThis() {
        assertThat(server.get("/api/whoami", ACME).statusCode()).isEqualTo(200);
    }
}
