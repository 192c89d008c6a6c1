package io.maestro.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No end-to-end test gets past an answer that the OpenAPI document does not describe. */
class ApiTest {
    private static final String EMPTY_PAGE = "{\"items\":[],\"next\":null}";

    private String answer = EMPTY_PAGE;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void letsADescribedAnswerPass() {
        assertThat(api().get("/api/tenants?limit=3").body().path("items")).isEmpty();
    }

    @Test
    void failsOnAMemberThatIsNotDescribed() {
        answer = "{\"items\":[],\"next\":null,\"more\":1}";

        assertThatThrownBy(() -> api().get("/api/tenants?limit=3"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("GET /api/tenants answered 200")
                .hasMessageContaining("more");
    }

    private Api api() {
        return new Api(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "nobody");
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = answer.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
