package io.maestro.adapter.provisioning.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.provisioning.ProvisioningCalls;
import io.maestro.testing.peers.Keycloak;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against the SCIM endpoints of a real Keycloak. They are a preview there, without ETags, and want an e-mail address and a name of each
 * user, so that the kit as a whole is not for it.
 */
final class KeycloakScimTest extends ProvisioningCalls {
    private static Keycloak server;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = Keycloak.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected UserDirectory openEmpty() throws Exception {
        return open(server.scimToken());
    }

    private UserDirectory open(String token) {
        return (UserDirectory) new ProvisioningScimComponent()
                .open(closeAfterwards(new TestAdapterContext(
                        folder, Map.of("baseUrl", server.scim(), "token", token, "roles", "groups", "pageSize", 2))));
    }

    private static UserAttributes person(String name, String givenName) {
        return new UserAttributes(name, givenName, "Example", null, List.of(name + "@example.org"));
    }

    private ProvisionedUser createOnce(String name) {
        return directory().createUser(call(), new CreateUser("x-" + name, person(name, "Ada"), true));
    }

    private String newGroup(String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.scim() + "/Groups"))
                .header("Authorization", "Bearer " + server.scimToken())
                .header("Content-Type", "application/scim+json")
                .POST(BodyPublishers.ofString("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],"
                        + "\"displayName\":\"" + name + "\"}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(201);
            return String.valueOf(ScimJson.read(answer.body()).get("id"));
        }
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    @Test
    void userIsCreatedOnceFoundChangedDeactivatedAndReactivated() {
        String name = unique("ada");

        ProvisionedUser ada = createOnce(name);

        assertThat(ada.active()).isTrue();
        assertThat(ada.externalId()).isEqualTo("x-" + name);
        assertThat(ada.attributes().emails()).containsExactly(name + "@example.org");
        assertThat(ada.etag()).isNull();
        assertThat(createOnce(name).id()).isEqualTo(ada.id());
        assertThat(found(name, null)).extracting(ProvisionedUser::id).containsExactly(ada.id());
        assertThat(found(null, "x-" + name)).extracting(ProvisionedUser::id).containsExactly(ada.id());

        assertThat(patch(ada.id(), "givenName", "Augusta", null).attributes().givenName())
                .isEqualTo("Augusta");
        assertThat(replace(ada.id(), person(name, "Ada"), null).attributes().givenName())
                .isEqualTo("Ada");
        UserReference reference = new UserReference(ada.id());
        assertThat(directory().deactivateUser(call(), reference).active()).isFalse();
        assertThat(get(ada.id()).active()).isFalse();
        assertThat(directory().reactivateUser(call(), reference).active()).isTrue();
        assertThat(get(ada.id()).attributes()).isEqualTo(ada.attributes());
    }

    @Test
    void groupsAndRolesThatAreGroupsAreAssignedAndRemoved() throws Exception {
        ProvisionedUser ada = createOnce(unique("ada"));
        ProvisionedUser bob = createOnce(unique("bob"));
        String role = unique("role");
        String group = newGroup(role);

        assertThat(directory().assignGroup(call(), new Membership(ada.id(), group)))
                .isEqualTo(new MembershipState(ada.id(), group, true));
        assertThat(directory()
                        .assignRole(call(), new Membership(bob.id(), role))
                        .member())
                .isTrue();
        assertThat(server.members(group)).containsExactlyInAnyOrder(ada.id(), bob.id());

        assertThat(directory()
                        .removeGroup(call(), new Membership(ada.id(), group))
                        .member())
                .isFalse();
        assertThat(server.members(group)).containsExactly(bob.id());
        assertThat(directory()
                        .removeRole(call(), new Membership(bob.id(), role))
                        .member())
                .isFalse();
        assertThat(directory()
                        .removeGroup(call(), new Membership(bob.id(), group))
                        .member())
                .isFalse();
        assertThat(server.members(group)).isEmpty();
    }

    @Test
    void pagesTogetherHaveEveryUserOnce() {
        List<String> created = List.of(unique("one"), unique("two"), unique("three"));
        created.forEach(this::createOnce);
        assertThat(all())
                .extracting(user -> user.attributes().userName())
                .doesNotHaveDuplicates()
                .containsAll(created);
    }

    @Test
    void refusalsNameUserAttributeAndReason() throws Exception {
        String name = unique("ada");
        var _ = createOnce(name);

        assertThat(refused(
                                ProvisioningProblem.PROVISIONING_USER_EXISTS,
                                () -> directory()
                                        .createUser(call(), new CreateUser(unique("x"), person(name, "Ada"), true)))
                        .detail())
                .contains(name);
        assertThat(refused(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, () -> get("no-such-user"))
                        .detail())
                .contains("no-such-user");
        String user = found(name, null).getFirst().id();
        assertThat(refused(
                                ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                                () -> directory().assignGroup(call(), new Membership(user, "no-such-group")))
                        .detail())
                .contains("no-such-group");
        assertThat(refused(
                                ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                                () -> directory()
                                        .createUser(
                                                call(),
                                                new CreateUser(
                                                        unique("x"),
                                                        new UserAttributes(unique("bare"), null, null, null, null),
                                                        true)))
                        .detail())
                .contains("bare");
    }

    @Test
    void tokenForOthersIsRefused() throws Exception {
        assertThat(directory().health()).isEqualTo(new Health.Up());
        UserDirectory other = closeAfterwards(open(server.token()));
        assertThat(other.health()).isInstanceOf(Health.Down.class);
        refused(
                ProvisioningProblem.PROVISIONING_ACCESS_DENIED,
                () -> other.createUser(call(), new CreateUser(unique("x"), person(unique("ada"), "Ada"), true)));
    }
}
