package io.maestro.adapter.provisioning.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.conformance.Refusal;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.Retry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that do not do what the standard has them do, or not all of it. Each answers by a script. */
final class OddDirectoryTest {
    private static final String ADA = """
            {"id": "1", "userName": "ada", "externalId": "x", "active": true, "displayName": "Ada",
             "name": {"formatted": "Ada Example", "givenName": "Ada", "honorificPrefix": "Lady"}, "title": "Countess",
             "roles": [{"value": "auditor", "type": "extra"}], "meta": {"version": "v1"}, "groups": [{"value": "g"}]}""";
    private static final UserAttributes NAMED = new UserAttributes("ada", null, null, null, null);

    @TempDir
    Path folder;

    private final CallContext call = new CallContext("test", Instant.now().plusSeconds(120), null);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> afterwards = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!afterwards.isEmpty()) {
            afterwards.pop().close();
        }
    }

    /** A directory that says this to each request line, null for 404, and keeps what it is asked. */
    private UserDirectory directory(Function<String, @Nullable String> script) throws IOException {
        AnsweringPeer peer = AnsweringPeer.with((request, target) -> {
            asked.add(request.line() + " " + request.body());
            String said = script.apply(request.line());
            String whole = said == null ? "404 {}" : said;
            target.write(AnsweringPeer.message(
                    Integer.parseInt(whole.substring(0, 3)),
                    Map.of("Content-Type", "application/scim+json"),
                    whole.substring(4)));
        });
        afterwards.push(peer);
        TestAdapterContext context = new TestAdapterContext(
                folder, Map.of("baseUrl", peer.address() + "/v2", "token", "a-token-of-tests-only"));
        afterwards.push(context);
        UserDirectory opened = (UserDirectory) new ProvisioningScimComponent().open(context);
        afterwards.push(opened);
        return opened;
    }

    private static String list(int total, String... users) {
        return "200 {\"totalResults\": " + total + ", \"Resources\": [" + String.join(",", users) + "]}";
    }

    @Test
    void withoutPatchTheWholeUserIsReplacedAndTheRestKept() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/ServiceProviderConfig" ->
                "200 {\"PATCH\": {\"supported\": false}, \"etag\": {\"supported\": true}}";
            case "GET /v2/Users/1" -> "200 " + ADA;
            case "PUT /v2/Users/1" -> "200 " + ADA.replace("true", "false");
            default -> null;
        });
        ProvisionedUser after = directory.deactivateUser(call, new UserReference("1"));
        assertThat(after.active()).isFalse();
        assertThat(asked.getLast())
                .startsWith("PUT /v2/Users/1 ")
                .contains("\"active\":false", "\"title\":\"Countess\"", "\"type\":\"extra\"")
                .doesNotContain("meta", "groups");

        directory.patchUser(call, new PatchUser("1", Map.of("familyName", "King"), null));
        assertThat(asked.getLast())
                .contains("\"familyName\":\"King\"", "\"givenName\":\"Ada\"", "\"honorificPrefix\":\"Lady\"")
                .doesNotContain("formatted");

        directory.replaceUser(call, new ReplaceUser("1", NAMED, null));
        assertThat(asked.getLast())
                .contains("\"title\":\"Countess\"", "\"externalId\":\"x\"", "\"honorificPrefix\":\"Lady\"")
                .doesNotContain("displayName", "givenName", "formatted");

        Refusal.of(
                ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                () -> directory.assignGroup(call, new Membership("1", "g")));
    }

    @Test
    void changeOfSomebodyElseInBetweenMayBeTriedAgain() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/ServiceProviderConfig" -> "200 {\"etag\": {\"supported\": true}}";
            case "GET /v2/Users/1" -> "200 " + ADA;
            case "PUT /v2/Users/1" -> "412 {}";
            default -> null;
        });
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.replaceUser(call, new ReplaceUser("1", NAMED, null)))
                        .retry())
                .isInstanceOf(Retry.After.class);
        Refusal.of(
                ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                () -> directory.replaceUser(call, new ReplaceUser("1", NAMED, "v1")));
        int before = asked.size();
        Refusal.of(
                ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                () -> directory.replaceUser(call, new ReplaceUser("1", NAMED, "v0")));
        assertThat(asked.subList(before, asked.size())).noneMatch(line -> line.startsWith("PUT"));
    }

    @Test
    void userWhoIsActiveStillIsAFailure() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "PATCH /v2/Users/1" -> "200 " + ADA;
            case "PATCH /v2/Users/2" -> "204 ";
            case "GET /v2/Users/2" -> "200 {\"id\": \"2\", \"userName\": \"silent\"}";
            default -> null;
        });
        for (String id : List.of("1", "2")) {
            assertThat(Refusal.of(
                                    ProvisioningProblem.PROVISIONING_FAILED,
                                    () -> directory.deactivateUser(call, new UserReference(id)))
                            .detail())
                    .contains("attribute active", "active still", id);
        }
    }

    @Test
    void rolesThatAreNotKeptAreUnsupported() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/1", "PATCH /v2/Users/1" -> "200 " + ADA;
            default -> null;
        });
        Membership admin = new Membership("1", "admin");
        Refusal.of(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> directory.assignRole(call, admin));
        assertThat(directory.removeRole(call, admin).member()).isFalse();
        assertThat(directory.assignRole(call, new Membership("1", "auditor")).member())
                .isTrue();
    }

    @Test
    void memberThatIsNoneIsRemovedAlready() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/1" -> "200 " + ADA;
            case "PATCH /v2/Groups/g" -> "400 {\"scimType\": \"noTarget\", \"detail\": \"no such member\"}";
            default -> null;
        });
        Membership request = new Membership("1", "g");
        assertThat(directory.removeGroup(call, request).member()).isFalse();
        Refusal.of(ProvisioningProblem.PROVISIONING_VALUE_REFUSED, () -> directory.assignGroup(call, request));
    }

    @Test
    void createWorksWhereNobodyFiltersByExternalId() throws IOException {
        UserDirectory directory = directory(line -> {
            if (line.contains("filter=externalId")) {
                return "400 {\"scimType\": \"invalidFilter\"}";
            }
            if (line.contains("filter=userName")) {
                return list(1, ADA);
            }
            return line.startsWith("POST") ? "409 {\"scimType\": \"uniqueness\"}" : null;
        });
        assertThat(directory.createUser(call, new CreateUser("x", NAMED, null)).id())
                .isEqualTo("1");
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_USER_EXISTS,
                                () -> directory.createUser(call, new CreateUser("y", NAMED, null)))
                        .detail())
                .contains("\"ada\"", "attribute userName", "409 uniqueness");
        Refusal.of(
                ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                () -> directory.listUsers(call, new ListUsers(null, "x", null, null)));
    }

    @Test
    void severalUsersOfOneExternalIdAreAFailure() throws IOException {
        UserDirectory directory = directory(line -> line.contains("filter") ? list(2, ADA, ADA) : null);
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.createUser(call, new CreateUser("x", NAMED, null)))
                        .detail())
                .contains("several users", "externalId");
    }

    @Test
    void directoryThatLeavesTheFilterOutGivesNobodyElse() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users?")
                ? list(2, ADA, ADA.replace("ada", "eve").replace("\"x\"", "\"y\""))
                : line.startsWith("POST") ? "201 " + ADA.replace("\"x\"", "\"z\"") : null);
        for (ListUsers request :
                List.of(new ListUsers("ada", null, null, null), new ListUsers(null, "x", null, null))) {
            Refusal.of(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> directory.listUsers(call, request));
        }
        assertThat(directory.createUser(call, new CreateUser("z", NAMED, null)).externalId())
                .isEqualTo("z");
    }

    @Test
    void directoryWithoutPagesIsToldAndNotFollowedForEver() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users?")
                ? list(1000, ADA).replace("{\"totalResults\"", "{\"startIndex\": 1, \"totalResults\"")
                : null);
        assertThat(directory.listUsers(call, new ListUsers(null, null, 1, null)).next())
                .isEqualTo("2");
        Refusal.of(
                ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                () -> directory.listUsers(call, new ListUsers(null, null, 1, "2")));
    }

    @Test
    void emptyPageIsTheLastWhateverThereMayBe() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users?") ? list(1000) : null);
        assertThat(directory.listUsers(call, new ListUsers(null, null, 1, null)).next())
                .isNull();
    }

    @Test
    void answerForAnotherUserIsNotBelieved() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users/") ? "200 " + ADA : null);
        assertThat(directory.getUser(call, new UserReference("1")).attributes().userName())
                .isEqualTo("ada");
        Refusal.of(ProvisioningProblem.PROVISIONING_FAILED, () -> directory.getUser(call, new UserReference("2")));
    }

    @Test
    void namesOfAttributesAreFoundInAnyCase() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users/")
                ? "200 {\"ID\": \"1\", \"USERNAME\": \"ada\", \"Active\": false, \"Emails\": [{\"Value\": \"z@b\"},"
                        + " {\"value\": \"a@b\", \"Primary\": true}]}"
                : null);
        ProvisionedUser user = directory.getUser(call, new UserReference("1"));
        assertThat(user.active()).isFalse();
        assertThat(user.attributes().emails()).containsExactly("a@b", "z@b");
    }

    @Test
    void documentOfTooManyValuesIsRefused() {
        String many = "{\"a\": [" + "0,".repeat(300_000) + "0]}";
        Assertions.assertThatIOException()
                .isThrownBy(() -> ScimJson.read(many.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("values");
    }

    @Test
    void filterLeavesNoCharacterThatEndsIt() {
        assertThat(Filter.equal("userName", "a\"b\\c)(d]['ü"))
                .isEqualTo("userName eq \"a\\u0022b\\u005cc\\u0029\\u0028d\\u005d\\u005b'ü\"");
        assertThat(Filter.value("members", "1")).isEqualTo("members[value eq \"1\"]");
    }
}
