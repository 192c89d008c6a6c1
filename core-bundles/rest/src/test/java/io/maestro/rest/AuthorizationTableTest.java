package io.maestro.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Role;
import io.maestro.model.TenantId;
import io.maestro.testing.rest.Endpoint;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint is asked by a principal of each role; what they were answered is the page of the reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthorizationTableTest {
    static final Path OPEN_API = Path.of("../../docs/reference/openapi.json");

    private static final Path PAGE = Path.of("../../docs/reference/authorization.md");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private final TestServer server = new TestServer();
    private final List<Column> columns = new ArrayList<>();

    /** A role, of the installation or within acme. */
    private record Column(Role role, boolean within, String token) {
        String title() {
            return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @BeforeAll
    void roles() throws IOException {
        if (Boolean.getBoolean("openapi.update")) {
            // its endpoints are the lines of the page
            Files.writeString(OPEN_API, new OpenApiDocument().text());
        }
        for (Role role : Role.values()) {
            if (role.ofInstallation()) {
                columns.add(new Column(role, false, server.fakes.access.as(role, null, null)));
            }
        }
        for (Role role : Role.values()) {
            if (role.withinTenant()) {
                columns.add(new Column(role, true, server.fakes.access.as(role, ACME, null)));
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void saysOfEveryEndpointWhoMay() throws IOException {
        String measured = page();
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(PAGE, measured);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/reference/authorization.md is not what the server answers; write it anew with"
                        + " mvn test -pl core-bundles/rest -am -Dopenapi.update=true, and read the diff")
                .isEqualTo(measured);
    }

    static List<Endpoint> endpoints() {
        return Endpoint.of(OPEN_API);
    }

    /** The description is complete: a new endpoint is not asked before it is described, and then fails the page. */
    @Test
    void asksEveryEndpointThatTheCodeHas() {
        assertThat(endpoints().stream().map(Endpoint::toString))
                .containsExactlyInAnyOrderElementsOf(OpenApiDocument.endpoints().stream()
                        .map(endpoint -> endpoint.verb() + " " + endpoint.path())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void letsNobodyWithinATenantActInAnother(Endpoint endpoint) {
        for (Column column : columns) {
            if (endpoint.ofTenant() && column.within()) {
                assertThat(status(endpoint, column, GLOBEX))
                        .as("%s by the %s of acme", endpoint, column.title())
                        .isEqualTo(403);
            }
        }
    }

    private String page() {
        StringBuilder text = new StringBuilder("""
                # Authorization

                What each role may, endpoint by endpoint. Generated: a test asks every endpoint as a principal of each role,
                and compares this page with the answers. Roles are explained in [roles](roles.md).

                ● yes · ◐ within its own tenant · – no, answered with 403 and noted as a security event.
                Endpoints without a right are open to everybody.

                """);
        text.append("| endpoint | right |");
        columns.forEach(column -> text.append(' ')
                .append(column.title())
                .append(twice(column.role()) && column.within() ? " (tenant)" : "")
                .append(" |"));
        text.append("\n| --- | --- |").append(" :-: |".repeat(columns.size())).append('\n');
        for (Endpoint endpoint : endpoints()) {
            text.append("| `").append(endpoint).append("` | ");
            text.append(endpoint.open() ? "open" : "`" + endpoint.action() + "`")
                    .append(" |");
            columns.forEach(
                    column -> text.append(' ').append(cell(endpoint, column)).append(" |"));
            text.append('\n');
        }
        return text.toString();
    }

    private static boolean twice(Role role) {
        return role.ofInstallation() && role.withinTenant();
    }

    private String cell(Endpoint endpoint, Column column) {
        if (endpoint.open()) {
            return "●";
        }
        boolean here = allowed(endpoint, column, ACME);
        boolean there = allowed(endpoint, column, GLOBEX);
        assertThat(here || !there).as(endpoint + " by " + column.title()).isTrue();
        return there ? "●" : here ? "◐" : "–";
    }

    private boolean allowed(Endpoint endpoint, Column column, TenantId tenant) {
        int status = status(endpoint, column, tenant);
        assertThat(status).as("%s by %s", endpoint, column.title()).isNotEqualTo(401);
        return status != 403;
    }

    private int status(Endpoint endpoint, Column column, TenantId tenant) {
        HttpRequest.Builder request = endpoint.request(server.base(), Map.of("tenant", tenant.value()))
                .header("Authorization", "Bearer " + column.token());
        HttpResponse<String> answer = Objects.requireNonNull(server.send(request));
        return answer.statusCode();
    }
}
