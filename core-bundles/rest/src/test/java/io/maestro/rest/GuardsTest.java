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
import jakarta.ws.rs.POST;
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

        if (Fakes.COMMON.contains(endpoint.method().getAnnotation(Allows.class).value())) {
            assertThat(answer.statusCode()).isNotEqualTo(403);
        } else {
            assertThat(TestServer.code(answer)).isEqualTo("forbidden");
            assertThat(server.fakes.touched).isEmpty();
            assertThat(server.fakes.access.refused).hasSize(1);
        }
    }

    /** What the installation's own may still see of a tenant that leaves is said endpoint by endpoint. */
    @ParameterizedTest
    @MethodSource("guarded")
    void refusesEverybodyWithinATenantThatLeaves(OpenApiDocument.Endpoint endpoint) {
        server.fakes.offboarding.leaving.add(new TenantId("acme"));

        HttpResponse<String> own = server.send(request(endpoint, ACME));
        assertThat(TestServer.code(own)).isIn("tenant-leaving", "forbidden");
        assertThat(server.fakes.touched).isEmpty();

        HttpResponse<String> admin = server.send(request(endpoint, ADMIN));
        if (endpoint.path().contains("{tenant}") && !endpoint.method().isAnnotationPresent(Departing.class)) {
            assertThat(TestServer.code(admin)).isEqualTo("tenant-leaving");
            assertThat(server.fakes.touched).isEmpty();
        } else {
            assertThat(admin.body()).doesNotContain("tenant-leaving");
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

            assertThat(raw.until(text -> text.contains("unauthenticated")))
                    .startsWith("HTTP/1.1 401")
                    .contains("\r\nConnection: close\r\n");
        }
        assertThat(server.fakes.touched).isEmpty();
    }

    /** A connection that is reset takes the answer away from whoever is still sending. */
    @Test
    void readsTheRestOfABodyThatItHasRefused() throws Exception {
        try (RawExchange raw = new RawExchange(server.base())) {
            int length = 4_000_000;
            raw.send("POST /api/adapters HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/java-archive\r\n"
                    + "Content-Length: " + length + "\r\n\r\n");
            assertThat(raw.until(text -> text.endsWith("}"))).contains("unauthenticated");

            for (int sent = 0; sent < length; sent += 40_000) {
                raw.send("x".repeat(40_000));
            }

            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void keepsTheConnectionOfAStrangerWhoseBodyHasArrived() throws Exception {
        String request = "POST /api/adapters HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/java-archive\r\n"
                + "Content-Length: 2\r\n\r\nPK";
        try (RawExchange raw = new RawExchange(server.base())) {
            for (int i = 0; i < 2; i++) {
                raw.send(request);

                assertThat(raw.until(text -> text.contains("\"status\":401") && text.endsWith("}")))
                        .startsWith("HTTP/1.1 401")
                        .doesNotContain("Connection: close");
            }
        }
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

        assertThatThrownBy(() -> guards().configure(new Endpoint(method), new NoFeatures()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither @Allows nor @Open");
    }

    @Test
    void doesNotStartWithAnEndpointThatChangesSomethingUnasked() throws Exception {
        Method method = Unguarded.class.getDeclaredMethod("change");

        assertThatThrownBy(() -> guards().configure(new Endpoint(method), new NoFeatures()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither @Governed, @AsksWithin nor @ChangesNothing");
    }

    private Guards guards() {
        return new Guards(
                server.fakes.access,
                server.fakes.governance,
                server.fakes.offboarding,
                server.fakes.requests,
                server.fakes.governance,
                new Wire());
    }

    static final class Unguarded {
        @GET
        public String open() {
            return "";
        }

        @POST
        @Allows(Action.SELF)
        public String change() {
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
                .replaceAll("\\{[a-zA-Z]+}", "storage");
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
