package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static io.maestro.rest.Fakes.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Action;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody gets past the guards, at any endpoint. */
final class GuardsTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static List<OpenApiDocument.Endpoint> guarded() {
        return OpenApiDocument.endpoints().stream()
                .filter(e -> e.method().isAnnotationPresent(Allows.class))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesRequestWithoutToken(OpenApiDocument.Endpoint endpoint) {
        HttpResponse<String> answer = server.send(request(endpoint, null));

        assertThat(TestServer.code(answer)).isEqualTo("unauthenticated");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"maestro\"");
        assertThat(server.fakes.touched).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesRequestWithUnknownToken(OpenApiDocument.Endpoint endpoint) {
        assertThat(TestServer.code(server.send(request(endpoint, "mst_unknown"))))
                .isEqualTo("unauthenticated");
        assertThat(server.fakes.touched).isEmpty();
    }

    /** What belongs to acme or to the installation is not for globex; what anybody may read is the only exception. */
    @ParameterizedTest
    @MethodSource("guarded")
    void refusesForeignTenant(OpenApiDocument.Endpoint endpoint) {
        HttpResponse<String> answer = server.send(request(endpoint, GLOBEX));

        if (endpoint.method().getAnnotation(Allows.class).value() == Action.PLATFORM_READ) {
            assertThat(answer.statusCode()).isNotEqualTo(403);
        } else {
            assertThat(TestServer.code(answer)).isEqualTo("forbidden");
            assertThat(server.fakes.touched).isEmpty();
            assertThat(server.fakes.access.refused).hasSize(1);
        }
    }

    @Test
    void asksForTheRightOfTheScopeInThePath() {
        List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
        server.fakes.access.asked = (action, scope) -> asked.add(action + " " + scope);

        server.get("/api/tenants/acme/environments/dev/instances/files", ACME);
        server.get("/api/tenants/acme/environments", ACME);
        server.get("/api/adapters", ACME);

        assertThat(asked)
                .containsExactly(
                        Action.TENANT_READ + " " + new TenantId("acme") + "/" + new Environment("dev"),
                        Action.TENANT_READ + " acme/null",
                        Action.PLATFORM_READ + " null/null");
    }

    @Test
    void doesNotTellUnknownPathsToStrangers() {
        assertThat(TestServer.code(server.get("/api/no/such/path", null))).isEqualTo("unauthenticated");
        assertThat(TestServer.code(server.get("/api/no/such/path", ADMIN))).isEqualTo("path-unknown");
        assertThat(TestServer.code(server.get("/api/health/other", null))).isEqualTo("unauthenticated");
        assertThat(TestServer.code(server.get("/api/health/live/", null))).isEqualTo("unauthenticated");
        assertThat(TestServer.code(
                        server.send(server.request("/api/health/live", null).DELETE())))
                .isEqualTo("unauthenticated");
        assertThat(TestServer.code(
                        server.send(server.request("/api/tenants", null).method("OPTIONS", BodyPublishers.noBody()))))
                .isEqualTo("unauthenticated");
    }

    @Test
    void doesNotWaitForTheBodyOfAStranger() throws Exception {
        try (RawExchange raw = new RawExchange(server.base())) {
            raw.send("POST /api/adapters HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/java-archive\r\n"
                    + "Content-Length: 60000000\r\n\r\nPK");

            assertThat(raw.until(text -> text.contains("unauthenticated"))).startsWith("HTTP/1.1 401");
        }
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void takesTheSchemeInAnyCaseAndNoOtherScheme() {
        assertThat(server.send(server.request("/api/whoami", null).header("Authorization", "bEARER " + ACME))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send(server.request("/api/whoami", null).header("Authorization", "Basic " + ACME))
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.send(server.request("/api/whoami", null).header("Authorization", ACME))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesTwoAuthorizationHeaders() {
        assertThat(server.send(server.request("/api/whoami", ACME).header("Authorization", "Bearer " + ADMIN))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void tellsAccessWhereTheRequestComesFrom() {
        server.send(server.request("/api/tenants/acme?secret=1", ACME).header("X-Correlation-Id", "trace-1"));

        assertThat(server.fakes.access.origins.getLast())
                .isEqualTo(
                        new io.maestro.api.identity.Access.Origin("127.0.0.1", "GET", "/api/tenants/acme", "trace-1"));
    }

    @Test
    void doesNotStartWithAnUnguardedEndpoint() throws Exception {
        Method method = Unguarded.class.getDeclaredMethod("open");
        Guards guards = new Guards(server.fakes.access, server.fakes.requests, new Wire());

        assertThatThrownBy(() -> guards.configure(new Endpoint(method), new NoFeatures()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither @Allows nor @Open");
    }

    static final class Unguarded {
        @GET
        public String open() {
            return "";
        }
    }

    private record Endpoint(Method method) implements ResourceInfo {
        @Override
        public Method getResourceMethod() {
            return method;
        }

        @Override
        public Class<?> getResourceClass() {
            return method.getDeclaringClass();
        }
    }

    private HttpRequest.Builder request(OpenApiDocument.Endpoint endpoint, @Nullable String token) {
        String path = endpoint.path()
                .replace("{tenant}", "acme")
                .replace("{environment}", "dev")
                .replace("{instance}", "files")
                .replace("{version}", "1.0.0")
                .replace("{fingerprint}", "ab".repeat(32))
                .replaceAll("\\{[a-z]+}", "storage");
        HttpRequest.Builder request = server.request(path, token);
        Consumes consumes = endpoint.method().getAnnotation(Consumes.class);
        if (consumes != null && !consumes.value()[0].equals("*/*")) {
            request.header("Content-Type", consumes.value()[0]);
        }
        boolean body = consumes != null;
        return request.method(
                endpoint.verb(), body ? BodyPublishers.ofString("not even JSON") : BodyPublishers.noBody());
    }
}
