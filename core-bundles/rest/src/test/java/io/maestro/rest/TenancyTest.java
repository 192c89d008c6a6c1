package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants, environments, members and offboarding as they come over the wire. */
final class TenancyTest {
    private static final String MEMBER = "/api/tenants/acme/members/oidc:login%23https://id.example/anna";
    private static final String DEV = "/api/tenants/acme/environments/dev";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
        server.post("/api/tenants", ADMIN, "{\"id\":\"acme\"}");
        server.fakes.touched.clear();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsTenantsByTheBeginningOfTheirIds() {
        server.post("/api/tenants", ADMIN, "{\"id\":\"initech\"}");

        assertThat(TestServer.json(server.get("/api/tenants?prefix=ini", ADMIN))
                        .at("/items/0/id")
                        .asText())
                .isEqualTo("initech");
        assertThat(TestServer.json(server.get("/api/tenants?prefix=ac", ACME)).path("items"))
                .hasSize(1);
        assertThat(TestServer.json(server.get("/api/tenants?prefix=ini", ACME)).path("items"))
                .isEmpty();
    }

    @Test
    void renamesATenantAtTheTagThatWasSeen() {
        assertThat(tag(server.get("/api/tenants/acme", ACME))).isEqualTo("\"1\"");

        HttpResponse<String> renamed = send("PATCH", "/api/tenants/acme", "{\"displayName\":\"Acme Ş\"}", "\"1\"");
        assertThat(TestServer.json(renamed).path("displayName").asText()).isEqualTo("Acme Ş");
        assertThat(tag(renamed)).isEqualTo("\"2\"");
        HttpResponse<String> late = send("PATCH", "/api/tenants/acme", "{\"displayName\":\"Other\"}", "\"1\"");
        assertThat(TestServer.code(late)).isEqualTo("revision-changed");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(TestServer.code(send("PATCH", "/api/tenants/acme", "{\"displayName\":\"Other\"}", "\"x\"")))
                .isEqualTo("revision-changed");
        assertThat(TestServer.code(send("PATCH", "/api/tenants/acme", "{}", null)))
                .isEqualTo("invalid-request");
        assertThat(server.send(server.request("/api/tenants/acme", ACME).header("If-None-Match", "\"2\""))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void deletesAnEnvironmentAtTheTagThatWasSeen() {
        String tag = tag(server.get(DEV, ACME));

        assertThat(TestServer.code(send("DELETE", DEV, null, "\"2020-01-01T00:00:00Z\"")))
                .isEqualTo("revision-changed");
        assertThat(TestServer.code(send("DELETE", DEV, null, "\"yesterday\""))).isEqualTo("revision-changed");
        assertThat(send("DELETE", DEV, null, tag).statusCode()).isEqualTo(204);
    }

    @Test
    void addsChangesAndRemovesAMember() {
        String anna = "{\"displayName\":\"Anna\",\"roles\":[\"tenant_developer\",\"auditor\"],\"environment\":\"dev\"}";
        HttpResponse<String> added = server.send(server.request(MEMBER, ACME)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(anna)));
        assertThat(added.body())
                .isEqualTo("{\"tenant\":\"acme\",\"principal\":\"oidc:login#https://id.example/anna\","
                        + "\"displayName\":\"Anna\",\"roles\":[\"tenant_developer\",\"auditor\"],"
                        + "\"environment\":\"dev\",\"revision\":1,\"createdAt\":\"2026-11-20T22:00:00Z\","
                        + "\"updatedAt\":\"2026-11-20T22:00:00Z\"}");
        assertThat(server.get(MEMBER, ACME).body()).isEqualTo(added.body());
        assertThat(TestServer.json(server.get("/api/tenants/acme/members", ACME))
                        .path("items"))
                .hasSize(1);

        assertThat(tag(send("PUT", MEMBER, "{\"roles\":[\"auditor\"]}", tag(added))))
                .isEqualTo("\"2\"");
        assertThat(TestServer.code(send("PUT", MEMBER, anna, tag(added)))).isEqualTo("revision-changed");
        assertThat(send("DELETE", MEMBER, null, "\"2\"").statusCode()).isEqualTo(204);
        assertThat(server.fakes.touched).contains("removeMember 2");
        assertThat(TestServer.code(server.get(MEMBER, ACME))).isEqualTo("member-unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"roles\":null}",
                "{\"roles\":[null]}",
                "{\"roles\":\"auditor\"}",
                "{\"roles\":[\"owner\"]}",
                "{\"roles\":[\"AUDITOR\"]}",
                "{\"roles\":[\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\",\"auditor\"]}",
                "{\"roles\":[\"auditor\"],\"environment\":\"../prod\"}",
                "{\"roles\":[\"auditor\"],\"revision\":1}"
            })
    void refusesAMemberThatIsNone(String body) {
        assertThat(send("PUT", MEMBER, body, null).statusCode()).isEqualTo(400);
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void refusesContradictingConditions() {
        HttpResponse<String> answer = server.send(server.request(MEMBER, ACME)
                .header("Content-Type", "application/json")
                .header("If-None-Match", "\"1\"")
                .PUT(BodyPublishers.ofString("{\"roles\":[\"auditor\"]}")));

        assertThat(TestServer.code(answer)).isEqualTo("invalid-request");
        assertThat(server.fakes.touched).isEmpty();
    }

    @Test
    void plansAndOffboardsATenant() {
        String path = "/api/tenants/acme/offboard";

        assertThat(server.post(path + "?dryRun=true", ADMIN, "{}").body())
                .isEqualTo("{\"tenant\":\"acme\",\"stage\":\"planned\",\"parts\":[{\"name\":\"adapters\","
                        + "\"done\":false,\"holdings\":{\"instances\":2}}]}");
        assertThat(TestServer.code(server.post(path, ADMIN, "{}"))).isEqualTo("invalid-request");
        assertThat(TestServer.code(server.post(path + "?dryRun=1", ADMIN, "{\"confirm\":\"acme\"}")))
                .isEqualTo("invalid-request");
        assertThat(server.fakes.touched).containsExactly("plan");

        assertThat(TestServer.json(server.post(path, ADMIN, "{\"confirm\":\"acme\"}"))
                        .path("stage")
                        .asText())
                .isEqualTo("running");
        assertThat(server.fakes.touched).containsExactly("plan", "begin acme");
        assertThat(TestServer.code(server.get("/api/whoami", ACME))).isEqualTo("tenant-leaving");
        assertThat(TestServer.json(server.get(path, ADMIN)).path("stage").asText())
                .isEqualTo("finished");
        assertThat(server.get("/api/tenants/acme", ADMIN).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> send(
            String method,
            String path,
            @org.jspecify.annotations.Nullable String body,
            @org.jspecify.annotations.Nullable String tag) {
        var request = server.request(path, ACME)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return server.send(tag == null ? request : request.header("If-Match", tag));
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElse("none");
    }
}
