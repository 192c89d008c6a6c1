package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.maestro.testing.rest.Endpoint;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Plants a secret in every field that takes one, and then looks for them wherever the server shows or keeps something. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CanarySweepTest {
    private static final String SCOPE = "/api/tenants/acme/environments/prod";

    /** These answer with a redirect, or of what is not here; what they answer is looked at all the same. */
    private static final Set<String> WITHOUT_SUCCESS = Set.of(
            "GET /api/approvals/{id}",
            // the events of GET /api/changes, as a stream that does not end
            "GET /api/events",
            "GET /api/login",
            "GET /api/login/callback/{id}",
            "GET /api/session",
            // there is no second version of an adapter that a rollout could go to
            "GET /api/rollouts/{rollout}",
            "GET /api/tenants/{tenant}/policy-packs/{name}",
            // asked for by what is planted
            "GET /api/tenants/{tenant}/environments/{environment}/data/{kind}/{key}",
            "GET /api/tenants/{tenant}/environments/{environment}/storage-routes/{region}/{kind}",
            "GET /api/tenants/{tenant}/environments/{environment}/transfers/{transfer}",
            // asked for each decision
            "GET /api/policy/explain",
            "GET /api/tenants/{tenant}/policy/explain");

    /** How long a value has to be for PostgreSQL to compress it. */
    private static final int LONG = 4000;

    private final Map<String, String> planted = new LinkedHashMap<>();

    /** Looks at each answer to what is planted and provoked, as it comes. */
    private final Sweep watch = sweep();

    private final List<String> residency = new ArrayList<>();
    private LaunchedServer server;
    private Api admin;
    private Api owner;

    @BeforeAll
    void plant(@TempDir Path folder) {
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        admin = Api.admin(server).watchedBy(watch::look);
        admin.install("storage.file", "storage.s3", "identity.oidc");
        admin.tenant("acme");
        String bearer = expect(
                        201,
                        admin.post(
                                "/api/tenants/acme/tokens", Map.of("name", "owner", "roles", List.of("tenant_admin"))))
                .path("bearer")
                .asText();
        // from now on: the one answer that shows it has come
        planted.put("bearer token", bearer);
        planted.put("secret half of the bearer token", secretHalf(bearer));
        owner = admin.as(bearer);

        // the stores are out of reach on purpose: failures talk the most
        owner.instance("acme/prod", "files", "storage-s3@1.0.0", s3(canary("secret access key")));
        owner.instance("acme/prod", "corp", "identity-oidc@1.0.0", oidc(canary("client secret")));
        expect(201, put(SCOPE + "/secrets/shared", canary("shared secret")));
        expect(200, put(SCOPE + "/secrets/shared", canary("next shared secret")));
        owner.instance("acme/prod", "disk", "storage-file@1.0.0", Map.of());
        expect(200, owner.put(SCOPE + "/instances/disk/objects/greeting.txt", "hello".getBytes(UTF_8)));
        expect(
                200,
                owner.putJson(
                        "/api/tenants/acme/members/user:corp%2Falice",
                        Map.of("displayName", "Alice", "roles", List.of("tenant_developer"))));
        Map<String, Object> provider =
                Map.of("name", "corp", "environment", "prod", "instance", "corp", "roles", List.of("tenant_developer"));
        expect(201, owner.post("/api/tenants/acme/identity-providers", provider));
        Map<String, Object> staff = new LinkedHashMap<>(provider);
        staff.putAll(Map.of("name", "staff", "tenant", "acme", "roles", List.of("auditor")));
        expect(201, admin.post("/api/identity-providers", staff));
        plantResidency();
        provokeFailures();
        expect(200, owner.post(SCOPE + "/secrets:rotate-data-key", Map.of()));
        expect(
                200,
                owner.putJson(SCOPE + "/instances/files/configuration", s3(canary("secret of a changed instance"))));
        owner.instance("acme/prod", "gone", "storage-s3@1.0.0", s3(canary("secret of a deleted instance")));
        expect(204, owner.delete(SCOPE + "/instances/gone"));
        admin.tenant("leaving");
        expect(200, admin.post("/api/tenants/leaving/offboard", Map.of("confirm", "leaving")));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void plantResidency() {
        owner.instance("acme/prod", "other-disk", "storage-file@1.0.0", Map.of());
        residency.add(SCOPE + "/storage-routes/here/evidence");
        expect(200, owner.putJson(residency.getLast(), Map.of("instance", "disk")));
        residency.add(SCOPE + "/data/evidence/report");
        expect(200, owner.put(residency.getLast() + "?region=here", "evidence".getBytes(UTF_8)));
        Map<String, Object> course = Map.of("source", "disk", "target", "other-disk", "region", "here");
        residency.add(SCOPE + "/transfers/"
                + expect(201, owner.post(SCOPE + "/transfers", course))
                        .path("id")
                        .asText());
    }

    private void provokeFailures() {
        Map<String, Object> tooMuch = new LinkedHashMap<>(s3(canary("secret beside an unknown property")));
        tooMuch.put("unknown", true);
        expect(422, create("refused", "storage-s3@1.0.0", tooMuch));
        expect(
                422,
                create(
                        "refused",
                        "storage-s3@1.0.0",
                        s3(canary("secret that is too long").repeat(64))));
        Map<String, Object> wrongPlace = new LinkedHashMap<>(s3("long-enough-secret"));
        wrongPlace.put("secretAccessKey", List.of(canary("secret of the wrong type")));
        expect(422, create("refused", "storage-s3@1.0.0", wrongPlace));
        assertThat(put(SCOPE + "/secrets/Bad%20Name", canary("secret with a bad name"))
                        .status())
                .isBetween(400, 499);
        String body = "{\"value\":\"" + canary("secret in malformed JSON") + "\"";
        assertThat(owner.send("PUT", SCOPE + "/secrets/shared", body).status()).isEqualTo(400);
        assertThat(owner.post(SCOPE + "/instances/files/operations/list", Map.of())
                        .status())
                .isGreaterThanOrEqualTo(500);
        assertThat(owner.post(
                                SCOPE + "/instances/corp/operations/validate_token",
                                Map.of("token", canary("token that is none")))
                        .status())
                .isGreaterThanOrEqualTo(400);
        assertThat(admin.as(canary("token of a stranger")).get("/api/whoami").status())
                .isEqualTo(401);
    }

    @Test
    @Order(1)
    void noAnswerToAWriteOrARefusedRequestShowsASecret() {
        assertThat(watch.leaks()).isEmpty();
    }

    @Test
    @Order(1)
    void nothingThatCanBeAskedForShowsASecret() {
        Sweep sweep = sweep();
        sweep.crawl(admin);
        sweep.crawl(owner);
        residency.forEach(path -> expect(200, owner.watchedBy(sweep::look).get(path)));
        for (String path : List.of("/api/policy", "/api/tenants/acme/policy")) {
            Api watched = admin.watchedBy(sweep::look);
            JsonNode decisions = expect(200, watched.get(path + "/decisions?limit=50"));
            assertThat(decisions.path("items")).as(path).isNotEmpty();
            for (JsonNode decision : decisions.path("items")) {
                expect(
                        200,
                        watched.get(path + "/explain?decisionId="
                                + decision.path("decision_id").asText()));
            }
        }

        assertThat(sweep.leaks()).isEmpty();
        assertThat(admin.endpoints().stream()
                        .filter(Endpoint::reads)
                        .filter(endpoint -> !sweep.seen().contains(endpoint))
                        .map(Object::toString))
                .as("endpoints that never answered 200 were not swept")
                .isSubsetOf(WITHOUT_SUCCESS);
    }

    @Test
    @Order(2)
    void anEndpointThatLeaksIsFound() throws IOException {
        HttpServer leaky = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        leaky.createContext("/", this::forwardButLeak);
        leaky.start();
        try {
            Api caller =
                    new Api(URI.create("http://127.0.0.1:" + leaky.getAddress().getPort()), server.token());
            Sweep sweep = sweep();
            sweep.crawl(caller);
            Api watched = caller.watchedBy(sweep::look);
            watched.post("/api/leak", Map.of());

            assertThat(sweep.leaks())
                    .containsExactly(
                            "GET /api/header-leak: shared secret",
                            "GET /api/leak: client secret",
                            "GET /api/paged-leak: client secret",
                            "GET /api/queried-leak: client secret",
                            "POST /api/leak: client secret");
        } finally {
            leaky.stop(0);
        }
    }

    @Test
    @Order(2)
    void aSecretIsFoundInEveryFormThatIsKnown() {
        String secret = Objects.requireNonNull(planted.get("client secret"));
        byte[] bytes = secret.getBytes(UTF_8);
        List<String> forms = new ArrayList<>(List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
        for (String before : List.of("", "~", "~~", "id:")) {
            for (String after : List.of("", "~", "~~")) {
                byte[] text = (before + secret + after).getBytes(UTF_8);
                forms.add(Base64.getEncoder().encodeToString(text));
                forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(text));
            }
        }
        for (String form : forms) {
            Sweep sweep = sweep();
            sweep.look("here", ("[" + form + "]").getBytes(UTF_8));
            assertThat(sweep.leaks()).as(form).containsExactly("here: client secret");
        }
    }

    @Test
    @Order(2)
    void aTableThatLeaksIsFound() throws SQLException {
        try (Connection owner = server.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("create schema leaky");
            try {
                statement.execute("create table leaky.note (note text, seal bytea)");
                statement.execute("alter table leaky.note enable row level security");
                String text = "repeat('a', " + LONG + ") || '" + planted.get("client secret") + "'";
                statement.execute("insert into leaky.note values (" + text + ", (" + text + ")::bytea)");
                statement.execute("alter table leaky.note force row level security");
                Sweep sweep = sweep();
                sweep.read(owner);

                assertThat(sweep.leaks())
                        .containsExactly("leaky.note.note: client secret", "leaky.note.seal: client secret");
            } finally {
                statement.execute("drop schema leaky cascade");
                owner.commit();
            }
        }
    }

    @Test
    @Order(3)
    void nothingThatIsKeptHoldsASecretInTheClear() throws IOException, SQLException {
        Sweep sweep = sweep();
        try (Connection owner = server.connect()) {
            sweep.read(owner);
        }
        // so that everything is in files, those of the database included
        server.stop();
        sweep.read(server.data());
        sweep.look("output", server.output().getBytes(UTF_8));

        assertThat(sweep.leaks()).isEmpty();
    }

    private Sweep sweep() {
        return new Sweep(
                planted,
                Map.of(
                        "tenant", List.of("acme", "leaving"),
                        "environment", List.of("prod"),
                        "version", List.of("1.0.0"),
                        "eventType", List.of("act.done"),
                        "key", List.of("greeting.txt")));
    }

    private void forwardButLeak(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        boolean ours = exchange.getRequestURI().getPath().endsWith("leak");
        byte[] body;
        int status = 200;
        String type = "application/json";
        if (ours) {
            exchange.getRequestBody().readAllBytes();
            body = leak(exchange.getRequestMethod(), path).getBytes(UTF_8);
            if (path.equals("/api/header-leak")) {
                exchange.getResponseHeaders().set("X-Trace", "of " + planted.get("shared secret"));
            }
        } else {
            Api.Answer answer = admin.get(path);
            status = answer.status();
            type = answer.contentType();
            body = path.equals("/api/openapi.json") ? withLeaks(answer.body()) : answer.bytes();
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] withLeaks(JsonNode openApi) throws IOException {
        ObjectNode document = openApi.deepCopy();
        for (String path : List.of("/api/leak", "/api/header-leak", "/api/paged-leak", "/api/queried-leak")) {
            document.withObject("/paths")
                    .putObject(path)
                    .putObject("get")
                    .putArray("parameters")
                    .addObject()
                    .put("in", "query")
                    .put("name", "order");
        }
        return new ObjectMapper().writeValueAsBytes(document);
    }

    private String leak(String method, String path) {
        String leak = "{\"oops\":\"" + planted.get("client secret") + "\"}";
        return switch (method + " " + path) {
            case "GET /api/leak", "POST /api/leak", "GET /api/paged-leak?cursor=2" -> leak;
            case "GET /api/queried-leak?order=descending" -> leak;
            case "GET /api/paged-leak" -> "{\"items\":[],\"next\":\"2\"}";
            default -> "{}";
        };
    }

    /** What of a bearer token is not its public id. */
    private static String secretHalf(String bearer) {
        return bearer.substring(bearer.indexOf('_', bearer.indexOf('_') + 1) + 1);
    }

    /** A new secret that is nowhere else. */
    private String canary(String what) {
        byte[] random = new byte[12];
        ThreadLocalRandom.current().nextBytes(random);
        String secret = "canary-" + HexFormat.of().formatHex(random);
        planted.put(what, secret);
        return secret;
    }

    private Api.Answer create(String id, String adapter, Map<String, Object> configuration) {
        return owner.post(SCOPE + "/instances", Map.of("id", id, "adapter", adapter, "configuration", configuration));
    }

    private Api.Answer put(String path, String value) {
        return owner.send("PUT", path, Api.json(Map.of("value", value)));
    }

    private static Map<String, Object> s3(String secret) {
        return Map.of(
                "endpoint", "http://127.0.0.1:9",
                "bucket", "acme-files",
                "accessKeyId", "local-identity",
                "secretAccessKey", secret);
    }

    private static Map<String, Object> oidc(String secret) {
        return Map.of("issuer", "http://127.0.0.1:9", "clientId", "maestro", "clientSecret", secret);
    }
}
