package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Keycloak with one realm, driven by its own interface for administrators. {@code alice} has the realm role {@code
 * maestro-admins}, {@code bob} has {@code maestro-developers}, and so has the client as a program; the attribute {@code
 * department} is {@code finance} and {@code engineering}. Needs in the module that uses it the execution {@code keycloak} of
 * {@code maven-dependency-plugin}. The first start on a machine takes minutes, every other one seconds.
 *
 * <p>Not thread-safe, but {@link #token} may be called concurrently. Closing it ends the process; so does the end of this one.
 */
public final class Keycloak implements AutoCloseable {
    /** The realm. */
    public static final String REALM = "acme";

    /** The confidential client; it may log in from any address on this machine. */
    public static final String CLIENT_ID = "maestro";

    /** Its secret. */
    public static final String CLIENT_SECRET = "a-client-secret-of-tests-only";

    /** The audience of access tokens. */
    public static final String AUDIENCE = "maestro";

    /** Where the realm roles are in access tokens. */
    public static final String ROLES_CLAIM = "/realm_access/roles";

    private static final String PROVISIONER = "provisioner";
    private static final Duration START = Duration.ofMinutes(4);

    private final int port;
    private final PeerProcess process;
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    private Keycloak(int port, PeerProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts one whose database and log are below {@code folder}, waits until it answers, and makes the realm. */
    public static Keycloak start(Path folder) throws IOException, InterruptedException {
        KeycloakFolder installed = KeycloakFolder.prepared();
        int port = Peers.freePort();
        Keycloak keycloak =
                new Keycloak(port, installed.start(folder.toAbsolutePath().resolve("keycloak"), port));
        keycloak.process.awaitAnswer(URI.create(keycloak.base() + "/realms/master"), START);
        keycloak.makeRealm();
        keycloak.keepExternalIds();
        return keycloak;
    }

    /** The realm's name, as it stands in tokens. */
    public String issuer() {
        return base() + "/realms/" + REALM;
    }

    /** An access token of the confidential client itself. */
    public String token() throws IOException, InterruptedException {
        return token(
                REALM,
                Map.of("grant_type", "client_credentials", "client_id", CLIENT_ID, "client_secret", CLIENT_SECRET));
    }

    /** What the SCIM endpoints of the realm are below. */
    public String scim() {
        return issuer() + "/scim/v2";
    }

    /** An access token that may provision users and groups over SCIM, for an hour. */
    public String scimToken() throws IOException, InterruptedException {
        return token(
                REALM,
                Map.of("grant_type", "client_credentials", "client_id", PROVISIONER, "client_secret", CLIENT_SECRET));
    }

    /** An access token of a person, by name and password. */
    public String token(String person) throws IOException, InterruptedException {
        return token(
                REALM,
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        CLIENT_ID,
                        "client_secret",
                        CLIENT_SECRET,
                        "username",
                        person,
                        "password",
                        password(person)));
    }

    /**
     * Logs a person in with a browser that begins at {@code url}: fills in the form of the page, and gives the address that it
     * was sent back to.
     */
    public URI logIn(URI url, String person) throws IOException, InterruptedException {
        return new Browser(List.of(base())).submit(url, Map.of("username", person, "password", password(person)));
    }

    /** The password of a person. */
    public static String password(String person) {
        return "the-password-of-" + person;
    }

    /** Lets a new RSA key sign from now on; the old ones stay published. */
    public void rotate() throws IOException, InterruptedException {
        administer(
                "/admin/realms/" + REALM + "/components",
                Map.of(
                        "name",
                        "rotated-" + UUID.randomUUID(),
                        "providerId",
                        "rsa-generated",
                        "providerType",
                        "org.keycloak.keys.KeyProvider",
                        "config",
                        Map.of(
                                "priority",
                                List.of(Long.toString(System.currentTimeMillis() / 1000)),
                                "algorithm",
                                List.of("RS256"))));
    }

    /** The ids of the members of a group, as administrators see them. */
    public List<String> members(String group) throws IOException, InterruptedException {
        String path = "/admin/realms/" + REALM + "/groups/" + group + "/members";
        String members = good(200, path, asAdministrator(path).build());
        try {
            return Stream.of(JSONObjectUtils.getJSONObjectArray(
                            JSONObjectUtils.parse("{\"members\":" + members + "}"), "members"))
                    .map(member -> String.valueOf(member.get("id")))
                    .toList();
        } catch (ParseException e) {
            throw new IOException("the members of " + group + " cannot be read", e);
        }
    }

    /** Ends the server at once, as a crash would. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
        client.shutdownNow();
    }

    private String base() {
        return "http://127.0.0.1:" + port;
    }

    private void makeRealm() throws IOException, InterruptedException {
        List<Map<String, Object>> mappers = List.of(
                mapper(
                        "audience",
                        "oidc-audience-mapper",
                        Map.of("included.custom.audience", AUDIENCE, "access.token.claim", "true")),
                mapper(
                        "department",
                        "oidc-usermodel-attribute-mapper",
                        Map.of(
                                "user.attribute",
                                "department",
                                "claim.name",
                                "department",
                                "jsonType.label",
                                "String",
                                "access.token.claim",
                                "true",
                                "id.token.claim",
                                "true")),
                mapper(
                        "roles in the id token",
                        "oidc-usermodel-realm-role-mapper",
                        Map.of(
                                "claim.name",
                                "realm_access.roles",
                                "multivalued",
                                "true",
                                "access.token.claim",
                                "true",
                                "id.token.claim",
                                "true")));
        administer(
                "/admin/realms",
                Map.of(
                        "realm",
                        REALM,
                        "enabled",
                        true,
                        "attributes",
                        Map.of("scimApiEnabled", "true"),
                        "roles",
                        Map.of(
                                "realm",
                                List.of(Map.of("name", "maestro-admins"), Map.of("name", "maestro-developers"))),
                        "clients",
                        List.of(
                                Map.of(
                                        "clientId",
                                        CLIENT_ID,
                                        "secret",
                                        CLIENT_SECRET,
                                        "redirectUris",
                                        List.of("http://127.0.0.1:*", "http://localhost:*"),
                                        "serviceAccountsEnabled",
                                        true,
                                        "directAccessGrantsEnabled",
                                        true,
                                        "protocolMappers",
                                        mappers),
                                provisioner()),
                        "users",
                        List.of(
                                person("alice", "maestro-admins", "finance"),
                                person("bob", "maestro-developers", "engineering"),
                                Map.of(
                                        "username",
                                        "service-account-" + CLIENT_ID,
                                        "enabled",
                                        true,
                                        "serviceAccountClientId",
                                        CLIENT_ID,
                                        "realmRoles",
                                        List.of("maestro-developers")),
                                Map.of(
                                        "username",
                                        "service-account-" + PROVISIONER,
                                        "enabled",
                                        true,
                                        "serviceAccountClientId",
                                        PROVISIONER,
                                        "clientRoles",
                                        Map.of("realm-management", List.of("realm-admin"))))));
    }

    /** The SCIM endpoints keep what the profile of users declares, and nothing else. */
    private void keepExternalIds() throws IOException, InterruptedException {
        String path = "/admin/realms/" + REALM + "/users/profile";
        try {
            Map<String, Object> profile =
                    JSONObjectUtils.parse(good(200, path, asAdministrator(path).build()));
            List<Object> attributes = new ArrayList<>(JSONObjectUtils.getJSONArray(profile, "attributes"));
            attributes.add(Map.of(
                    "name",
                    "externalId",
                    "permissions",
                    Map.of("view", List.of("admin"), "edit", List.of("admin")),
                    "annotations",
                    Map.of("kc.scim.schema.attribute", "externalId"),
                    "multivalued",
                    false));
            profile.put("attributes", attributes);
            var _ = good(
                    200,
                    path,
                    asAdministrator(path)
                            .header("Content-Type", "application/json")
                            .PUT(BodyPublishers.ofString(JSONObjectUtils.toJSONString(profile)))
                            .build());
        } catch (ParseException e) {
            throw new IOException("the profile of users cannot be read", e);
        }
    }

    private String good(int status, String path, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != status) {
            throw new IOException(path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /** The endpoints take only tokens that are meant for them. */
    private Map<String, Object> provisioner() {
        return Map.of(
                "clientId",
                PROVISIONER,
                "secret",
                CLIENT_SECRET,
                "serviceAccountsEnabled",
                true,
                "attributes",
                Map.of("access.token.lifespan", "3600"),
                "protocolMappers",
                List.of(mapper(
                        "scim",
                        "oidc-audience-mapper",
                        Map.of("included.custom.audience", scim(), "access.token.claim", "true"))));
    }

    private static Map<String, Object> mapper(String name, String type, Map<String, String> config) {
        return Map.of("name", name, "protocol", "openid-connect", "protocolMapper", type, "config", config);
    }

    private static Map<String, Object> person(String name, String role, String department) {
        return Map.of(
                "username",
                name,
                "enabled",
                true,
                "email",
                name + "@example.org",
                "emailVerified",
                true,
                "firstName",
                name,
                "lastName",
                "Example",
                "credentials",
                List.of(Map.of("type", "password", "value", password(name), "temporary", false)),
                "realmRoles",
                List.of(role),
                "attributes",
                Map.of("department", List.of(department)));
    }

    private HttpRequest.Builder asAdministrator(String path) throws IOException, InterruptedException {
        String token = token(
                "master",
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        KeycloakFolder.ADMINISTRATOR,
                        "password",
                        KeycloakFolder.PASSWORD));
        return HttpRequest.newBuilder(URI.create(base() + path)).header("Authorization", "Bearer " + token);
    }

    private void administer(String path, Map<String, Object> body) throws IOException, InterruptedException {
        var _ = good(
                201,
                path,
                asAdministrator(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSONObjectUtils.toJSONString(body)))
                        .build());
    }

    private String token(String realm, Map<String, String> form) throws IOException, InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(base() + "/realms/" + realm + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build();
        return OidcProvider.field(client.send(request, BodyHandlers.ofString()), "access_token");
    }
}
