package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static io.maestro.rest.Fakes.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Role;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors tell whose list they are of. */
final class CursorOwnerTest {
    private static final String OBJECTS = "/api/tenants/acme/environments/prod/instances/files/objects";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aPageOfATenantEndsWithACursorThatNamesTheTenantAndTheListTakes() {
        String next = TestServer.json(server.get("/api/tenants/acme/receipts", ACME))
                .path("next")
                .asText();

        assertThat(next).isEqualTo("acme.more");
        assertThat(server.get("/api/tenants/acme/receipts?cursor=" + next, ACME).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/api/tenants/acme/receipts?cursor=" + next, ADMIN)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aPageOfTheInstallationEndsWithACursorThatNamesNobody() {
        String next =
                TestServer.json(server.get("/api/receipts", ADMIN)).path("next").asText();

        assertThat(next).isEqualTo("more");
        assertThat(server.get("/api/receipts?cursor=" + next, ADMIN).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theListItselfIsAskedWithItsOwnCursor() {
        server.get(OBJECTS + "?cursor=acme~prod.a.b", ACME);

        assertThat(server.fakes.calls.inputs).containsExactly("{\"prefix\":null,\"cursor\":\"a.b\",\"limit\":null}");
    }

    @Test
    void followingTheCursorOfAnotherTenantIsRefusedAndOnRecord() {
        HttpResponse<String> refused = server.get("/api/tenants/globex/receipts?cursor=acme.more", GLOBEX);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(server.fakes.access.refused).containsExactly("token:globex TENANT_AUDIT");
    }

    @Test
    void soItIsInAListOfNoTenant() {
        HttpResponse<String> refused =
                server.get("/api/adapters/storage-file/1.0.0/instances?cursor=acme.more", GLOBEX);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(server.fakes.access.refused).containsExactly("token:globex TENANT_READ");
    }

    @Test
    void followingTheCursorOfAnotherEnvironmentIsRefusedAndOnRecordForWhoeverHasNoRightThere() {
        String bound = server.fakes.access.as(Role.TENANT_DEVELOPER, new TenantId("acme"), new Environment("prod"));

        assertThat(server.get(OBJECTS + "?cursor=acme~dev.c", bound).statusCode())
                .isEqualTo(403);
        assertThat(server.fakes.access.refused).hasSize(1);
    }

    @Test
    void whoMayReadBothPlacesHasOnlyMixedThemUp() {
        assertThat(TestServer.code(server.get(OBJECTS + "?cursor=acme~dev.c", ACME)))
                .isEqualTo("invalid-cursor");
        assertThat(TestServer.code(server.get("/api/tenants/globex/receipts?cursor=acme.more", ADMIN)))
                .isEqualTo("invalid-cursor");
        assertThat(TestServer.code(server.get("/api/receipts?cursor=acme.more", ADMIN)))
                .isEqualTo("invalid-cursor");
        assertThat(server.fakes.access.refused).isEmpty();
        assertThat(server.fakes.calls.inputs).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "c", ".c", "A.c", "~.c", "acme~.c", "~prod.c", "acme~prod~x.c"})
    void whatNamesNobodyIsNoCursorOfATenant(String cursor) {
        assertThat(TestServer.code(server.get(OBJECTS + "?cursor=" + cursor, ACME)))
                .isEqualTo("invalid-cursor");
        assertThat(server.fakes.calls.inputs).isEmpty();
    }
}
