package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static io.maestro.rest.Fakes.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Receipts and the keys that sign them, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReceiptsTest {
    private static final String ONE =
            "{\"id\":\"" + FakeReceipts.ID + "\",\"sealed\":true,\"verified\":true,\"defect\":null,"
                    + "\"sequence\":3,\"hash\":\"" + Fakes.DIGEST + "\",\"signature\":\"c2ln\","
                    + "\"body\":{\"action\":\"tenant.create\",\"sequence\":3}}";

    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void givesReceiptsWithTheVeryTextThatIsSigned() {
        assertThat(server.get("/api/tenants/acme/receipts", ACME).body())
                .isEqualTo("{\"items\":[" + ONE + "],\"next\":\"acme.more\"}");
        assertThat(server.get("/api/tenants/acme/receipts/" + FakeReceipts.ID, ACME)
                        .body())
                .isEqualTo(ONE);
        assertThat(server.get("/api/receipts/" + FakeReceipts.ID, ADMIN).body()).isEqualTo(ONE);
        assertThat(TestServer.code(server.get("/api/receipts/00000000-0000-0000-0000-000000000000", ADMIN)))
                .isEqualTo("receipt-unknown");
    }

    @Test
    void passesEachFilterOn() {
        server.get(
                "/api/receipts?environment=prod&action=a.b&subjectType=t&subject=s%20x&actor=token:1"
                        + "&from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z&order=oldest",
                ADMIN);
        assertThat(server.fakes.receipts.filter)
                .isEqualTo(new Filter(
                        new Environment("prod"),
                        "a.b",
                        "t",
                        "s x",
                        "token:1",
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-02-01T00:00:00Z"),
                        true));
    }

    @Test
    void refusesWhatIsNoFilter() {
        for (String query :
                new String[] {"from=yesterday", "until=9999999-01-01T00:00:00Z", "order=random", "limit=0"}) {
            assertThat(TestServer.code(server.get("/api/receipts?" + query, ADMIN)))
                    .as(query)
                    .isEqualTo("invalid-request");
        }
        assertThat(TestServer.code(server.get("/api/receipts/x", ADMIN))).isEqualTo("invalid-request");
        assertThat(TestServer.code(server.get("/api/receipts/verification?after=-1", ADMIN)))
                .isEqualTo("invalid-request");
    }

    @Test
    void verifiesAChainFromAPlaceOn() {
        assertThat(server.get("/api/tenants/acme/receipts/verification?after=10", ACME)
                        .body())
                .isEqualTo("{\"verified\":false,\"checked\":3,\"last\":13,\"complete\":false,\"defectAt\":14,"
                        + "\"defect\":\"the signature does not match the body\"}");
    }

    @Test
    void streamsAnExport() {
        HttpResponse<String> answer = server.get("/api/tenants/acme/receipts/export", ACME);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(answer.body()).isEqualTo("{\"line\":1}\n");
    }

    @Test
    void doesNotLetAnExportThatFailsMidwayLookWhole() {
        assertThat(server.get("/api/receipts/export?from=2026-01-01T00:00:00Z", ADMIN)
                        .statusCode())
                .isEqualTo(500);
    }

    @Test
    void letsNobodyReadTheReceiptsOfOthers() {
        for (String path : new String[] {"", "/" + FakeReceipts.ID, "/verification", "/export"}) {
            assertThat(server.get("/api/tenants/acme/receipts" + path, GLOBEX).statusCode())
                    .isEqualTo(403);
            assertThat(server.get("/api/receipts" + path, GLOBEX).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void letsTheInstallationAcceptABreak() {
        String body = "{\"last\":15,\"reason\":\"the backup of Monday\"}";
        assertThat(server.post("/api/tenants/acme/receipts/accept-break", ADMIN, body)
                        .body())
                .isEqualTo("{\"chain\":\"tenant:acme\",\"reached\":20,\"last\":15}");
        assertThat(server.post("/api/receipts/accept-break", ADMIN, body).body())
                .isEqualTo("{\"chain\":\"platform\",\"reached\":20,\"last\":15}");
        assertThat(server.post("/api/tenants/acme/receipts/accept-break", ACME, body)
                        .statusCode())
                .isEqualTo(403);
        for (String bad : new String[] {
            "{\"reason\":\"x\"}",
            "{\"last\":1}",
            "{\"last\":-1,\"reason\":\"x\"}",
            "{\"last\":1,\"reason\":\" \"}",
            "{\"last\":1,\"reason\":\"" + "x".repeat(501) + "\"}"
        }) {
            assertThat(TestServer.code(server.post("/api/receipts/accept-break", ADMIN, bad)))
                    .as(bad)
                    .isEqualTo("invalid-request");
        }
    }

    @Test
    void showsTheReceiptsOfATenantThatLeftToTheInstallationAlone() {
        try (TestServer other = new TestServer()) {
            other.fakes.offboarding.leaving.add(new TenantId("acme"));
            for (String path : new String[] {"", "/" + FakeReceipts.ID, "/verification", "/export"}) {
                assertThat(other.get("/api/tenants/acme/receipts" + path, ADMIN).statusCode())
                        .as(path)
                        .isEqualTo(200);
                assertThat(TestServer.code(other.get("/api/tenants/acme/receipts" + path, ACME)))
                        .as(path)
                        .isEqualTo("tenant-leaving");
            }
        }
    }

    @Test
    void managesTheKeys() {
        assertThat(TestServer.json(server.get("/api/receipt-keys", ADMIN))
                        .at("/items/0/id")
                        .asText())
                .isEqualTo(Fakes.DIGEST.toString());
        assertThat(server.post("/api/receipt-keys/rotate", ADMIN, "{}").statusCode())
                .isEqualTo(201);
        assertThat(server.post("/api/receipt-keys", ADMIN, "{\"publicKey\":\"PEM\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(server.post("/api/receipt-keys/" + Fakes.DIGEST + "/retire", ADMIN, "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.post("/api/receipt-keys/rotate", ACME, "{}").statusCode())
                .isEqualTo(403);
    }
}
