package io.maestro.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.testing.rest.Endpoint;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint of a tenant is asked about another tenant's things, those that are there and those that are not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForeignTenantTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
        server.post("/api/tenants", Fakes.ADMIN, "{\"id\":\"acme\",\"displayName\":\"Planted Name\"}");
        server.post(
                "/api/tenants/acme/environments/dev/instances",
                Fakes.ADMIN,
                "{\"id\":\"planted-files\",\"adapter\":\"storage-s3@1.0.0\",\"configuration\":{\"bucket\":\"planted\"}}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<Endpoint> ofTenants() {
        return Endpoint.of(AuthorizationTableTest.OPEN_API).stream()
                .filter(endpoint -> endpoint.ofTenant() && !endpoint.open())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ofTenants")
    void refusesAndTellsNothing(Endpoint endpoint) {
        server.fakes.touched.clear();
        String there = refused(endpoint, Map.of("tenant", "acme", "instance", "planted-files"));
        String missing = refused(endpoint, Map.of("tenant", "nobody", "instance", "nothing"));

        // the same answer for what is there and for what is not
        assertThat(there).isEqualTo(missing).doesNotContainIgnoringCase("planted");
        assertThat(server.fakes.touched).isEmpty();
    }

    /** The body without what the caller sent itself: the path, and the id of the request. */
    private String refused(Endpoint endpoint, Map<String, String> parameters) {
        HttpResponse<String> answer = server.send(
                endpoint.request(server.base(), parameters).header("Authorization", "Bearer " + Fakes.GLOBEX));
        assertThat(answer.statusCode()).as(endpoint.toString()).isEqualTo(403);
        assertThat(TestServer.code(answer)).isEqualTo("forbidden");
        ObjectNode body = (ObjectNode) TestServer.json(answer);
        assertThat(body.remove("instance").asText()).isEqualTo(endpoint.path(parameters));
        body.remove("correlationId");
        return body.toString();
    }
}
