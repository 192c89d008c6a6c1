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
import io.maestro.adapter.spi.provisioning.UserList;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.conformance.Refusal;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.Problem;
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
    private final List<String> heads = new CopyOnWriteArrayList<>();
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
            heads.add(request.head());
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
            case "GET /v2/Users/1" -> "200 " + ADA.replace("{\"value\": \"g\"}", "");
            case "PATCH /v2/Groups/g" -> "400 {\"scimType\": \"noTarget\", \"detail\": \"no such member\"}";
            default -> null;
        });
        Membership request = new Membership("1", "g");
        assertThat(directory.removeGroup(call, request).member()).isFalse();
        Refusal.of(ProvisioningProblem.PROVISIONING_VALUE_REFUSED, () -> directory.assignGroup(call, request));
    }

    @Test
    void userWhoIsInTheGroupStillIsAFailure() throws IOException {
        for (String said : List.of("204 ", "200 {}", "400 {\"scimType\": \"noTarget\"}")) {
            UserDirectory directory = directory(line -> switch (line) {
                case "GET /v2/Users/1" -> "200 " + ADA;
                case "PATCH /v2/Groups/g" -> said;
                default -> null;
            });
            assertThat(Refusal.of(
                                    ProvisioningProblem.PROVISIONING_FAILED,
                                    () -> directory.removeGroup(call, new Membership("1", "g")))
                            .detail())
                    .contains("attribute groups", "in the group still", "\"1\"", "\"g\"");
        }
    }

    @Test
    void userWhoIsNotInTheGroupThenIsAFailure() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/1" -> "200 " + ADA;
            case "PATCH /v2/Groups/h" -> "204 ";
            default -> null;
        });
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.assignGroup(call, new Membership("1", "h")))
                        .detail())
                .contains("not in the group");
    }

    @Test
    void memberIsNamedAsTheDirectorySpellsIt() throws IOException {
        String shown = "200 {\"id\": \"ada-1\", \"userName\": \"ada\"}";
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/ADA-1" -> shown;
            case "PATCH /v2/Groups/g" -> "204 ";
            default -> null;
        });
        Membership request = new Membership("ADA-1", "g");
        assertThat(directory.removeGroup(call, request).member()).isFalse();
        assertThat(directory.assignGroup(call, request).member()).isTrue();
        assertThat(asked.stream().filter(line -> line.startsWith("PATCH")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("ada-1").doesNotContain("ADA-1"));
    }

    @Test
    void groupThatShowsAllItsMembersIsNoFailure() throws IOException {
        String many = "200 {\"id\": \"g\", \"members\": [" + "{\"value\": \"0\"},".repeat(30_000) + "{}]}";
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/1" -> "200 " + ADA;
            case "PATCH /v2/Groups/g" -> many;
            default -> null;
        });
        assertThat(directory.assignGroup(call, new Membership("1", "g")).member())
                .isTrue();
    }

    @Test
    void replacementWithoutEtagsLeavesAloneWhoMayLogIn() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/Users/1", "PATCH /v2/Users/1" -> "200 " + ADA;
            default -> null;
        });
        UserAttributes renamed = new UserAttributes("ada", null, "King", null, List.of("ada@example.org"));
        directory.replaceUser(call, new ReplaceUser("1", renamed, null));
        assertThat(asked.getLast())
                .startsWith("PATCH /v2/Users/1 ")
                .contains("userName", "name.givenName", "name.familyName", "name.formatted", "displayName", "emails")
                .doesNotContain("active", "title", "honorificPrefix");
        assertThat(heads.getLast()).contains("If-Match: v1");

        directory.replaceUser(call, new ReplaceUser("1", new UserAttributes("ada", "Ada", null, "Ada", null), null));
        assertThat(asked.getLast())
                .contains("name.givenName", "displayName")
                .doesNotContain("remove", "familyName", "formatted", "emails");
    }

    @Test
    void stateThatWasReadGoesAlongAlsoWhereNoEtagsArePromised() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/ServiceProviderConfig" -> "200 {\"patch\": {\"supported\": false}}";
            case "GET /v2/Users/1", "PUT /v2/Users/1" -> "200 " + ADA;
            case "GET /v2/Users/2", "PUT /v2/Users/2" ->
                "200 {\"id\": \"2\", \"userName\": \"bob\", \"meta\": {\"version\": \"v\\n1\"}}";
            default -> null;
        });
        directory.replaceUser(call, new ReplaceUser("1", NAMED, null));
        assertThat(heads.getLast()).startsWith("PUT").contains("If-Match: v1");
        directory.replaceUser(call, new ReplaceUser("2", NAMED, null));
        assertThat(heads.getLast()).startsWith("PUT").doesNotContain("If-Match");
    }

    @Test
    void whatTheDirectoryCanIsAskedAgainAfterARefusal() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/ServiceProviderConfig" ->
                asked.stream().filter(before -> before.startsWith(line)).count() == 1
                        ? "403 {}"
                        : "200 {\"etag\": {\"supported\": true}}";
            case "GET /v2/Users/1" -> "200 " + ADA;
            default -> null;
        });
        assertThat(directory.getUser(call, new UserReference("1")).etag()).isNull();
        assertThat(directory.getUser(call, new UserReference("1")).etag()).isEqualTo("v1");
        assertThat(directory.getUser(call, new UserReference("1")).etag()).isEqualTo("v1");
        assertThat(asked.stream().filter(line -> line.contains("ServiceProviderConfig")))
                .hasSize(2);
    }

    @Test
    void conditionalChangeThatWasDoneIsNotTriedAgain() throws IOException {
        UserDirectory directory = directory(line -> switch (line) {
            case "GET /v2/ServiceProviderConfig" -> "200 {\"etag\": {\"supported\": true}}";
            case "PATCH /v2/Users/1", "PUT /v2/Users/1" -> "204 ";
            case "GET /v2/Users/1" -> isChanged() ? "503 {}" : "200 " + ADA;
            default -> null;
        });
        Map<String, String> set = Map.of("displayName", "Once");
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.patchUser(call, new PatchUser("1", set, "v1")))
                        .retry())
                .isInstanceOf(Retry.Never.class);
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_THROTTLED,
                                () -> directory.patchUser(call, new PatchUser("1", set, null)))
                        .retry())
                .isInstanceOf(Retry.After.class);
        asked.clear();
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.replaceUser(call, new ReplaceUser("1", NAMED, "v1")))
                        .retry())
                .isInstanceOf(Retry.Never.class);
    }

    private boolean isChanged() {
        return asked.stream().anyMatch(line -> line.startsWith("PATCH") || line.startsWith("PUT"));
    }

    @Test
    void changeThatShowsAnotherUserIsNotBelieved() throws IOException {
        UserDirectory directory =
                directory(line -> line.startsWith("PATCH /v2/Users/2") ? "200 " + ADA.replace("true", "false") : null);
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.deactivateUser(call, new UserReference("2")))
                        .detail())
                .contains("not that user");
    }

    @Test
    void newUserOfAnotherExternalIdIsAFailure() throws IOException {
        for (String shown : List.of(ADA.replace("\"x\"", "\"y\""), ADA.replace("externalId", "other"))) {
            UserDirectory directory = directory(
                    line -> line.startsWith("POST") ? "201 " + shown : line.contains("filter") ? list(0) : null);
            assertThat(Refusal.of(
                                    ProvisioningProblem.PROVISIONING_FAILED,
                                    () -> directory.createUser(call, new CreateUser("x", NAMED, null)))
                            .detail())
                    .contains("attribute externalId", "\"ada\"");
        }
    }

    @Test
    void newUserWhoseExternalIdIsShownOnceAndForgottenIsAFailure() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("POST")
                ? "201 " + ADA
                : line.contains("filter")
                        ? list(0)
                        : line.startsWith("GET /v2/Users/1") ? "200 " + ADA.replace("externalId", "other") : null);
        assertThat(Refusal.of(
                                ProvisioningProblem.PROVISIONING_FAILED,
                                () -> directory.createUser(call, new CreateUser("x", NAMED, null)))
                        .detail())
                .contains("attribute externalId", "\"ada\"", "shows none");
    }

    @Test
    void newUserWhoMayLogInUnaskedIsDeactivated() throws IOException {
        for (String after : List.of("false", "true")) {
            UserDirectory directory = directory(line -> {
                if (line.startsWith("PATCH /v2/Users/1")) {
                    return "200 " + ADA.replace("true", after);
                }
                if (line.startsWith("GET /v2/Users/1")) {
                    return "200 " + ADA;
                }
                return line.startsWith("POST") ? "201 " + ADA : line.contains("filter") ? list(0) : null;
            });
            CreateUser request = new CreateUser("x", NAMED, false);
            if (after.equals("false")) {
                assertThat(directory.createUser(call, request).active()).isFalse();
            } else {
                Refusal.of(ProvisioningProblem.PROVISIONING_FAILED, () -> directory.createUser(call, request));
            }
        }
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
                : line.startsWith("POST")
                        ? "201 " + ADA.replace("\"x\"", "\"z\"")
                        : line.startsWith("GET /v2/Users/1") ? "200 " + ADA.replace("\"x\"", "\"z\"") : null);
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
    void emptyPageBeforeTheLastUserIsAFailure() throws IOException {
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users?") ? list(1000) : null);
        for (String cursor : List.of("2", "1000")) {
            assertThat(Refusal.of(
                                    ProvisioningProblem.PROVISIONING_FAILED,
                                    () -> directory.listUsers(call, new ListUsers(null, null, 1, cursor)))
                            .detail())
                    .contains("1000", "none from " + cursor);
        }
        UserList behind = directory.listUsers(call, new ListUsers(null, null, 1, "1001"));
        assertThat(behind.users()).isEmpty();
        assertThat(behind.next()).isNull();
    }

    @Test
    void answerOfTooManyValuesIsNotTriedAgainAndTellsOfThePageSize() throws IOException {
        String dense = ADA.replace("[{\"value\": \"g\"}]", "[" + "0,".repeat(20_000) + "0]");
        UserDirectory directory = directory(line -> line.startsWith("GET /v2/Users?") ? list(1, dense) : null);
        Problem refusal = Refusal.of(
                ProvisioningProblem.PROVISIONING_FAILED,
                () -> directory.listUsers(call, new ListUsers(null, null, null, null)));
        assertThat(refusal.retry()).isInstanceOf(Retry.Never.class);
        assertThat(refusal.detail()).contains("20000 values");
        assertThat(refusal.fix()).contains("pageSize");
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
        String many = "{\"a\": [" + "0,".repeat(20_000) + "0]}";
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
